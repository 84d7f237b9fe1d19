// What the API says of the caller and of itself.

import { z } from 'zod'
import { ROLES } from '../tenancy/role.ts'
import { tenantId } from './scalars.ts'

export const me = z.strictObject({
  tenant: z.strictObject({ id: tenantId, name: z.string() }),
  key: z.strictObject({ id: z.string(), role: z.enum(ROLES), tier: z.string() }),
})
export type Me = z.input<typeof me>

export const health = z.strictObject({ status: z.literal('ok') })

export const readiness = z.strictObject({
  status: z.literal('ready'),
  parts: z.array(z.string()).describe('What was asked and has answered.'),
})
export type Readiness = z.input<typeof readiness>

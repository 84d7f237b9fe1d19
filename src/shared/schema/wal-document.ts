// GET /v1/transfers/{id}/wal: all that is needed to verify the log offline (wal/group.ts says how).

import { z } from 'zod'
import type { Json } from '../lib/canonical-json.ts'
import { ROLES } from '../tenancy/role.ts'
import { type By, OWN_SOURCES } from '../wal/by.ts'
import { WAL_VERSION, type WireGroup } from '../wal/group.ts'
import { count } from './scalars.ts'

export const by = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('api'), key: z.string(), role: z.enum(ROLES) }),
  z.strictObject({ source: z.literal('signer'), view: count }),
  z.strictObject({ source: z.enum(OWN_SOURCES) }),
])
by satisfies z.ZodType<By>

const json: z.ZodType<Json> = z.json()

export const wireGroup = z.strictObject({
  v: z.literal(WAL_VERSION),
  seq: count,
  at: z.string(),
  by,
  records: z.array(json).min(1).readonly(),
  digest: z.string(),
})
wireGroup satisfies z.ZodType<WireGroup>

export const walDocument = z.strictObject({
  class: z.string(),
  object: z.string(),
  /** The end of the whole log, also where `groups` is only a part of it. */
  head: z.strictObject({ seq: count, digest: z.string() }),
  groups: z.array(wireGroup).readonly(),
})
export type WalDocument = z.input<typeof walDocument>

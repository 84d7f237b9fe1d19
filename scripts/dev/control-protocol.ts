// What the runtime's host asks of the control Worker (control-worker.ts), as JSON over HTTP.

import { z } from 'zod'

/** Carries the secret of this run of the runtime. */
export const SECRET_HEADER = 'Waybill-Control-Secret'

export const sqlStatement = z.strictObject({
  sql: z.string(),
  params: z.array(z.union([z.string(), z.number(), z.null()])).readonly(),
})
export type SqlStatement = Readonly<z.infer<typeof sqlStatement>>

export const controlCall = z.discriminatedUnion('do', [
  /** They succeed or fail together. */
  z.strictObject({ do: z.literal('sql'), statements: z.array(sqlStatement).readonly() }),
  /** `at`: milliseconds. */
  z.strictObject({ do: z.literal('cron'), cron: z.string(), at: z.number() }),
])
export type ControlCall = z.infer<typeof controlCall>

/** Of each statement. */
export const sqlRows = z.array(z.array(z.unknown()))
export type SqlRows = readonly (readonly unknown[])[]

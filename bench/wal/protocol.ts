// What the benchmark asks of its Worker, as JSON over HTTP.

import { z } from 'zod'

const operation = z.strictObject({
  what: z.enum(['append', 'append one', 'insert', 'seal', 'read', 'read bare', 'recover']),
  object: z.string(),
  /** Records. */
  count: z.number(),
  /** Whether the log gets checkpoints and segments. */
  checkpoints: z.boolean(),
  /** 0: the object named; else so many objects at once, each with one call in flight, `rounds` times. */
  objects: z.number(),
  rounds: z.number(),
})
export type Operation = z.infer<typeof operation>

export type Reply = { readonly records: number; readonly times?: readonly number[] }

export function operationOf(json: unknown): Operation {
  return operation.parse(json)
}

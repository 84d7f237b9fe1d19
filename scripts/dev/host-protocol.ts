// What a host (a child process that holds one part of the stack) and its parent say to each other, as JSON over the
// IPC channel of Node. The channel is also the tether: where the parent is gone, it closes, and the host ends.

import { z } from 'zod'

export const toHost = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start'), settings: z.unknown() }),
  z.strictObject({
    type: z.literal('call'),
    id: z.number(),
    method: z.string(),
    params: z.unknown().optional(),
  }),
  z.strictObject({ type: z.literal('stop') }),
])
export type ToHost = z.infer<typeof toHost>

export const fromHost = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), url: z.string() }),
  z.strictObject({ type: z.literal('failed'), message: z.string() }),
  z.strictObject({ type: z.literal('answer'), id: z.number(), value: z.unknown().optional() }),
  z.strictObject({ type: z.literal('refused'), id: z.number(), message: z.string() }),
  z.strictObject({ type: z.literal('told'), event: z.string() }),
])
export type FromHost = z.infer<typeof fromHost>

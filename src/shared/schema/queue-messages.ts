// What goes over the queues. A message only says that something is to be done; what, is in the objects. So a message
// may be lost, late, doubled or out of order.

import { z } from 'zod'
import { chainId, count, tenantId, transferId } from './scalars.ts'
import { transferDocument } from './transfer-document.ts'

/** Consumers understand this version and the one before. */
export const MESSAGE_VERSION = 1

export const submissionMessage = z.strictObject({ v: z.literal(MESSAGE_VERSION), transfer: transferId })
export type SubmissionMessage = z.infer<typeof submissionMessage>

/** Characters of a row in a message. A queue takes 128,000 bytes; a transfer with much calldata is larger. */
const EVENT_ROW_MAX = 100_000

/** The whole row of the read model as of `seq`, never a change of it. */
export const transferRow = z.strictObject({
  v: z.literal(MESSAGE_VERSION),
  transfer: transferId,
  tenant: tenantId,
  chain: chainId,
  /** Which life of the object: a rebuilt one counts on. */
  incarnation: count,
  seq: count,
  /** Milliseconds; null: nothing is left to drive. */
  next_wake_at: count.nullable(),
  document: z.custom<z.input<typeof transferDocument>>((value) => transferDocument.safeParse(value).success),
})
export type TransferRow = z.infer<typeof transferRow>

/** The object has groups for the archive, which asks it for them. */
export const archiveMessage = z.strictObject({
  v: z.literal(MESSAGE_VERSION),
  archive: z.strictObject({ class: z.string(), object: z.string() }),
})
export type ArchiveMessage = z.infer<typeof archiveMessage>

/** `ask`: the row is too large for a message, the transfer's object has it. */
export const eventMessage = z.union([
  transferRow,
  z.strictObject({ v: z.literal(MESSAGE_VERSION), transfer: transferId, row: z.literal('ask') }),
  archiveMessage,
])
export type EventMessage = z.infer<typeof eventMessage>

export function toEventMessage(row: TransferRow): Exclude<EventMessage, ArchiveMessage> {
  const isSmall = JSON.stringify(row).length <= EVENT_ROW_MAX
  return isSmall ? row : { v: MESSAGE_VERSION, transfer: row.transfer, row: 'ask' }
}

// What goes over the queues. A message only says that something is to be done; what, is in the objects. So a message
// may be lost, late, doubled or out of order.

import { z } from 'zod'
import type { TransferId } from '../transfer/transfer-id.ts'
import { address, chainId, count, tenantId, transferId } from './scalars.ts'
import { transferDocument } from './transfer-document.ts'
import { transferRequest } from './transfer-request.ts'

/** Consumers understand this version and the one before. */
export const MESSAGE_VERSION = 1

/** What the transfer's object agreed to as it sent this: this signer may admit it, under this generation. */
const agreement = z.strictObject({
  tenant: tenantId,
  signer: address,
  generation: count,
  request: transferRequest,
  /** Milliseconds. */
  at: count,
})
export type Agreement = z.infer<typeof agreement>

/** Without an agreement the object is asked for one: it is from a pool, and the choice comes first. */
export const submissionMessage = z.strictObject({
  v: z.literal(MESSAGE_VERSION),
  transfer: transferId,
  agreement: agreement.optional(),
  /** For the queue `events`: the consumer takes many of them along in one message. */
  outbox: z.string().optional(),
})
/** As it stands on the queue. */
export type SubmissionMessage = z.input<typeof submissionMessage>

/** Characters of what one message says. A queue takes 128,000 bytes; a transfer with much calldata is larger. */
const MESSAGE_MAX = 100_000

/** Null where there is none. What would be too large for a message stays out of it. */
export function toSubmissionMessage(
  transfer: TransferId,
  agreed: Agreement | null,
  outbox: string | null,
): SubmissionMessage {
  const told = { v: MESSAGE_VERSION, transfer, ...(outbox === null ? {} : { outbox }) } as const
  if (agreed === null) return told
  const message = z.encode(submissionMessage, { ...told, agreement: agreed })
  return JSON.stringify(message).length <= MESSAGE_MAX ? message : told
}

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

/** What a transfer has to tell the read model and the archive, as whoever heard it takes it along: JSON of an outbox. */
const outbox = z.strictObject({
  row: transferRow,
  /** Groups of its log, as the text of a part; null: none that the archive was not handed before. */
  part: z.string().nullable(),
})
export type OutboxContents = z.infer<typeof outbox>

const outboxText = z.string().transform((text, context): OutboxContents => {
  const parsed = outbox.safeParse(parsedJson(text))
  if (parsed.success) return parsed.data
  context.addIssue('not an outbox')
  return z.NEVER
})

/** Bytes of the outboxes in one message: what they become as strings inside JSON stays below what a queue takes. */
export const OUTBOXES_MAX_BYTES = 64_000

/** Outboxes of several transfers, in one message: what a message costs does not depend on how much it says. */
export const outboxesMessage = z.strictObject({
  v: z.literal(MESSAGE_VERSION),
  outboxes: z.array(outboxText).readonly(),
})
export type OutboxesMessage = z.input<typeof outboxesMessage>

/** `ask`: the row is too large for a message, the transfer's object has it. */
export const eventMessage = z.union([
  transferRow,
  z.strictObject({ v: z.literal(MESSAGE_VERSION), transfer: transferId, row: z.literal('ask') }),
  archiveMessage,
  outboxesMessage,
])
export type EventMessage = z.infer<typeof eventMessage>
/** One that an object sends of itself. */
export type RowMessage = Exclude<EventMessage, ArchiveMessage | z.infer<typeof outboxesMessage>>

export function toEventMessage(row: TransferRow): RowMessage {
  const isSmall = JSON.stringify(row).length <= MESSAGE_MAX
  return isSmall ? row : { v: MESSAGE_VERSION, transfer: row.transfer, row: 'ask' }
}

/** Of what `toOutboxText` made. */
export function outboxIn(text: string): OutboxContents {
  return outboxText.parse(text)
}

/** Null: it does not fit. */
export function toOutboxText(told: OutboxContents): string | null {
  const text = JSON.stringify(told)
  return byteLength(text) <= OUTBOXES_MAX_BYTES ? text : null
}

/** In as few messages as may be. */
export function toOutboxesMessages(texts: readonly string[]): readonly OutboxesMessage[] {
  const messages: string[][] = []
  let room = 0
  for (const text of texts) {
    const bytes = byteLength(text)
    if (bytes > room) {
      messages.push([])
      room = OUTBOXES_MAX_BYTES
    }
    messages.at(-1)?.push(text)
    room -= bytes
  }
  return messages.map((outboxes) => ({ v: MESSAGE_VERSION, outboxes }))
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

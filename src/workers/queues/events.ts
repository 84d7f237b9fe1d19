// The `events` consumer: writes the read model, and then the archive. A row's message is a whole row as of (incarnation,
// seq), an announcement only says that an object should be asked: doubled, late and reordered ones change nothing. A row is
// an announcement as well: whatever changed it stands in a log that the archive does not have yet. An outbox brings both
// along, the row and the groups, so nobody has to be asked.

import { z } from 'zod'
import { TRANSFER_CLASS } from '../../durable-objects/transfer/transfer-journal.ts'
import type { LogLevel } from '../../shared/adapters/json-log.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import {
  type EventMessage,
  eventMessage,
  type OutboxContents,
  type RowMessage,
  type TransferRow,
} from '../../shared/schema/queue-messages.ts'
import { isFinal } from '../../shared/transfer/status.ts'
import type { Announced, Archived, Carried } from './archive.ts'
import type { QueueBatch, QueueMessage } from './batch.ts'

export type EventsDeps = {
  readonly transfers: ActorNamespace<
    Pick<TransferActor, 'row' | 'acknowledgeProjection' | 'acknowledgeOutbox'>
  >
  /** Into the read model, all or none; a row that is behind the stored one changes nothing. */
  readonly project: (rows: readonly TransferRow[]) => Promise<void>
  /** Into the archive: what is announced it asks for, what is carried is there. */
  readonly archive: (announced: readonly Announced[], carried: readonly Carried[]) => Promise<Archived>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Calls to objects under way at once. */
const CALLS_AT_ONCE = 50
/** Rows that are written in one transaction: a batch may hold a hundred messages of many rows each. */
const ROWS_AT_ONCE = 500

/** Until the archive is tried again: objects hold what it does not have, and announce it by their alarms too. */
const ARCHIVE_RETRY_SECONDS = 30

type Read = { readonly message: QueueMessage; readonly event: EventMessage }

export async function consumeEvents(batch: QueueBatch, deps: EventsDeps): Promise<void> {
  const read = batch.messages.flatMap((message) => readMessage(message, deps))
  const told = read.flatMap(({ event }) => (isRowMessage(event) ? [event] : []))
  const outboxes = read.flatMap(({ event }) => outboxesIn(event))
  const asked = await askedFor(told, deps)
  // A throw here gives every message of the batch back to the queue.
  await project(newestOf([...asked, ...outboxes.map(({ row }) => row)]), asked.filter(isEnd), deps)
  const { again, refused } = await archive(read, deps)
  const missing = new Set([...again, ...refused].map(nameOf))
  const ends = outboxes.flatMap(({ row }) =>
    isEnd(row) && !missing.has(nameOf(logOf(row.transfer))) ? [row] : [],
  )
  await mapBounded(ends, CALLS_AT_ONCE, (row) => acknowledge(row, 'acknowledgeOutbox', deps))
  batch.ackAll()
}

function readMessage(message: QueueMessage, deps: EventsDeps): readonly Read[] {
  const parsed = eventMessage.safeParse(message.body)
  if (parsed.success) return [{ message, event: parsed.data }]
  // Nothing will ever understand it: it goes to the dead letters, where it is kept.
  deps.log('error', 'event.unreadable', { message: message.id, issues: z.prettifyError(parsed.error) })
  message.retry()
  return []
}

async function askedFor(events: readonly RowMessage[], deps: EventsDeps): Promise<readonly TransferRow[]> {
  const rows = await mapBounded(events, CALLS_AT_ONCE, async (event) =>
    'row' in event ? deps.transfers.getByName(event.transfer).row() : event,
  )
  return rows.filter((row) => row !== null)
}

function newestOf(rows: readonly TransferRow[]): readonly TransferRow[] {
  const newest = new Map<string, TransferRow>()
  for (const row of rows) {
    const known = newest.get(row.transfer)
    if (known === undefined || isPast(row, known)) newest.set(row.transfer, row)
  }
  return [...newest.values()]
}

async function project(
  all: readonly TransferRow[],
  ends: readonly TransferRow[],
  deps: EventsDeps,
): Promise<void> {
  for (let start = 0; start < all.length; start += ROWS_AT_ONCE) {
    const rows = all.slice(start, start + ROWS_AT_ONCE)
    await deps.project(rows)
  }
  await mapBounded(ends, CALLS_AT_ONCE, (row) => acknowledge(row, 'acknowledgeProjection', deps))
}

/** Each log is asked once, however often it was announced. What could not be done comes again; the rest has its verdict. */
async function archive(read: readonly Read[], deps: EventsDeps): Promise<Archived> {
  const announcedIn = Map.groupBy(
    read.flatMap(({ message, event }) => announcedBy(event).map((log) => ({ message, log }))),
    ({ log }) => nameOf(log),
  )
  const carriedIn = read.flatMap(({ message, event }) =>
    outboxesIn(event).flatMap(({ row, part }) =>
      part === null ? [] : [{ message, log: logOf(row.transfer), part }],
    ),
  )
  const announced = [...announcedIn.values()].flatMap(([first]) => (first === undefined ? [] : [first.log]))
  if (announced.length + carriedIn.length === 0) return { again: [], refused: [] }
  const archived = await deps.archive(announced, carriedIn)
  const missing = new Set(archived.again.map(nameOf))
  for (const { message, log } of [...[...announcedIn.values()].flat(), ...carriedIn]) {
    if (missing.has(nameOf(log))) message.retry({ delaySeconds: ARCHIVE_RETRY_SECONDS })
  }
  return archived
}

function isRowMessage(event: EventMessage): event is RowMessage {
  return 'transfer' in event
}

function outboxesIn(event: EventMessage): readonly OutboxContents[] {
  return 'outboxes' in event ? event.outboxes : []
}

function announcedBy(event: EventMessage): readonly Announced[] {
  if ('archive' in event) return [event.archive]
  return isRowMessage(event) ? [logOf(event.transfer)] : []
}

function logOf(transfer: string): Announced {
  return { class: TRANSFER_CLASS, object: transfer }
}

function nameOf(log: Announced): string {
  return `${log.class} ${log.object}`
}

/** Only an end is acknowledged: until then the next change brings the row again. */
async function acknowledge(
  { transfer, incarnation, seq }: TransferRow,
  by: 'acknowledgeProjection' | 'acknowledgeOutbox',
  deps: EventsDeps,
): Promise<void> {
  try {
    await deps.transfers.getByName(transfer)[by](incarnation, seq)
  } catch (error) {
    // The transfer's alarm sends the row again, and this comes by once more.
    deps.log('warn', 'event.acknowledge_failed', { transfer, error })
  }
}

function isEnd(row: TransferRow): boolean {
  return isFinal(row.document.status)
}

function isPast(one: TransferRow, other: TransferRow): boolean {
  return one.incarnation === other.incarnation ? one.seq > other.seq : one.incarnation > other.incarnation
}

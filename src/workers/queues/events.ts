// The `events` consumer: writes the read model, and then the archive. A row's message is a whole row as of (incarnation,
// seq), an announcement only says that an object should be asked: doubled, late and reordered ones change nothing. A row is
// an announcement as well: whatever changed it stands in a log that the archive does not have yet.

import { z } from 'zod'
import { TRANSFER_CLASS } from '../../durable-objects/transfer/transfer-journal.ts'
import type { LogLevel } from '../../shared/adapters/json-log.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import {
  type ArchiveMessage,
  type EventMessage,
  eventMessage,
  type TransferRow,
} from '../../shared/schema/queue-messages.ts'
import { isFinal } from '../../shared/transfer/status.ts'
import { mapBounded } from '../map-bounded.ts'
import type { Announced } from './archive.ts'
import type { QueueBatch, QueueMessage } from './batch.ts'

export type EventsDeps = {
  readonly transfers: ActorNamespace<Pick<TransferActor, 'row' | 'acknowledgeProjection'>>
  /** Into the read model, all or none; a row that is behind the stored one changes nothing. */
  readonly project: (rows: readonly TransferRow[]) => Promise<void>
  /** Into the archive; answers those that must be announced again. */
  readonly archive: (logs: readonly Announced[]) => Promise<readonly Announced[]>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Calls to objects under way at once. */
const CALLS_AT_ONCE = 50

/** Until the archive is tried again: objects hold what it does not have, and announce it by their alarms too. */
const ARCHIVE_RETRY_SECONDS = 30

type Read = { readonly message: QueueMessage; readonly event: EventMessage }
type RowEvent = Exclude<EventMessage, ArchiveMessage>

export async function consumeEvents(batch: QueueBatch, deps: EventsDeps): Promise<void> {
  const read = batch.messages.flatMap((message) => readMessage(message, deps))
  // A throw here gives every message of the batch back to the queue.
  await project(
    read.flatMap(({ event }) => ('archive' in event ? [] : [event])),
    deps,
  )
  await archive(read, deps)
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

async function project(events: readonly RowEvent[], deps: EventsDeps): Promise<void> {
  const newest = new Map<string, TransferRow>()
  await mapBounded(events, CALLS_AT_ONCE, async (event) => {
    const row = 'row' in event ? await deps.transfers.getByName(event.transfer).row() : event
    if (row === null) return
    const known = newest.get(row.transfer)
    if (known === undefined || isPast(row, known)) newest.set(row.transfer, row)
  })
  const rows = [...newest.values()]
  if (rows.length > 0) await deps.project(rows)
  await mapBounded(rows.filter(isEnd), CALLS_AT_ONCE, (row) => acknowledge(row, deps))
}

/** Each log is asked once, however often it was announced. What could not be done comes again; the rest has its verdict. */
async function archive(read: readonly Read[], deps: EventsDeps): Promise<void> {
  const announcements = Map.groupBy(
    read.map(({ message, event }) => ({ message, log: announcedBy(event) })),
    ({ log }) => nameOf(log),
  )
  const logs = [...announcements.values()].flatMap(([first]) => (first === undefined ? [] : [first.log]))
  for (const log of logs.length === 0 ? [] : await deps.archive(logs)) {
    for (const { message } of announcements.get(nameOf(log)) ?? [])
      message.retry({ delaySeconds: ARCHIVE_RETRY_SECONDS })
  }
}

function announcedBy(event: EventMessage): Announced {
  return 'archive' in event ? event.archive : { class: TRANSFER_CLASS, object: event.transfer }
}

function nameOf(log: Announced): string {
  return `${log.class} ${log.object}`
}

/** Only an end is acknowledged: until then the next change brings the row again. */
async function acknowledge({ transfer, incarnation, seq }: TransferRow, deps: EventsDeps): Promise<void> {
  try {
    await deps.transfers.getByName(transfer).acknowledgeProjection(incarnation, seq)
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

// The `events` consumer: writes the read model. A message is a whole row as of (incarnation, seq), so doubled, late and
// reordered ones change nothing.

import { z } from 'zod'
import type { LogLevel } from '../../shared/adapters/json-log.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import { eventMessage, type TransferRow } from '../../shared/schema/queue-messages.ts'
import { isFinal } from '../../shared/transfer/status.ts'
import { mapBounded } from '../map-bounded.ts'
import type { QueueBatch, QueueMessage } from './batch.ts'

export type EventsDeps = {
  readonly transfers: ActorNamespace<Pick<TransferActor, 'row' | 'acknowledgeProjection'>>
  /** Into the read model, all or none; a row that is behind the stored one changes nothing. */
  readonly project: (rows: readonly TransferRow[]) => Promise<void>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Calls to objects under way at once. */
const CALLS_AT_ONCE = 50

export async function consumeEvents(batch: QueueBatch, deps: EventsDeps): Promise<void> {
  const newest = new Map<string, TransferRow>()
  await mapBounded(batch.messages, CALLS_AT_ONCE, async (message) => {
    const row = await rowOf(message, deps)
    if (row === null) return
    const known = newest.get(row.transfer)
    if (known === undefined || isPast(row, known)) newest.set(row.transfer, row)
  })
  const rows = [...newest.values()]
  // A throw here gives every message of the batch back to the queue.
  if (rows.length > 0) await deps.project(rows)
  await mapBounded(rows.filter(isEnd), CALLS_AT_ONCE, (row) => acknowledge(row, deps))
  batch.ackAll()
}

async function rowOf(message: QueueMessage, deps: EventsDeps): Promise<TransferRow | null> {
  const parsed = eventMessage.safeParse(message.body)
  if (!parsed.success) {
    // Nothing will ever understand it: it goes to the dead letters, where it is kept.
    deps.log('error', 'event.unreadable', { message: message.id, issues: z.prettifyError(parsed.error) })
    message.retry()
    return null
  }
  if (!('row' in parsed.data)) return parsed.data
  return deps.transfers.getByName(parsed.data.transfer).row()
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

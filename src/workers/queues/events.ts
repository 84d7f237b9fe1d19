// The `events` consumer: writes the read model. A message is a whole row as of (incarnation, seq), so doubled, late and
// reordered ones change nothing.

import { z } from 'zod'
import { projectRows } from '../../shared/adapters/d1/project-rows.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import { type EventMessage, eventMessage } from '../../shared/schema/queue-messages.ts'
import { isFinal } from '../../shared/transfer/status.ts'
import { inChunks } from './in-chunks.ts'

export type EventsEnv = {
  readonly DB: D1Database
  readonly TRANSFER: ActorNamespace<Pick<TransferActor, 'acknowledgeProjection'>>
}

const ACKNOWLEDGEMENTS_AT_ONCE = 50

export async function consumeEvents(batch: MessageBatch, env: EventsEnv): Promise<void> {
  const newest = new Map<string, EventMessage>()
  for (const message of batch.messages) {
    const parsed = eventMessage.safeParse(message.body)
    if (!parsed.success) {
      logEvent('error', 'event.unreadable', { message: message.id, issues: z.prettifyError(parsed.error) })
      message.retry()
      continue
    }
    const known = newest.get(parsed.data.transfer)
    if (known === undefined || isPast(parsed.data, known)) newest.set(parsed.data.transfer, parsed.data)
  }
  const rows = [...newest.values()]
  // A throw here gives every message of the batch back to the queue.
  if (rows.length > 0) await projectRows(env.DB, rows, 'unless_newer')
  await inChunks(rows.filter(isEnd), ACKNOWLEDGEMENTS_AT_ONCE, (row) => acknowledge(row, env))
  batch.ackAll()
}

/** Only an end is acknowledged: until then the next change brings the row again. */
async function acknowledge({ transfer, incarnation, seq }: EventMessage, env: EventsEnv): Promise<void> {
  try {
    await env.TRANSFER.getByName(transfer).acknowledgeProjection(incarnation, seq)
  } catch (error) {
    // The transfer's alarm sends the row again, and this comes by once more.
    logEvent('warn', 'event.acknowledge_failed', { transfer, error })
  }
}

function isEnd(row: EventMessage): boolean {
  return isFinal(row.document.status)
}

function isPast(one: EventMessage, other: EventMessage): boolean {
  return one.incarnation === other.incarnation ? one.seq > other.seq : one.incarnation > other.incarnation
}

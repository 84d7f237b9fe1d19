// The `events` consumer: writes the read model, and then the archive. A row's message is a whole row as of (incarnation,
// seq), an announcement only says that an object should be asked: doubled, late and reordered ones change nothing.

import { z } from 'zod'
import { projectRows } from '../../shared/adapters/d1/project-rows.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import type { ArchivedActor } from '../../shared/ports/archived-actor.ts'
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
import { type Announced, type ArchivingEnv, archiveLogs } from './archive.ts'

export type EventsEnv = Omit<ArchivingEnv, 'TRANSFER'> & {
  readonly TRANSFER: ActorNamespace<ArchivedActor & Pick<TransferActor, 'row' | 'acknowledgeProjection'>>
}

/** Calls to objects under way at once. */
const CALLS_AT_ONCE = 50

type Read = { readonly message: Message; readonly event: EventMessage }
type RowEvent = Exclude<EventMessage, ArchiveMessage>

export async function consumeEvents(batch: MessageBatch, env: EventsEnv): Promise<void> {
  const read = batch.messages.flatMap((message) => readMessage(message))
  // A throw here gives every message of the batch back to the queue.
  await project(
    read.flatMap(({ event }) => ('archive' in event ? [] : [event])),
    env,
  )
  await archive(read, env)
  batch.ackAll()
}

function readMessage(message: Message): readonly Read[] {
  const parsed = eventMessage.safeParse(message.body)
  if (parsed.success) return [{ message, event: parsed.data }]
  // Nothing will ever understand it: it goes to the dead letters, where it is kept.
  logEvent('error', 'event.unreadable', { message: message.id, issues: z.prettifyError(parsed.error) })
  message.retry()
  return []
}

async function project(events: readonly RowEvent[], env: EventsEnv): Promise<void> {
  const newest = new Map<string, TransferRow>()
  await mapBounded(events, CALLS_AT_ONCE, async (event) => {
    const isRow = !('row' in event)
    const row = isRow ? event : await env.TRANSFER.getByName(event.transfer).row()
    if (row === null) return
    const known = newest.get(row.transfer)
    if (known === undefined || isPast(row, known)) newest.set(row.transfer, row)
  })
  const rows = [...newest.values()]
  if (rows.length > 0) await projectRows(env.DB, rows, 'unless_newer')
  await mapBounded(rows.filter(isEnd), CALLS_AT_ONCE, (row) => acknowledge(row, env))
}

/** Each log is asked once, however often it was announced. What could not be done comes again; the rest has its verdict. */
async function archive(read: readonly Read[], env: EventsEnv): Promise<void> {
  const messages = new Map<string, { readonly log: Announced; readonly messages: Message[] }>()
  for (const { message, event } of read) {
    if (!('archive' in event)) continue
    const known = messages.get(nameOf(event.archive))
    if (known === undefined) messages.set(nameOf(event.archive), { log: event.archive, messages: [message] })
    else known.messages.push(message)
  }
  const logs = [...messages.values()].map(({ log }) => log)
  for (const log of logs.length === 0 ? [] : await archiveLogs(logs, env)) {
    for (const message of messages.get(nameOf(log))?.messages ?? []) message.retry()
  }
}

function nameOf(log: Announced): string {
  return `${log.class} ${log.object}`
}

/** Only an end is acknowledged: until then the next change brings the row again. */
async function acknowledge({ transfer, incarnation, seq }: TransferRow, env: EventsEnv): Promise<void> {
  try {
    await env.TRANSFER.getByName(transfer).acknowledgeProjection(incarnation, seq)
  } catch (error) {
    // The transfer's alarm sends the row again, and this comes by once more.
    logEvent('warn', 'event.acknowledge_failed', { transfer, error })
  }
}

function isEnd(row: TransferRow): boolean {
  return isFinal(row.document.status)
}

function isPast(one: TransferRow, other: TransferRow): boolean {
  return one.incarnation === other.incarnation ? one.seq > other.seq : one.incarnation > other.incarnation
}

// Sends records to the sockets that watch one transfer. They outlive the object's memory (hibernation), so what each was
// sent lies in the socket itself. A socket is a reader of the log with a cursor of its own: replay and live are the same
// loop, and a record can neither be missed between them nor come twice.

import { z } from 'zod'
import { assert } from '../../shared/lib/assert.ts'
import { toRfc3339 } from '../../shared/lib/time.ts'
import type { LiveMessage } from '../../shared/schema/live-message.ts'
import { transferRecord } from '../../shared/schema/transfer-record.ts'
import { statusOf, statusReasonOf } from '../../shared/transfer/state.ts'
import type { TransferJournal } from './transfer-journal.ts'

const attachment = z.strictObject({ v: z.literal(1), sent_seq: z.number(), is_live: z.boolean() })
type Attachment = z.infer<typeof attachment>

/** `WebSocket.OPEN`. */
const OPEN = 1

/** What of a hibernating socket this needs. */
export interface Subscriber {
  readonly readyState: number
  send(text: string): void
  /** Kept with the socket while the object sleeps. */
  serializeAttachment(value: unknown): void
  deserializeAttachment(): unknown
}

/** A new socket: everything after `afterSeq` at once, and then what comes. */
export function follow(socket: Subscriber, journal: TransferJournal, afterSeq: number): void {
  attach(socket, { v: 1, sent_seq: afterSeq, is_live: false })
  catchUp(socket, journal)
}

/** Sends every socket what it has not seen. */
export function publish(sockets: Iterable<Subscriber>, journal: TransferJournal): void {
  for (const socket of sockets) {
    if (socket.readyState === OPEN) catchUp(socket, journal)
  }
}

function catchUp(socket: Subscriber, journal: TransferJournal): void {
  const { sent_seq, is_live } = attachment.parse(socket.deserializeAttachment())
  let seq = sent_seq
  for (const message of messagesAfter(journal, sent_seq)) {
    socket.send(JSON.stringify(message))
    seq = message.seq
  }
  if (!is_live) socket.send(JSON.stringify(liveFrom(journal, seq)))
  // Not the end of the log: of a damaged one only what lies before the damage was sent. And a client may ask from beyond
  // the end; what comes there is then still new to it.
  attach(socket, { v: 1, sent_seq: seq, is_live: true })
}

function* messagesAfter(
  journal: TransferJournal,
  afterSeq: number,
): Generator<Extract<LiveMessage, { type: 'record' }>> {
  if (afterSeq >= journal.wal.head.seq) return
  for (const { group, after } of journal.history()) {
    assert(after.phase !== 'none', 'a log begins with accepted')
    const first = group.seq - group.records.length + 1
    for (const [index, record] of group.records.entries()) {
      if (first + index <= afterSeq) continue
      yield {
        type: 'record',
        transfer: journal.wal.identity.object,
        seq: first + index,
        at: toRfc3339(group.at),
        by: group.by,
        status: statusOf(after),
        status_reason: statusReasonOf(after),
        record: z.encode(transferRecord, record),
      }
    }
  }
}

function liveFrom(journal: TransferJournal, seq: number): LiveMessage {
  return { type: 'live', transfer: journal.wal.identity.object, seq }
}

function attach(socket: Subscriber, value: Attachment): void {
  socket.serializeAttachment(value)
}

// Where a page is in a transfer's log, and what a message does to it. Pure: sockets may be cut, doubled or cross each
// other, and every record still counts once and in order.

import type { LiveMessage } from '../../shared/schema/live-message.ts'

export type LiveRecord = Extract<LiveMessage, { type: 'record' }>

/** Seq of the last record taken; 0: none. */
export type LiveCursor = number

export type Reception =
  | { readonly does: 'take'; readonly record: LiveRecord; readonly cursor: LiveCursor }
  /** Seen before, or of another transfer. */
  | { readonly does: 'drop' }
  /** The replay is done and nothing is missing. */
  | { readonly does: 'live' }
  /** Something between is missing: only a new replay after the cursor brings it. */
  | { readonly does: 'replay' }
  /** The log is shorter than what was seen of it: it is another log, to be read from its beginning. */
  | { readonly does: 'restart' }

export function receive(transfer: string, cursor: LiveCursor, message: LiveMessage): Reception {
  if (message.transfer !== transfer) return { does: 'drop' }
  if (message.type === 'live') {
    if (message.seq > cursor) return { does: 'replay' }
    return message.seq < cursor ? { does: 'restart' } : { does: 'live' }
  }
  if (message.seq <= cursor) return { does: 'drop' }
  if (message.seq > cursor + 1) return { does: 'replay' }
  return { does: 'take', record: message, cursor: message.seq }
}

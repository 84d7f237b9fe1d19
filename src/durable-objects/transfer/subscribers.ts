// Takes in the sockets that want to watch one transfer. What they are sent is in publish.ts.

import { LIVE_PROTOCOL } from '../../shared/schema/live-message.ts'
import { follow } from './publish.ts'
import type { TransferJournal } from './transfer-journal.ts'

/** Sockets of one transfer. The platform allows 32,768; a transfer that is watched by more than this is under attack. */
export const SUBSCRIBERS_MAX = 500

/** What of an object's context this needs. */
export interface SocketHost {
  acceptWebSocket(socket: WebSocket): void
  getWebSockets(): WebSocket[]
}

/** Answers an upgrade request: 101, and everything after `afterSeq` at once. */
export function subscribe(
  host: SocketHost,
  journal: TransferJournal,
  afterSeq: number,
  protocols: string | null,
): Response {
  if (host.getWebSockets().length >= SUBSCRIBERS_MAX) return new Response(null, { status: 503 })
  const { 0: client, 1: server } = new WebSocketPair()
  host.acceptWebSocket(server)
  follow(server, journal, afterSeq)
  const headers = protocols === null ? {} : { 'Sec-WebSocket-Protocol': LIVE_PROTOCOL }
  return new Response(null, { status: 101, webSocket: client, headers })
}

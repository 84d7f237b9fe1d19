// Follows one transfer's actor over its WebSocket. Owns the connection: opens it, notices that it is gone, and opens
// the next one after the last record seen. What a message means is in live-cursor.ts.

import type { LiveMessage } from '../../shared/schema/live-message.ts'
import { isLiveMessage } from '../api/shape.ts'
import { type LiveCursor, type LiveRecord, receive } from './live-cursor.ts'
import { retryDelayMs } from './retry-delay.ts'

/** Milliseconds. A cut is mostly a deploy or a changed network: the first new try should go unnoticed. */
const RECONNECT_FIRST_MS = 250
const RECONNECT_MOST_MS = 10_000

/** Milliseconds. A socket that has not opened by then waits for a network that is gone. */
const OPEN_TIMEOUT_MS = 10_000

/** Milliseconds. A connection whose other end is gone says nothing of it; the actor answers a ping even asleep. */
const PING_EVERY_MS = 15_000
const PONG_WITHIN_MS = 5_000

export type LiveState =
  | { readonly at: 'connecting' }
  | { readonly at: 'live' }
  | { readonly at: 'waiting'; readonly retryAtMs: number }

export type LiveHandlers = {
  readonly onRecord: (record: LiveRecord) => void
  /** The log is another one: forget its records, they come again from the first. */
  readonly onRestart: () => void
  readonly onState: (state: LiveState) => void
}

export class LiveSocket {
  readonly #transfer: string
  readonly #key: string
  readonly #handlers: LiveHandlers
  #cursor: LiveCursor = 0
  #tries = 0
  #socket: WebSocket | null = null
  /** The one thing that is waited for: the next try, that a try opens, the next ping, or its answer. */
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(transfer: string, key: string, handlers: LiveHandlers) {
    this.#transfer = transfer
    this.#key = key
    this.#handlers = handlers
    this.#open()
  }

  /** Tries now instead of at the end of the wait; where there is a connection, asks whether it is alive. */
  retryNow(): void {
    if (this.#socket === null) this.#open()
    else if (this.#socket.readyState === WebSocket.OPEN) this.#ping()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#drop()
  }

  #open(): void {
    this.#handlers.onState({ at: 'connecting' })
    const socket = new WebSocket(liveUrl(this.#transfer, this.#cursor), ['waybill.v1', `bearer.${this.#key}`])
    socket.onopen = () => this.#waitFor(PING_EVERY_MS, () => this.#ping())
    socket.onmessage = (event) => {
      // Whatever comes, comes over a connection that is alive.
      this.#waitFor(PING_EVERY_MS, () => this.#ping())
      if (event.data !== 'pong') this.#take(parse(event.data))
    }
    socket.onclose = () => this.#retryLater()
    this.#socket = socket
    this.#waitFor(OPEN_TIMEOUT_MS, () => this.#retryLater())
  }

  #ping(): void {
    this.#socket?.send('ping')
    this.#waitFor(PONG_WITHIN_MS, () => this.#retryLater())
  }

  #waitFor(ms: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(then, ms)
  }

  #take(message: LiveMessage | null): void {
    const reception = message === null ? null : receive(this.#transfer, this.#cursor, message)
    switch (reception?.does) {
      case 'drop':
        return
      case 'take':
        this.#cursor = reception.cursor
        this.#handlers.onRecord(reception.record)
        return
      case 'live':
        // Only now: a server that accepts and then cuts must not be asked again at once, for ever.
        this.#tries = 0
        this.#handlers.onState({ at: 'live' })
        return
      case 'restart':
        this.#cursor = 0
        this.#handlers.onRestart()
        this.#retryLater()
        return
      default:
        this.#retryLater()
    }
  }

  #retryLater(): void {
    this.#drop()
    const delay = retryDelayMs(this.#tries, RECONNECT_FIRST_MS, RECONNECT_MOST_MS, Math.random())
    this.#tries += 1
    this.#handlers.onState({ at: 'waiting', retryAtMs: Date.now() + delay })
    this.#waitFor(delay, () => this.#open())
  }

  #drop(): void {
    const socket = this.#socket
    if (socket === null) return
    // A late message of an old socket must not be taken as one of the next.
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
    this.#socket = null
  }
}

function liveUrl(transfer: string, after: LiveCursor): string {
  const url = new URL(`/v1/transfers/${encodeURIComponent(transfer)}/live`, window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.searchParams.set('after_seq', String(after))
  return url.href
}

function parse(data: unknown): LiveMessage | null {
  if (typeof data !== 'string') return null
  try {
    const message: unknown = JSON.parse(data)
    return isLiveMessage(message) ? message : null
  } catch {
    return null
  }
}

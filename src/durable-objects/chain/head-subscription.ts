// The standing subscription to new heads: an outbound WebSocket. It cannot hibernate, is cut at deploys and may hang
// while opening, so nothing depends on it: the alarm polls, and this only makes it sooner.

import { SECOND_MS } from '../../shared/lib/time.ts'

/** Some endpoints never finish the handshake. */
const OPEN_TIMEOUT_MS = 5 * SECOND_MS
/** An endpoint without subscriptions must not be asked at every block. */
const RETRY_MS = 30 * SECOND_MS

const SUBSCRIBE = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] })

export class HeadSubscription {
  readonly #onHead: () => void
  #socket: WebSocket | null = null
  #isLive = false
  #retryAt = 0

  constructor(onHead: () => void) {
    this.#onHead = onHead
  }

  /** True once the node has confirmed it. Opens one when there is none. */
  ensure(url: string, now: number): boolean {
    if (this.#socket === null && now >= this.#retryAt) this.#open(url, now)
    return this.#isLive
  }

  close(): void {
    const socket = this.#socket
    this.#socket = null
    this.#isLive = false
    socket?.close()
  }

  #open(url: string, now: number): void {
    this.#retryAt = now + RETRY_MS
    const socket = new WebSocket(url)
    this.#socket = socket
    const timer = setTimeout(() => this.#drop(socket), OPEN_TIMEOUT_MS)
    socket.addEventListener('open', () => socket.send(SUBSCRIBE))
    socket.addEventListener('message', ({ data }) => {
      clearTimeout(timer)
      this.#isLive = true
      if (typeof data === 'string' && data.includes('eth_subscription')) this.#onHead()
    })
    socket.addEventListener('close', () => this.#drop(socket))
    socket.addEventListener('error', () => this.#drop(socket))
  }

  #drop(socket: WebSocket): void {
    if (this.#socket !== socket) return
    this.close()
  }
}

// A client that watches one transfer over a socket: it comes back with the seq of the last record it has, and must get every
// record once at least and in their order.

import { follow, type Subscriber as ProductSocket } from '../../src/durable-objects/transfer/publish.ts'
import type { LiveMessage } from '../../src/shared/schema/live-message.ts'
import type { TransferHost } from './actors.ts'
import type { Stage } from './stage.ts'
import { Worker } from './worker.ts'

const AGAIN_MS = 2_000
/** A transfer that was never accepted is not waited for longer than this. */
const TRIES_MAX = 60

export class Follower {
  /** Of the last record that arrived. */
  seq = 0
  readonly #stage: Stage
  readonly #name: string
  readonly #host: () => TransferHost
  readonly #worker: Worker
  #socket: SimSocket | null = null
  #tries = 0

  constructor(stage: Stage, name: string, host: () => TransferHost) {
    this.#stage = stage
    this.#name = name
    this.#host = host
    this.#worker = new Worker(stage, `follower ${name}`)
  }

  begin(delayMs: number): void {
    this.#again(delayMs)
  }

  get sockets(): readonly ProductSocket[] {
    return this.#socket === null ? [] : [this.#socket]
  }

  /** The object crashed: its sockets are closed. */
  cut(): void {
    const wasOpen = this.#socket !== null
    this.#socket = null
    if (wasOpen) this.#again(AGAIN_MS)
  }

  #again(delayMs: number): void {
    this.#worker.hear(delayMs, 'connects', this.#worker.life, () => void this.#connect())
  }

  async #connect(): Promise<void> {
    try {
      const isThere = await this.#host().call(this.#worker, 'live', (engine) => {
        if (engine.journal === null) return false
        const socket = new SimSocket(this.#host(), this.#worker, (message) => this.#hear(socket, message))
        this.#socket = socket
        follow(socket, engine.journal, this.seq)
        return true
      })
      if (isThere) return
      this.#tries += 1
      if (this.#tries < TRIES_MAX) this.#again(AGAIN_MS * 5)
    } catch {
      this.cut()
      if (this.#socket === null) this.#again(AGAIN_MS)
    }
  }

  #hear(from: SimSocket, message: LiveMessage): void {
    if (from !== this.#socket) return
    if (this.#stage.faults.strikes('client_loss')) this.cut()
    else if (message.type === 'record') this.#take(message)
  }

  #take(message: Extract<LiveMessage, { type: 'record' }>): void {
    const isNext = message.seq === this.seq + 1
    this.#stage.violations.check(
      'I6',
      isNext || message.seq <= this.seq,
      () => `the follower of ${this.#name} has ${this.seq} and gets ${message.seq}`,
    )
    this.seq = Math.max(this.seq, message.seq)
  }
}

/** Sends pass the object's output gate and arrive in their order. */
class SimSocket implements ProductSocket {
  readonly readyState = 1
  readonly #host: TransferHost
  readonly #worker: Worker
  readonly #hear: (message: LiveMessage) => void
  #attachment: unknown = null
  #lastAt = 0

  constructor(host: TransferHost, worker: Worker, hear: (message: LiveMessage) => void) {
    this.#host = host
    this.#worker = worker
    this.#hear = hear
  }

  send(text: string): void {
    this.#host.emit(() => {
      const { scheduler, chance } = this.#host.stage
      this.#lastAt = Math.max(this.#lastAt, scheduler.now + chance.stream('latency socket').between(1, 60))
      const delay = this.#lastAt - scheduler.now
      this.#worker.hear(delay, 'hears', this.#worker.life, () => this.#hear(JSON.parse(text)))
    })
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = structuredClone(value)
  }

  deserializeAttachment(): unknown {
    return this.#attachment
  }
}

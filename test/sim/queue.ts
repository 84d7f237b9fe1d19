// A queue as the platform gives it: at least once, in batches, in no order, with retries and a dead-letter queue; and on a
// bad day a message is lost.

import type { QueueBatch, QueueMessage } from '../../src/workers/queues/batch.ts'
import type { Stream } from './chance.ts'
import { LostCall, latencyOf, type Party, type Stage } from './stage.ts'
import { Worker } from './worker.ts'

/** As in wrangler.toml. */
const BATCH_MAX = 100
const RETRIES_MAX = 5
/** Milliseconds that a batch waits for more. */
const WINDOW_MS = 80
/** Milliseconds until a message comes again that nobody answered for. */
const AGAIN_MS = 5_000
const DAY_MS = 86_400_000

type Message = { readonly id: string; readonly body: unknown; attempts: number }
type Consume = (batch: QueueBatch, worker: Worker) => Promise<void>

const POISON: readonly [unknown, ...unknown[]] = [
  null,
  'nonsense',
  { v: 99, transfer: 'tr_' },
  { v: 1 },
  { v: 1, transfer: 'tr_zzz', row: 'ask' },
  [],
]

export class SimQueue {
  readonly #stage: Stage
  readonly #name: string
  readonly #consume: Consume
  readonly #stream: Stream
  readonly #latency: Stream
  #waiting: Message[] = []
  #count = 0
  #batches = 0
  /** Messages on their way, however late. */
  #underWay = 0
  /** Consumers that are at work. */
  readonly running = new Set<Worker>()
  /** Messages that were given up. */
  readonly parked: Message[] = []

  constructor(stage: Stage, name: string, consume: Consume) {
    this.#stage = stage
    this.#name = name
    this.#consume = consume
    this.#stream = stage.chance.stream(`queue ${name}`)
    this.#latency = stage.chance.stream('latency queue')
  }

  /** Nothing that was sent is still to come. */
  get isEmpty(): boolean {
    return this.#underWay === 0 && this.#waiting.length === 0 && this.running.size === 0
  }

  send(party: Party, body: unknown): Promise<void> {
    const { life } = party
    return new Promise((resolve, reject) => {
      party.emit(() => {
        if (this.#stage.faults.strikes('call_lost')) {
          party.hear(latencyOf(this.#latency), '< send', life, () => reject(new LostCall('send')))
          return
        }
        this.#put(body)
        party.hear(latencyOf(this.#latency), '< send', life, resolve)
      })
    })
  }

  #put(body: unknown): void {
    const { faults } = this.#stage
    if (faults.strikes('message_poison')) this.#enqueue(faults.stream('message_poison').pick(POISON), 0)
    if (faults.strikes('message_doubled')) {
      this.#enqueue(body, faults.stream('message_doubled').between(0, 30_000))
    }
    if (faults.strikes('message_lost')) return
    this.#enqueue(body, faults.strikes('message_late') ? this.#lateness() : 0)
  }

  #lateness(): number {
    const stream = this.#stage.faults.stream('message_late')
    return stream.happens(0.1) ? DAY_MS + stream.between(1, DAY_MS) : stream.between(1_000, 1_200_000)
  }

  #enqueue(body: unknown, delayMs: number): void {
    this.#count += 1
    this.#arrive({ id: `${this.#name}-${this.#count}`, body, attempts: 0 }, delayMs)
  }

  #arrive(message: Message, delayMs: number): void {
    this.#underWay += 1
    this.#stage.scheduler.after(delayMs + latencyOf(this.#stream), `${this.#name} arrives`, () => {
      this.#underWay -= 1
      this.#waiting.push(message)
      if (this.#waiting.length > 1) return
      this.#stage.scheduler.after(this.#stream.between(1, WINDOW_MS), `${this.#name} batch`, () =>
        this.#deliver(),
      )
    })
  }

  #deliver(): void {
    const messages = this.#waiting.slice(0, BATCH_MAX)
    this.#waiting = []
    if (messages.length === 0) return
    this.#batches += 1
    const { faults } = this.#stage
    const worker = new Worker(this.#stage, `${this.#name} ${this.#batches}`, () =>
      faults.strikes('consumer_crash'),
    )
    this.running.add(worker)
    const verdicts = new Map<Message, number | 'ack'>()
    const finish = (isGood: boolean) => {
      if (!this.running.delete(worker)) return
      for (const message of messages) {
        const verdict = verdicts.get(message) ?? (isGood ? 'ack' : AGAIN_MS)
        if (verdict !== 'ack') this.#again(message, verdict)
      }
    }
    // What a dead consumer had acknowledged was never told to the queue.
    worker.onDeath = () => {
      verdicts.clear()
      finish(false)
    }
    this.#consume(batchOf(messages, verdicts), worker).then(
      () => finish(true),
      () => finish(false),
    )
  }

  #again(message: Message, delayMs: number): void {
    message.attempts += 1
    if (message.attempts > RETRIES_MAX) this.parked.push(message)
    else this.#arrive(message, delayMs)
  }

  /** The runtime was killed: what was not on disk is gone. */
  crash(): void {
    for (const worker of [...this.running]) worker.die()
  }
}

/** The first verdict on a message counts. */
function batchOf(messages: readonly Message[], verdicts: Map<Message, number | 'ack'>): QueueBatch {
  const say = (message: Message, verdict: number | 'ack') => {
    if (!verdicts.has(message)) verdicts.set(message, verdict)
  }
  return {
    messages: messages.map(
      (message): QueueMessage => ({
        id: message.id,
        body: message.body,
        attempts: message.attempts + 1,
        ack: () => say(message, 'ack'),
        retry: (options) => say(message, (options?.delaySeconds ?? AGAIN_MS / 1_000) * 1_000),
      }),
    ),
    ackAll: () => {
      for (const message of messages) say(message, 'ack')
    },
  }
}

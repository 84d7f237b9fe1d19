// `fast-path`: from the request until the transfer's bytes are with an endpoint, less what the endpoint itself took for the look
// at the account before. Beside the floor, a bare object with one insert until its answer is there, and beside the same transfers
// by the queue. One client, a few transfers at a time, begun when nothing of earlier ones is left to do.

import { setTimeout as delay } from 'node:timers/promises'
import { LOCAL_CHAIN } from '../../scripts/dev/local-chain.ts'
import { assert, assertDefined } from '../../src/shared/lib/assert.ts'
import { type Platform, startPlatform } from '../accept/platform.ts'
import type { Benchmark, BenchmarkContext } from '../benchmark.ts'
import { HttpClient } from '../http-client.ts'
import { type Goal, type Row, row } from '../row.ts'
import { percentile } from '../statistics.ts'
import { WatchedEndpoint } from './watched-endpoint.ts'

const SAMPLES = 160
const BATCH = 16
const WARM_UP = 64
const ACCEPTED = 202
/** Milliseconds between two looks whether the last bytes came, and whether all is at rest. */
const LOOK_MS = 1
const REST_LOOK_MS = 100
/** Milliseconds that bytes may take: the queue alone waits 50. */
const BYTES_WITHIN_MS = 20_000
/** Milliseconds after which an API key's new tier is seen everywhere (workers/api/isolate.ts). */
const KEY_FRESH_MS = 10_000
const P50_GOAL: Goal = { of: 'ratio', is: '<=', than: 2 }
const P99_GOAL: Goal = { of: 'ratio', is: '<=', than: 3 }

export const benchmark: Benchmark = {
  about: 'from the request until the bytes are broadcast, within the request and by the queue',
  run: measure,
}

async function measure({ note, signal }: BenchmarkContext): Promise<readonly Row[]> {
  const endpoints: WatchedEndpoint[] = []
  const platform = await startPlatform(signal, async (node) => {
    const endpoint = await WatchedEndpoint.before(node)
    endpoints.push(endpoint)
    return endpoint.url
  })
  const watched = assertDefined(endpoints[0], 'the platform asked for it')
  const clients = { waybill: new HttpClient(platform.waybill), floor: new HttpClient(platform.floor) }
  const run = new Run(platform, watched, clients, signal)
  try {
    note(`by the queue: ${WARM_UP} to warm up, ${SAMPLES} measured`)
    await run.samples(WARM_UP)
    const queued = await run.samples(SAMPLES)
    await platform.trust()
    await delay(KEY_FRESH_MS)
    note(`within the request: ${WARM_UP} to warm up, ${SAMPLES} measured`)
    await run.samples(WARM_UP)
    const fast = await run.samples(SAMPLES)
    return [
      ...latencies('fast path, request to broadcast', fast.waybill, fast.floor, true),
      ...latencies('by the queue, request to broadcast', queued.waybill, queued.floor, false),
    ]
  } finally {
    clients.waybill.close()
    clients.floor.close()
    await platform.stop()
    watched.stop()
  }
}

function latencies(name: string, ours: readonly number[], floor: readonly number[], isGoal: boolean): Row[] {
  return (
    [
      [0.5, P50_GOAL],
      [0.99, P99_GOAL],
    ] as const
  ).map(([share, goal]) =>
    row({
      name: `${name}, p${share * 100}`,
      value: percentile(ours, share),
      unit: 'ms',
      floor: percentile(floor, share),
      ...(isGoal ? { goal } : {}),
    }),
  )
}

class Run {
  readonly #platform: Platform
  readonly #endpoint: WatchedEndpoint
  readonly #clients: Readonly<Record<'waybill' | 'floor', HttpClient>>
  readonly #signal: AbortSignal
  #posted = 0

  constructor(
    platform: Platform,
    endpoint: WatchedEndpoint,
    clients: Readonly<Record<'waybill' | 'floor', HttpClient>>,
    signal: AbortSignal,
  ) {
    this.#platform = platform
    this.#endpoint = endpoint
    this.#clients = clients
    this.#signal = signal
  }

  async samples(count: number): Promise<Readonly<Record<'waybill' | 'floor', readonly number[]>>> {
    const waybill: number[] = []
    const floor: number[] = []
    while (waybill.length < count) {
      await this.#rest()
      for (let one = 0; one < BATCH; one++) {
        floor.push(await this.#floor())
        waybill.push(await this.#toBroadcast())
      }
    }
    return { waybill, floor }
  }

  async #floor(): Promise<number> {
    const headers = { 'Idempotency-Key': `floor-${this.#posted}` }
    const { ms, status } = await this.#clients.floor.post('/v1/transfers', headers, this.#body())
    assert(status === ACCEPTED, `the floor answered ${status}`)
    return ms
  }

  async #toBroadcast(): Promise<number> {
    const { broadcasts, looks } = this.#endpoint
    const before = { broadcasts: broadcasts.length, looks: looks.length }
    const body = this.#body()
    const headers = {
      Authorization: `Bearer ${this.#platform.apiKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': `fast-${this.#posted++}`,
    }
    const since = performance.now()
    const { status, text } = await this.#clients.waybill.post('/v1/transfers', headers, body)
    assert(status === ACCEPTED, `a transfer was answered ${status}: ${text}`)
    const until = performance.now() + BYTES_WITHIN_MS
    while (broadcasts.length === before.broadcasts) {
      this.#signal.throwIfAborted()
      assert(performance.now() < until, 'its bytes do not come')
      await delay(LOOK_MS)
    }
    const at = assertDefined(broadcasts[before.broadcasts], 'its bytes came')
    const ofEndpoint = looks.slice(before.looks).filter(({ to }) => to <= at)
    return ofEndpoint.reduce((ms, { from, to }) => ms - (to - from), at - since)
  }

  #body(): string {
    const { signers } = this.#platform
    const from = assertDefined(signers[this.#posted % signers.length], 'there are signers')
    const to = `0x${(this.#posted + 1).toString(16).padStart(40, 'fa')}`
    return JSON.stringify({ chain: LOCAL_CHAIN, from, action: { type: 'native', to, amount: '1000' } })
  }

  async #rest(): Promise<void> {
    for (;;) {
      this.#signal.throwIfAborted()
      const { known, busy } = await this.#platform.progress()
      if (known === this.#posted && busy === 0) return
      await delay(REST_LOOK_MS)
    }
  }
}

// The requests of both sides, in the orders that the benchmark compares.

import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { LOCAL_CHAIN } from '../../scripts/dev/local-chain.ts'
import { assert, assertDefined } from '../../src/shared/lib/assert.ts'
import { type Answer, HttpClient } from '../http-client.ts'
import type { Platform } from './platform.ts'

export type Side = 'waybill' | 'floor'
/** Milliseconds. */
export type Samples = Readonly<Record<Side, readonly number[]>>

const PATH = '/v1/transfers'
/** It cannot become money, so it can be canceled. */
const NEVER = '9999-01-01T00:00:00Z'
const ACCEPTED = 202
const CANCELED = 200
const transferSelf = z.object({ links: z.object({ self: z.string() }) })
/** Milliseconds between two looks at the read model. */
const REST_CHECK_MS = 20
/** Milliseconds after the read model has all: its acknowledgements are still on their way to the objects. */
const REST_MS = 60
/** Milliseconds: what one client posted in a row is final some blocks later. */
const REST_WITHIN_MS = 120_000

type Pair = Readonly<Record<Side, HttpClient>>

export class Load {
  readonly #platform: Platform
  readonly #signal: AbortSignal
  readonly #clients: Pair[] = []
  /** Makes each Idempotency-Key a new one. */
  #posted = 0
  #transfers = 0
  /** Of the last answer of each side. */
  readonly answerBytes: Record<Side, number> = { waybill: 0, floor: 0 }

  constructor(platform: Platform, signal: AbortSignal) {
    this.#platform = platform
    this.#signal = signal
  }

  /** One client, A B B A: neither side always comes after the other. */
  async inTurn(pairs: number): Promise<Samples> {
    const samples: Record<Side, number[]> = { waybill: [], floor: [] }
    for (let pair = 0; pair < pairs; pair++) {
      for (const side of orderOf(pair)) samples[side].push((await this.#post(side, this.#client(0), null)).ms)
    }
    return samples
  }

  /** A few pairs, then rest, and again. What was accepted is canceled, and nothing of it is left. */
  async atRest(pairs: number, batchPairs: number): Promise<Samples> {
    const samples: Record<Side, number[]> = { waybill: [], floor: [] }
    while (samples.waybill.length < pairs) {
      await this.rest()
      const accepted: string[] = []
      for (let pair = 0; pair < batchPairs; pair++) {
        for (const side of orderOf(pair)) {
          const { ms, text } = await this.#post(side, this.#client(0), NEVER)
          samples[side].push(ms)
          if (side === 'waybill') accepted.push(transferSelf.parse(JSON.parse(text)).links.self)
        }
      }
      for (const transfer of accepted) await this.#cancel(transfer)
    }
    return samples
  }

  /** Sides take turns by whole rounds: among 20 clients of both, all would wait in the same line. */
  async rounds(rounds: number, requests: number, clients: number) {
    const samples: Record<Side, number[]> = { waybill: [], floor: [] }
    const elapsedMs: Record<Side, number> = { waybill: 0, floor: 0 }
    for (let round = 0; round < rounds; round++) {
      for (const side of ['waybill', 'floor'] as const) {
        await this.rest()
        const started = performance.now()
        samples[side].push(...(await this.#round(side, requests, clients)))
        elapsedMs[side] += performance.now() - started
      }
    }
    const perSecond = (side: Side) => (samples[side].length / elapsedMs[side]) * 1_000
    return { samples, perSecond: { waybill: perSecond('waybill'), floor: perSecond('floor') } }
  }

  async #round(side: Side, requests: number, clients: number): Promise<readonly number[]> {
    const samples: number[] = []
    let left = requests
    const run = async (index: number) => {
      while (left-- > 0) {
        samples.push((await this.#post(side, this.#client(index), null)).ms)
      }
    }
    await Promise.all(Array.from({ length: clients }, (_, index) => run(index)))
    return samples
  }

  /** Until nothing of what was posted is left to do. */
  async rest(): Promise<void> {
    const until = performance.now() + REST_WITHIN_MS
    for (;;) {
      this.#signal.throwIfAborted()
      const { known, busy } = await this.#platform.progress()
      if (known === this.#transfers && busy === 0) break
      const text = `${known} of ${this.#transfers} known, ${busy} busy`
      assert(performance.now() < until, `no rest within ${REST_WITHIN_MS / 1_000} s: ${text}`)
      await delay(REST_CHECK_MS)
    }
    await delay(REST_MS)
  }

  async #post(side: Side, clients: Pair, notBefore: string | null): Promise<Answer> {
    this.#signal.throwIfAborted()
    const number = this.#posted++
    const body = JSON.stringify({
      chain: LOCAL_CHAIN,
      from: assertDefined(this.#platform.signers[number % this.#platform.signers.length], 'a signer'),
      action: { type: 'native', to: recipient(number), amount: '1000' },
      ...(notBefore === null ? {} : { not_before: notBefore }),
    })
    const answer = await clients[side].post(PATH, this.#headers(`bench-${number}`), body)
    assert(answer.status === ACCEPTED, `${side} answered ${answer.status}: ${answer.text}`)
    this.answerBytes[side] = Buffer.byteLength(answer.text)
    if (side === 'waybill') this.#transfers += 1
    return answer
  }

  async #cancel(transfer: string): Promise<void> {
    const headers = this.#headers(`cancel ${transfer}`.replaceAll(/[^\w-]/g, '-'))
    const { status, text } = await this.#client(0).waybill.post(`${transfer}/cancel`, headers, '')
    assert(status === CANCELED || status === ACCEPTED, `a cancel was answered ${status}: ${text}`)
  }

  #headers(key: string): Readonly<Record<string, string>> {
    return {
      Authorization: `Bearer ${this.#platform.apiKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
    }
  }

  #client(index: number): Pair {
    this.#clients[index] ??= {
      waybill: new HttpClient(this.#platform.waybill),
      floor: new HttpClient(this.#platform.floor),
    }
    return this.#clients[index]
  }

  close(): void {
    for (const { waybill, floor } of this.#clients) {
      waybill.close()
      floor.close()
    }
  }
}

function orderOf(pair: number): readonly Side[] {
  return pair % 2 === 0 ? ['waybill', 'floor'] : ['floor', 'waybill']
}

/** Of its own for each transfer, and never one of the precompiles. */
function recipient(number: number): string {
  return `0x${(0x1000000 + number).toString(16).padStart(40, '0')}`
}

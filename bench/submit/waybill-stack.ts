// Waybill on this machine, as `npm start` runs it, for transfers from the first request to the last final status.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { LOCAL_CHAIN } from '../../scripts/dev/local-chain.ts'
import { ROOT } from '../../scripts/dev/root.ts'
import { type Stack, startStack } from '../../scripts/dev/stack.ts'
import { readJson } from '../../scripts/dev/state-dir.ts'
import { assert, assertDefined } from '../../src/shared/lib/assert.ts'
import { HttpClient } from '../http-client.ts'
import { groupCpuMs, ownCpuMs } from './cpu.ts'
import { blockNumber, gasPaid } from './gas.ts'
import { inLanes, type Measured, recipient } from './measured.ts'

const CLIENTS = 20
const ACCEPTED = 202
const SECOND_MS = 1_000
/** Milliseconds between two looks at the read model: few enough to cost nothing beside the transfers. */
const CHECK_MS = 50
/** Milliseconds: finality alone takes five seconds. */
const FINAL_WITHIN_MS = 120_000

export type WaybillOptions = {
  readonly signers: number
  /** Null: each transfer is a transaction of its own. */
  readonly delegateFrom: number | null | undefined
  readonly signal: AbortSignal
}

export class WaybillStack {
  readonly #stack: Stack
  readonly #signal: AbortSignal
  readonly #clients: readonly HttpClient[]
  readonly #runtime: number
  #posted = 0

  private constructor(stack: Stack, signal: AbortSignal) {
    this.#stack = stack
    this.#signal = signal
    this.#clients = Array.from({ length: CLIENTS }, () => new HttpClient(new URL(stack.url)))
    this.#runtime = hostGroups.parse(readJson(stack.dir.hostsFile)).runtime.pid
  }

  static async start({ signers, delegateFrom, signal }: WaybillOptions): Promise<WaybillStack> {
    const parent = join(ROOT, '.waybill')
    mkdirSync(parent, { recursive: true })
    const stateDir = mkdtempSync(join(parent, 'bench-'))
    const tenants = [{ id: 'dev', keys: ['admin'] as const, signers }]
    try {
      const options = { stateDir, tenants, delegateFrom, signal, port: null, chainPort: null }
      return new WaybillStack(await startStack(options), signal)
    } catch (error) {
      rmSync(stateDir, { recursive: true, force: true })
      throw error
    }
  }

  get rpcUrl(): string {
    return this.#stack.rpcUrl
  }

  async measure(transfers: number): Promise<Measured> {
    const { rpcUrl, signers } = this.#stack
    const since = await blockNumber(rpcUrl)
    const before = { client: ownCpuMs(), server: groupCpuMs(this.#runtime) }
    const startedAt = performance.now()
    const numbers = Array.from({ length: transfers }, (_, index) => this.#posted + index)
    this.#posted += transfers
    await inLanes(CLIENTS, numbers, (number, lane) => this.#post(number, lane))
    await this.#allFinal()
    const elapsedMs = performance.now() - startedAt
    const server = groupCpuMs(this.#runtime)
    return {
      perSecond: (transfers * SECOND_MS) / elapsedMs,
      gas: (await gasPaid(rpcUrl, signers, since)) / transfers,
      clientCpuMs: (ownCpuMs() - before.client) / transfers,
      serverCpuMs: server === null || before.server === null ? null : (server - before.server) / transfers,
    }
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close()
    await this.#stack.stop()
    rmSync(this.#stack.dir.root, { recursive: true, force: true })
  }

  async #post(number: number, lane: number): Promise<void> {
    this.#signal.throwIfAborted()
    const { apiKey, signers } = this.#stack
    const client = assertDefined(this.#clients[lane], 'each lane has a client')
    const from = assertDefined(signers[number % signers.length], 'there are signers')
    const headers = {
      Authorization: `Bearer ${apiKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': `submit-${number}`,
    }
    const action = { type: 'native', to: recipient(number), amount: '1000' }
    const body = JSON.stringify({ chain: LOCAL_CHAIN, from, action })
    const { status, text } = await client.post('/v1/transfers', headers, body)
    assert(status === ACCEPTED, `a transfer was answered ${status}: ${text}`)
  }

  /** All that were ever posted, and each of them with success. */
  async #allFinal(): Promise<void> {
    const until = performance.now() + FINAL_WITHIN_MS
    for (;;) {
      this.#signal.throwIfAborted()
      const [[counts] = []] = finalCounts.parse(await this.#stack.sql([{ sql: FINAL_SQL, params: [] }]))
      if (counts?.finalized === this.#posted) return
      assert(counts?.finalized === counts?.ended, `some failed: ${JSON.stringify(counts)}`)
      assert(performance.now() < until, `not final in time: ${JSON.stringify(counts)} of ${this.#posted}`)
      await delay(CHECK_MS)
    }
  }
}

const FINAL_SQL =
  "SELECT count(*) FILTER (WHERE is_final = 1) AS ended, count(*) FILTER (WHERE status = 'finalized') AS finalized FROM transfers"
const finalCounts = z.array(z.array(z.object({ ended: z.number(), finalized: z.number() })))
const hostGroups = z.looseObject({ runtime: z.looseObject({ pid: z.number() }) })

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
import { isFinal, STATUSES } from '../../src/shared/transfer/status.ts'
import { HttpClient } from '../http-client.ts'
import { groupCpuMs, ownCpuMs } from './cpu.ts'
import { blockNumber, gasPaid } from './gas.ts'
import { inLanes, type Measured, recipient } from './measured.ts'

const CLIENTS = 20
const ACCEPTED = 202
const SECOND_MS = 1_000
/** Milliseconds between two questions of one client about one transfer. */
const CHECK_MS = 100
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
    const links: string[] = []
    await inLanes(CLIENTS, numbers, async (number, lane) => {
      links.push(await this.#post(number, lane))
    })
    await inLanes(CLIENTS, links, (link, lane) => this.#final(link, lane))
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

  /** Answers where the transfer is. Asked again where a connection was just closed for idleness: the key makes it one. */
  async #post(number: number, lane: number): Promise<string> {
    this.#signal.throwIfAborted()
    const { signers } = this.#stack
    const from = assertDefined(signers[number % signers.length], 'there are signers')
    const action = { type: 'native', to: recipient(number), amount: '1000' }
    const body = JSON.stringify({ chain: LOCAL_CHAIN, from, action })
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': `submit-${number}` }
    const post = () => this.#client(lane).post('/v1/transfers', { ...this.#key, ...headers }, body)
    const { status, text } = await post().catch(post)
    assert(status === ACCEPTED, `a transfer was answered ${status}: ${text}`)
    return transfer.parse(JSON.parse(text)).links.self
  }

  /** Until the transfer itself says so: the list comes a little later. */
  async #final(link: string, lane: number): Promise<void> {
    const until = performance.now() + FINAL_WITHIN_MS
    for (;;) {
      this.#signal.throwIfAborted()
      const get = () => this.#client(lane).get(link, this.#key)
      const { text } = await get().catch(get)
      const { status } = transfer.parse(JSON.parse(text))
      if (status === 'finalized') return
      assert(!isFinal(status), `${link} is ${status}`)
      assert(performance.now() < until, `${link} is still ${status}`)
      await delay(CHECK_MS)
    }
  }

  #client(lane: number): HttpClient {
    return assertDefined(this.#clients[lane], 'each lane has a client')
  }

  get #key(): { readonly Authorization: string } {
    return { Authorization: `Bearer ${this.#stack.apiKey}` }
  }
}

const transfer = z.looseObject({ status: z.enum(STATUSES), links: z.looseObject({ self: z.string() }) })
const hostGroups = z.looseObject({ runtime: z.looseObject({ pid: z.number() }) })

// Waybill on this machine, as `npm start` runs it, for transfers from the first request to the last final status.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { LOCAL_CHAIN } from '../../scripts/dev/local-chain.ts'
import { ROOT } from '../../scripts/dev/root.ts'
import { rpc } from '../../scripts/dev/rpc.ts'
import { type Stack, startStack } from '../../scripts/dev/stack.ts'
import { readJson } from '../../scripts/dev/state-dir.ts'
import { assert, assertDefined } from '../../src/shared/lib/assert.ts'
import { isFinal, STATUSES, type Status } from '../../src/shared/transfer/status.ts'
import { HttpClient } from '../http-client.ts'
import { groupCpuMs, ownCpuMs } from './cpu.ts'
import { blockNumber, gasPaid } from './gas.ts'
import { inLanes, type Measured, type Recipients, recipient } from './measured.ts'

export const CLIENTS = 20
const ACCEPTED = 202
const SECOND_MS = 1_000
/** Milliseconds between two questions of one client about one transfer. */
const CHECK_MS = 100
/** Milliseconds: finality alone takes five seconds, and the machine may be busy. */
const FINAL_WITHIN_MS = 300_000
/** The step's own: it is in a block. */
const IN_A_BLOCK: ReadonlySet<Status> = new Set(['mined', 'confirmed', 'finalized'])
const FINALIZED: ReadonlySet<Status> = new Set(['finalized'])

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

  /** So that the chain knows them before anything is measured. */
  async fundRecipients(count: number): Promise<void> {
    for (let number = 0; number < count; number++)
      await rpc(this.rpcUrl, 'anvil_setBalance', [recipient(number, 'existing'), '0x1'])
  }

  async measure(transfers: number, kind: Recipients = 'new'): Promise<Measured> {
    const { rpcUrl, signers } = this.#stack
    const since = await blockNumber(rpcUrl)
    const before = { client: ownCpuMs(), server: groupCpuMs(this.#runtime) }
    const startedAt = performance.now()
    const first = this.#posted
    this.#posted += transfers
    const indexes = Array.from({ length: transfers }, (_, index) => index)
    const links: string[] = []
    await inLanes(CLIENTS, indexes, async (index, lane) => {
      const to = recipient(kind === 'new' ? first + index : index, kind)
      links.push(await this.#post(first + index, to, lane))
    })
    await inLanes(CLIENTS, links, (link, lane) => this.#until(IN_A_BLOCK, link, lane))
    const minedMs = performance.now() - startedAt
    await inLanes(CLIENTS, links, (link, lane) => this.#until(FINALIZED, link, lane))
    const elapsedMs = performance.now() - startedAt
    const server = groupCpuMs(this.#runtime)
    return {
      perSecond: (transfers * SECOND_MS) / elapsedMs,
      minedPerSecond: (transfers * SECOND_MS) / minedMs,
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
  async #post(number: number, to: `0x${string}`, lane: number): Promise<string> {
    this.#signal.throwIfAborted()
    const { signers } = this.#stack
    const from = assertDefined(signers[number % signers.length], 'there are signers')
    const action = { type: 'native', to, amount: '1000' }
    const body = JSON.stringify({ chain: LOCAL_CHAIN, from, action })
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': `submit-${number}` }
    const post = () => this.#client(lane).post('/v1/transfers', { ...this.#key, ...headers }, body)
    const { status, text } = await post().catch(post)
    assert(status === ACCEPTED, `a transfer was answered ${status}: ${text}`)
    return transfer.parse(JSON.parse(text)).links.self
  }

  /** Until the transfer itself says so: the list comes a little later. */
  async #until(wanted: ReadonlySet<Status>, link: string, lane: number): Promise<void> {
    const until = performance.now() + FINAL_WITHIN_MS
    for (;;) {
      this.#signal.throwIfAborted()
      const get = () => this.#client(lane).get(link, this.#key)
      const { text } = await get().catch(get)
      const { status } = transfer.parse(JSON.parse(text))
      if (wanted.has(status)) return
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

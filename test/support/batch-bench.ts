// A stack whose signers batch, behind endpoints that enforce what real nodes do, with blocks that come when a test says so.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { TransferDocument } from '../../src/shared/schema/transfer-document.ts'
import type { TransferRequestBody } from '../../src/shared/schema/transfer-request.ts'
import { expectBooksAgree } from './books.ts'
import { Chain, until } from './chain.ts'
import { Client, freshAddress } from './client.ts'
import { NODE_RULES } from './fault-proxy/node-rules.ts'
import { type Pool, poolOf } from './fault-proxy/pool.ts'
import { Upstream } from './fault-proxy/rpc.ts'
import { type FaultyStack, sentThrough, startFaultyStack } from './faulty-stack.ts'
import { randomFrom } from './random.ts'
import { SignerLogs } from './signer-logs.ts'
import type { StackOptions } from './stack.ts'

/** Waiting steps. */
export const DELEGATE_FROM = 4
/** Seconds between blocks. */
const BLOCK_TIME_S = 1
/** Milliseconds in which a handful of requests is accepted and admitted. */
const POSTED_WITHIN_MS = 3_000

export type Step = { readonly id: string; readonly request: TransferRequestBody }
/** Steps that share one transaction, which waits in the nodes' pools. */
export type Gathered = { readonly steps: readonly Step[]; readonly nonce: number; readonly hash: string }

export class BatchBench {
  readonly faulty: FaultyStack
  readonly client: Client
  readonly chain: Chain
  readonly #logs: SignerLogs
  readonly #stateDir: string
  readonly #node: Upstream
  /** Batches that are mined where the account has no code: they say nothing. */
  withoutEvidence = 0
  #posted = 0

  private constructor(faulty: FaultyStack, stateDir: string) {
    const { stack } = faulty
    this.faulty = faulty
    this.#stateDir = stateDir
    this.client = new Client(stack)
    this.chain = new Chain(stack)
    this.#logs = new SignerLogs(stack.dir.runtimeDir)
    this.#node = new Upstream(stack.rpcUrl)
  }

  /** `carrying`: of the signers, the last so many. `privateSigners`: beside them. */
  static async start(
    signers: number,
    carrying?: StackOptions['carrying'],
    privateSigners = 0,
  ): Promise<BatchBench> {
    const stateDir = mkdtempSync(join(tmpdir(), 'waybill-batches-'))
    const tenants = [{ id: 'dev', keys: ['admin'] as const, signers, privateSigners }]
    // No dice fall: the rules are the same each time.
    const random = randomFrom(1)
    const faulty = await startFaultyStack(
      { stateDir, tenants, blockTimeS: BLOCK_TIME_S, delegateFrom: DELEGATE_FROM, carrying },
      random,
    )
    for (const proxy of [...faulty.proxies, ...faulty.hidden]) proxy.enforce(...NODE_RULES)
    return new BatchBench(faulty, stateDir)
  }

  async stop(): Promise<void> {
    await this.faulty.stop()
    rmSync(this.#stateDir, { recursive: true, force: true })
  }

  signer(index: number): string {
    const { signers } = this.faulty.stack
    const signer = signers[index]
    if (signer === undefined) throw new Error(`there are ${signers.length} signers`)
    return signer
  }

  /** Blocks come by `mine` alone. */
  async rest(): Promise<void> {
    await this.chain.rpc('evm_setIntervalMining', 0)
  }

  async mine(blocks = 1): Promise<void> {
    await this.chain.rpc('anvil_mine', `0x${blocks.toString(16)}`)
  }

  async resume(): Promise<void> {
    await this.chain.rpc('evm_setIntervalMining', BLOCK_TIME_S)
  }

  pool(signer: string): Promise<Pool> {
    return poolOf(this.#node, signer)
  }

  /** Hash of what the node holds at that nonce; null: nothing. */
  async pooledHash(signer: string, nonce: number): Promise<string | null> {
    const { pending, queued } = await this.pool(signer)
    return [...pending, ...queued].find((other) => other.nonce === nonce)?.hash ?? null
  }

  /** Until the node holds other bytes at that nonce; answers their hash. */
  async untilReplaced(signer: string, nonce: number, hash: string): Promise<string> {
    let found: string | null = null
    await until(async () => {
      found = await this.pooledHash(signer, nonce)
      return found !== null && found !== hash
    })
    return found ?? ''
  }

  rawOf(hash: string): `0x${string}` {
    const sent = sentThrough([...this.faulty.proxies, ...this.faulty.hidden]).get(hash)
    if (sent === undefined) throw new Error(`${hash} was never handed to an endpoint`)
    return sent.raw
  }

  native(signer: number, amount: bigint, more: Partial<TransferRequestBody> = {}): TransferRequestBody {
    const to = freshAddress(`batch bench ${this.#posted++}`)
    const action = { type: 'native' as const, to, amount: amount.toString() }
    return { chain: this.faulty.stack.chain, from: this.signer(signer), action, ...more }
  }

  erc20(signer: number, amount: bigint): TransferRequestBody {
    const { stack } = this.faulty
    const to = freshAddress(`batch bench ${this.#posted++}`)
    const action = { type: 'erc20' as const, token: stack.token, to, amount: amount.toString() }
    return { chain: stack.chain, from: this.signer(signer), action }
  }

  async post(request: TransferRequestBody): Promise<Step> {
    const { id } = await this.client.post(`bench-${this.#posted++}`, request)
    return { id, request }
  }

  /** One behind the other, so that they wait in this order. */
  async postAll(requests: readonly TransferRequestBody[]): Promise<readonly Step[]> {
    const steps: Step[] = []
    for (const request of requests) {
      const step = await this.post(request)
      await this.client.untilStatus(step.id, 'queued', 'signed', 'broadcast')
      steps.push(step)
    }
    return steps
  }

  /** Its one transaction waits in the nodes' pools. Mining rests. */
  async sent(request: TransferRequestBody): Promise<Gathered> {
    const step = await this.post(request)
    return { steps: [step], ...(await this.slotOf(step)) }
  }

  /** Behind a step that has the account's one place in the pools; mining rests then, and after one block more. */
  async gather(signer: number, requests: readonly TransferRequestBody[]): Promise<Gathered> {
    const steps = await this.gatherWaiting(signer, requests)
    await this.mine()
    const slots = await Promise.all(steps.map((step) => this.slotOf(step)))
    const [first] = slots
    if (first === undefined) throw new Error('there are steps')
    expect(slots).toEqual(slots.map(() => first))
    return { steps, ...first }
  }

  /** In the signer's pool, until the next block is there. */
  async gatherWaiting(signer: number, requests: readonly TransferRequestBody[]): Promise<readonly Step[]> {
    await this.rest()
    await this.sent(this.native(signer, 1n))
    return this.postAll(requests)
  }

  /** Of the latest attempt, when a node took it. */
  async slotOf({ id }: Step): Promise<{ readonly nonce: number; readonly hash: string }> {
    await this.client.untilStatus(id, 'broadcast')
    const [step] = (await this.client.get(id)).steps
    return { nonce: step?.nonce ?? -1, hash: step?.attempts.at(-1)?.hash ?? '' }
  }

  /** Makes these accounts delegate. */
  async delegate(...signers: readonly number[]): Promise<void> {
    const waiting = await Promise.all(signers.map((signer) => this.postMany(signer)))
    await this.expectPaid(waiting.flat())
    for (const signer of signers) expect(await this.delegateOf(signer)).toBe(this.faulty.stack.executor)
  }

  /** So many that the account delegates: all may go at the same moment, a little later. */
  postMany(signer: number): Promise<readonly Step[]> {
    const not_before = new Date(Date.now() + POSTED_WITHIN_MS).toISOString()
    const many = Array.from({ length: DELEGATE_FROM + 1 }, () => this.native(signer, 1n, { not_before }))
    return Promise.all(many.map((request) => this.post(request)))
  }

  /** The code that the account has by delegation; null: none. */
  async delegateOf(signer: number): Promise<string | null> {
    const code = String(await this.chain.rpc('eth_getCode', this.signer(signer), 'latest'))
    return code === '0x' ? null : `0x${code.slice('0xef0100'.length)}`
  }

  async final(steps: readonly Step[]): Promise<readonly TransferDocument[]> {
    return Promise.all(steps.map(({ id }) => this.client.untilFinal(id)))
  }

  async expectPaid(steps: readonly Step[]): Promise<readonly TransferDocument[]> {
    const documents = await this.final(steps)
    expect(documents.map(({ status }) => status)).toEqual(steps.map(() => 'finalized'))
    expect(await this.received(steps)).toEqual(steps.map(({ request }) => amountOf(request)))
    return documents
  }

  async expectCanceled(steps: readonly Step[]): Promise<void> {
    const documents = await this.final(steps)
    expect(documents.map(({ status }) => status)).toEqual(steps.map(() => 'canceled'))
    expect(await this.received(steps)).toEqual(steps.map(() => 0n))
  }

  received(steps: readonly Step[]): Promise<readonly bigint[]> {
    return Promise.all(steps.map(({ request }) => this.chain.received(request.action)))
  }

  async cancel({ id }: Step): Promise<number> {
    return (await this.client.cancel(id, `cancel-${id}`)).status
  }

  expectBooks(): Promise<number> {
    return expectBooksAgree(this.chain, this.#logs, this.withoutEvidence)
  }
}

function amountOf({ action }: TransferRequestBody): bigint {
  return 'amount' in action ? BigInt(action.amount) : 0n
}

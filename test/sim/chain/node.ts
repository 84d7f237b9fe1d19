// The chain's port as a party of the world sees it: each request passes that party's output gate, takes its time, and may
// be answered late, falsely or not at all.

import type { EndpointGate, Pass, RequestKind } from '../../../src/shared/adapters/routing/endpoint-gate.ts'
import type { BroadcastOutcome } from '../../../src/shared/broadcast/outcome.ts'
import type { Address } from '../../../src/shared/chain/address.ts'
import { type Block, type BlockRef, refOf } from '../../../src/shared/chain/block.ts'
import type { BlockHash, TxHash } from '../../../src/shared/chain/hash.ts'
import type { Receipt } from '../../../src/shared/chain/receipt.ts'
import type { Hex } from '../../../src/shared/lib/hex.ts'
import type { ChainNode, HeldBack, NodeFailure, NodeResult } from '../../../src/shared/ports/chain-node.ts'
import type { SignerAccount, SignerQuery } from '../../../src/shared/signer/account/account.ts'
import { BATCH_DONE_TOPIC } from '../../../src/shared/signer/evidence/evidence.ts'
import { latencyOf, type Party } from '../stage.ts'
import type { SimBlock } from './chain.ts'
import type { Endpoint } from './endpoint.ts'
import {
  type Fabrications,
  falseAccount,
  falseHeads,
  falseReceipt,
  falseVerdict,
  type Heads,
} from './lies.ts'
import type { Network } from './network.ts'

/** How long a client waits for an endpoint. */
const TIMEOUT_MS = 5_000

export type NodeWorld = {
  readonly network: Network
  /** Endpoint that may lie; null: all are honest. */
  readonly liar: Endpoint | null
  readonly fabrications: Fabrications
  /** Bytes leave for an endpoint now. */
  readonly onBroadcast: (raw: Hex, hash: TxHash, endpoint: Endpoint) => void
  /** It is asked this of an account now. */
  readonly onLook: (query: SignerQuery, endpoint: Endpoint) => void
}

export class SimNode implements ChainNode {
  readonly name: string
  readonly operator: string
  readonly #party: Party
  readonly #endpoint: Endpoint
  readonly #world: NodeWorld
  readonly #gate: EndpointGate

  constructor(party: Party, endpoint: Endpoint, world: NodeWorld, gate: EndpointGate) {
    this.name = endpoint.traits.name
    this.operator = endpoint.traits.operator
    this.#gate = gate
    this.#party = party
    this.#endpoint = endpoint
    this.#world = world
  }

  heads(): Promise<NodeResult<Heads>> {
    return this.#ask('heads', (now) => {
      const honest = { head: this.#endpoint.view(now).told, finalized: this.#endpoint.finalized(now) }
      if (!this.#lies()) return honest
      const { fabrications, network } = this.#world
      return falseHeads(honest, this.#stage.faults.stream('endpoint_lie'), (parent) =>
        fabrications.forge(parent, [...network.wild.values()].slice(-2)),
      )
    })
  }

  blockByHash(hash: BlockHash): Promise<NodeResult<Block | null>> {
    return this.#ask('blockByHash', (now) => {
      if (this.#isLiar) {
        const forged = this.#world.fabrications.get(hash)
        if (forged !== undefined) return forged.block
      }
      const block = this.#imported(hash, now)?.told ?? null
      return block !== null && this.#lies() ? { ...block, transactions: [] } : block
    })
  }

  blockByNumber(at: number | 'finalized'): Promise<NodeResult<BlockRef | null>> {
    return this.#ask('blockByNumber', (now) => {
      if (at === 'finalized') {
        const honest = this.#endpoint.finalized(now)
        return honest !== null && this.#lies() ? refOf(this.#endpoint.view(now)) : honest
      }
      const block = this.#chain.at(at, this.#endpoint.view(now))
      if (block === null) return null
      const isFalse = at > 0 && this.#lies()
      return isFalse ? { number: at, hash: block.parent_hash } : refOf(block)
    })
  }

  async receipts(block: BlockRef, hashes: readonly TxHash[]): Promise<NodeResult<readonly Receipt[]>> {
    const found = await this.#ask('receipts', (now) => {
      const forged = this.#isLiar ? this.#world.fabrications.get(block.hash) : undefined
      const known = this.#imported(block.hash, now)
      const receipts = hashes.flatMap((hash) => {
        const receipt = forged?.receipts.find((one) => one.hash === hash) ?? known?.receipts.get(hash)
        return receipt ?? []
      })
      return this.#lies() ? receipts.map(falseReceipt) : receipts
    })
    if (!found.ok || found.value.length === hashes.length) return found
    return { ok: false, error: { reason: 'malformed', detail: 'receipts: one is missing' } }
  }

  batchLogs(
    { hash }: BlockRef,
    accounts: readonly Address[],
  ): Promise<NodeResult<readonly { readonly account: Address; readonly hash: TxHash }[]>> {
    return this.#ask('batchLogs', (now) => {
      const receipts = [...(this.#imported(hash, now)?.receipts.values() ?? [])]
      const logs = receipts.flatMap(({ logs: some, hash: transaction }) =>
        some
          .filter(({ address, topics }) => topics[0] === BATCH_DONE_TOPIC && accounts.includes(address))
          .map(({ address }) => ({ account: address, hash: transaction })),
      )
      return this.#lies() ? [] : logs
    })
  }

  nonceAfter(account: Address, block: BlockHash): Promise<NodeResult<number>> {
    return this.#ask('nonceAfter', (now) => {
      const nonce = this.#imported(block, now)?.ledger.nonce(account) ?? 0
      return this.#lies() ? nonce + 1 : nonce
    })
  }

  signerAccount(query: SignerQuery): Promise<NodeResult<SignerAccount>> {
    return this.#ask('signerAccount', (now) => {
      this.#world.onLook(query, this.#endpoint)
      const account = this.#endpoint.account(query, now)
      return this.#lies() ? falseAccount(account, this.#stage.faults.stream('endpoint_lie')) : account
    })
  }

  /** Only the shell of the chain's object asks, and the simulator runs engines. */
  async fees(): Promise<NodeResult<never>> {
    return { ok: false, error: { reason: 'unreachable', detail: 'fees are not simulated' } }
  }

  chainReference(): Promise<NodeResult<number>> {
    return this.#ask('chainReference', () => 31_337)
  }

  async broadcast(raw: Hex, hash: TxHash): Promise<BroadcastOutcome> {
    const pass = await this.#enter('broadcast')
    if (typeof pass === 'string') {
      return { class: 'congested', endpoint: this.name, detail: `held back: ${pass}` }
    }
    const outcome = await this.#handOut(raw, hash)
    this.#gate.left(pass, failureBehind(outcome))
    return outcome
  }

  #handOut(raw: Hex, hash: TxHash): Promise<BroadcastOutcome> {
    const { faults, scheduler } = this.#stage
    const { life } = this.#party
    const latency = this.#stage.chance.stream('latency endpoint')
    return new Promise((resolve) => {
      const answer = (delayMs: number, verdict: BroadcastOutcome['class'], detail: string | null) =>
        this.#party.hear(delayMs, `< broadcast ${this.name}`, life, () =>
          resolve({ class: verdict, endpoint: this.name, detail }),
        )
      this.#party.emit(() => {
        this.#world.network.noteRequest(this.#endpoint)
        this.#world.onBroadcast(raw, hash, this.#endpoint)
        if (this.#fails()) return answer(latencyOf(latency), 'unclear', 'HTTP 503')
        if (faults.strikes('endpoint_rate_limit')) return answer(latencyOf(latency), 'unclear', 'HTTP 429')
        const isSilent = faults.strikes('endpoint_timeout')
        if (isSilent && faults.stream('endpoint_timeout').happens(0.5)) {
          return answer(TIMEOUT_MS, 'unclear', 'no answer in time')
        }
        scheduler.after(latencyOf(latency) + this.#endpoint.traits.slowMs, `${this.name} takes bytes`, () => {
          const told = this.#take(hash)
          answer(
            isSilent ? TIMEOUT_MS : latencyOf(latency),
            isSilent ? 'unclear' : told.class,
            isSilent ? 'no answer in time' : told.detail,
          )
        })
      })
    })
  }

  #take(hash: TxHash): { readonly class: BroadcastOutcome['class']; readonly detail: string | null } {
    const { faults, scheduler } = this.#stage
    const { network } = this.#world
    const transaction = network.parts.mint.read(hash)
    network.wild.set(hash, transaction)
    network.keepMining()
    if (this.#lies()) return { class: falseVerdict(faults.stream('endpoint_lie')), detail: 'a lie' }
    const isNew = !this.#endpoint.pool.has(hash)
    const verdict = this.#endpoint.offer(transaction, scheduler.now)
    if (isNew && verdict === 'accepted') {
      if (faults.strikes('endpoint_drop')) this.#endpoint.pool.delete(hash)
      else network.spread(transaction, this.#endpoint)
      if (faults.strikes('endpoint_other_hash')) {
        return { class: 'unclear', detail: 'the node answered another hash' }
      }
    }
    return { class: verdict, detail: null }
  }

  async #ask<T>(what: string, read: (now: number) => T): Promise<NodeResult<T>> {
    const pass = await this.#enter('read')
    if (typeof pass === 'string') return { ok: false, error: { reason: 'held_back', why: pass } }
    const result = await this.#send(what, read)
    this.#gate.left(pass, result.ok ? null : result.error)
    return result
  }

  /** Whoever died in line sends nothing. */
  async #enter(kind: RequestKind): Promise<Pass | HeldBack> {
    const { life } = this.#party
    const pass = await this.#gate.enter(kind)
    return this.#party.life === life ? pass : new Promise(() => {})
  }

  #send<T>(what: string, read: (now: number) => T): Promise<NodeResult<T>> {
    const { faults, chance, scheduler } = this.#stage
    const { life } = this.#party
    const latency = latencyOf(chance.stream('latency endpoint')) + this.#endpoint.traits.slowMs
    return new Promise((resolve) => {
      const answer = (delayMs: number, result: NodeResult<T>) =>
        this.#party.hear(delayMs, `< ${what} ${this.name}`, life, () => resolve(result))
      const fail = (delayMs: number, error: NodeFailure) => answer(delayMs, { ok: false, error })
      this.#party.emit(() => {
        this.#world.network.noteRequest(this.#endpoint)
        if (this.#fails()) return fail(latency, { reason: 'http', status: 503 })
        if (faults.strikes('endpoint_timeout')) return fail(TIMEOUT_MS, { reason: 'timeout' })
        if (faults.strikes('endpoint_rate_limit')) {
          return fail(latency, { reason: 'rate_limited', retry_after_ms: null })
        }
        answer(latency, { ok: true, value: read(scheduler.now) })
      })
    })
  }

  #fails(): boolean {
    const { failureRate } = this.#endpoint.traits
    return !this.#stage.faults.isOver && this.#stage.chance.stream('failing endpoint').happens(failureRate)
  }

  #lies(): boolean {
    return this.#isLiar && this.#stage.faults.strikes('endpoint_lie')
  }

  #imported(hash: BlockHash, now: number): SimBlock | null {
    this.#endpoint.view(now)
    return this.#endpoint.knows(hash) ? this.#chain.byHash(hash) : null
  }

  get #isLiar(): boolean {
    return this.#world.liar === this.#endpoint
  }

  get #chain() {
    return this.#world.network.parts.chain
  }

  get #stage() {
    return this.#world.network.parts.stage
  }
}

/** What the product's own client would have seen. */
function failureBehind({ class: told, detail }: BroadcastOutcome): NodeFailure | null {
  if (told !== 'unclear') return null
  if (detail === 'no answer in time') return { reason: 'timeout' }
  if (detail === 'HTTP 503') return { reason: 'http', status: 503 }
  return detail === 'HTTP 429' ? { reason: 'rate_limited', retry_after_ms: null } : null
}

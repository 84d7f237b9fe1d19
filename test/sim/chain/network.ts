// All endpoints of the simulated chain, and what happens between them: blocks are mined and announced, transactions spread
// from pool to pool, and now and then something goes wrong with all of it.

import type { Address } from '../../../src/shared/chain/address.ts'
import type { TxHash } from '../../../src/shared/chain/hash.ts'
import { addressOf } from '../../support/domain-values.ts'
import type { Stream } from '../chance.ts'
import type { Stage } from '../stage.ts'
import { CALM_BASE_FEE, type SimBlock, type SimChain } from './chain.ts'
import { Drains } from './drains.ts'
import type { Endpoint } from './endpoint.ts'
import { OTHER_CODE, readExecuteSigned } from './executor.ts'
import type { Prices } from './prices.ts'
import {
  bringing,
  CARRIER,
  carrying,
  type Mint,
  strangersDelegation,
  strangersFields,
  type Transaction,
} from './transaction.ts'

/** Takes the code away again. */
const NO_CODE = addressOf(0)

/** Milliseconds between blocks, on average. */
export const BLOCK_MS = 2_000
/** Blocks for which an endpoint stands still: from just above finality to far beyond it. */
const STUCK_LEAST = 5
const STUCK_MOST = 30

export type NetworkParts = {
  readonly stage: Stage
  readonly chain: SimChain
  readonly mint: Mint
  readonly endpoints: readonly Endpoint[]
  readonly accounts: readonly Address[]
  readonly prices: Prices
  /** Whether anybody still waits for a block. */
  readonly isBusy: () => boolean
}

export class Network {
  readonly parts: NetworkParts
  /** All bytes that were ever handed to an endpoint: somebody may still have them. */
  readonly wild = new Map<TxHash, Transaction>()
  readonly #stream: Stream
  #isMining = false
  #spikeUntil = 0
  /** What strangers signed: they want it mined, and send it again as long as that can be. */
  readonly #strange: Transaction[] = []
  readonly #drains: Drains
  /** Bytes that are mined before what replaced them. */
  readonly #preferred = new Set<TxHash>()

  constructor(parts: NetworkParts) {
    this.parts = parts
    this.#drains = new Drains(parts.stage, parts.chain, parts.accounts)
    this.#stream = parts.stage.chance.stream('network')
  }

  /** Bytes that an endpoint kept reach the others in their own time; nobody has to tell private ones. */
  spread(transaction: Transaction, from: Endpoint): void {
    const { stage, endpoints } = this.parts
    if (from.traits.isPrivate) return
    for (const endpoint of endpoints) {
      if (endpoint.pool.has(transaction.hash)) continue
      const delay = this.#stream.between(20, 1_500)
      stage.scheduler.after(delay, 'gossip', () => endpoint.offer(transaction, stage.scheduler.now))
    }
  }

  /** Whoever sent it: an endpoint's rate is one for all. */
  noteRequest(endpoint: Endpoint): void {
    const { rate, name } = endpoint.traits
    if (rate === null) return
    const { scheduler, violations } = this.parts.stage
    const count = endpoint.countRequest(scheduler.now)
    violations.check(
      'rate',
      count <= rate,
      () => `${name} got ${count} requests in a second, and may get ${rate}`,
    )
  }

  /** Mining goes on while anybody waits for it. */
  keepMining(): void {
    if (this.#isMining) return
    this.#isMining = true
    this.#next()
  }

  #next(): void {
    const delay = this.#stream.between(BLOCK_MS / 2, BLOCK_MS * 1.5)
    this.parts.stage.scheduler.after(delay, 'block', () => {
      this.#trouble()
      this.#mine()
      // The chain goes on without an endpoint that stands still, whether anybody of ours waits or not.
      const isLeftBehind = this.parts.endpoints.some(({ isStuck }) => isStuck)
      this.#isMining = isLeftBehind || this.parts.isBusy() || this.#hasWaiting()
      if (this.#isMining) this.#next()
    })
  }

  #hasWaiting(): boolean {
    const { ledger } = this.parts.chain.head
    return this.parts.endpoints.some(({ pool }) => [...pool.values()].some((one) => ledger.takes(one)))
  }

  #mine(): void {
    const { chain, stage } = this.parts
    for (const transaction of this.#strange) this.#insist(transaction)
    chain.mine(this.#choose(), stage.scheduler.now)
    this.#announce(chain.head)
  }

  /** In nonce order per account, and not always all. */
  #choose(): readonly Transaction[] {
    const { endpoints, stage } = this.parts
    const waiting = new Map<TxHash, Transaction>()
    for (const endpoint of endpoints) {
      endpoint.view(stage.scheduler.now)
      for (const transaction of endpoint.pool.values()) waiting.set(transaction.hash, transaction)
    }
    const chosen = [...waiting.values()].filter(() => stage.faults.isOver || !this.#stream.happens(0.2))
    const rank = ({ hash }: Transaction): number => (this.#preferred.has(hash) ? 0 : 1)
    return chosen.sort((one, other) => one.nonce - other.nonce || rank(one) - rank(other))
  }

  #announce(block: SimBlock): void {
    const { stage, endpoints } = this.parts
    const { faults, scheduler } = stage
    for (const endpoint of endpoints) {
      if (!this.#imports(endpoint)) continue
      const isLate = faults.strikes('endpoint_lag')
      const delay = isLate
        ? faults.stream('endpoint_lag').between(BLOCK_MS, 10 * BLOCK_MS)
        : this.#stream.between(5, 300)
      endpoint.announce(block, scheduler.now + delay)
    }
  }

  /** One that begins to stand still loses what was on its way, too. */
  #imports(endpoint: Endpoint): boolean {
    const { faults, note } = this.parts.stage
    if (!endpoint.isStuck && faults.strikes('endpoint_stuck')) {
      const blocks = faults.stream('endpoint_stuck').between(STUCK_LEAST, STUCK_MOST)
      note?.(`      ${endpoint.traits.name} stands still for ${blocks} blocks`)
      endpoint.stick(blocks)
    }
    return endpoint.unstick(faults.isOver)
  }

  #trouble(): void {
    const { faults, scheduler } = this.parts.stage
    if (faults.strikes('eviction_mempool')) this.#evict()
    if (faults.strikes('late_attempt')) this.#rise()
    for (const transaction of this.#replaced()) {
      if (faults.strikes('replaced_mined')) this.#prefer(transaction)
    }
    this.#replay()
    this.#bring()
    this.#drains.pass()
    if (faults.strikes('stranger')) this.#intrude()
    if (faults.strikes('reorg')) this.#reorg()
    if (faults.strikes('fee_spike')) {
      this.parts.chain.baseFee = CALM_BASE_FEE * 10n
      this.#spikeUntil = scheduler.now + faults.stream('fee_spike').between(4_000, 40_000)
    }
    if (scheduler.now >= this.#spikeUntil || faults.isOver) {
      this.parts.chain.baseFee = this.parts.prices.next(faults.isOver)
    }
  }

  #evict(): void {
    const stream = this.parts.stage.faults.stream('eviction_mempool')
    for (const { pool } of this.parts.endpoints) {
      for (const hash of pool.keys()) {
        if (this.wild.has(hash) && stream.happens(0.7)) pool.delete(hash)
      }
    }
  }

  /** Old bytes come back from wherever they were. */
  #rise(): void {
    const { stage, endpoints } = this.parts
    for (const transaction of this.wild.values()) {
      for (const endpoint of endpoints) endpoint.offer(transaction, stage.scheduler.now)
    }
  }

  /** Bytes of ours that others of ours outbid, and that can still be mined. */
  #replaced(): readonly Transaction[] {
    const { ledger } = this.parts.chain.head
    const open = [...this.wild.values()].filter(({ from, nonce }) => nonce >= ledger.nonce(from))
    return open.filter((one) =>
      open.some(
        ({ from, nonce, max_fee_per_gas }) =>
          from === one.from && nonce === one.nonce && max_fee_per_gas > one.max_fee_per_gas,
      ),
    )
  }

  /** An endpoint never saw what replaced them. */
  #prefer(transaction: Transaction): void {
    const { stage, endpoints } = this.parts
    const endpoint = endpoints[stage.faults.stream('replaced_mined').below(endpoints.length)]
    if (endpoint === undefined) return
    for (const other of endpoint.pool.values()) {
      if (other.from === transaction.from && other.nonce === transaction.nonce)
        endpoint.pool.delete(other.hash)
    }
    endpoint.pool.set(transaction.hash, transaction)
    this.#preferred.add(transaction.hash)
  }

  #intrude(): void {
    const { stage, accounts, mint, chain } = this.parts
    const stream = stage.faults.stream('stranger')
    const account = accounts[stream.below(accounts.length)]
    if (account === undefined) return
    const nonce = chain.head.ledger.nonce(account) + stream.below(2)
    const price = CALM_BASE_FEE * 3n + BigInt(this.#strange.length)
    const isMove = stage.faults.strikes('delegation_foreign')
    const code = stream.happens(0.5) ? OTHER_CODE : NO_CODE
    const transaction = mint.sign(
      isMove
        ? strangersDelegation(account, nonce, code, price)
        : strangersFields(account, nonce, account, price),
    )
    stage.note?.(`      a stranger signs nonce ${nonce} of ${stage.alias(account)}`)
    this.#strange.push(transaction)
    this.#insist(transaction)
  }

  /** Authorizations of ours that fit the account now, since something else was mined at the nonce before theirs. */
  #replay(): void {
    const { stage, chain, mint, endpoints } = this.parts
    const { ledger } = chain.head
    for (const { from, authorization } of this.wild.values()) {
      if (authorization === null || authorization.nonce !== ledger.nonce(from)) continue
      if (!stage.faults.strikes('replayed_authorization')) continue
      const carried = { authority: from, ...authorization }
      const transaction = mint.sign(carrying(carried, ledger.nonce(CARRIER), CALM_BASE_FEE * 100n))
      stage.note?.(
        `      a stranger brings the authorization of ${stage.alias(from)} for nonce ${carried.nonce}`,
      )
      for (const { pool } of endpoints) pool.set(transaction.hash, transaction)
    }
  }

  /** Batches of ours that are out for anybody to bring: in their time, again when they have run, and when it is over. */
  #bring(): void {
    const { stage, chain, mint, endpoints } = this.parts
    for (const { to, data } of this.wild.values()) {
      if (readExecuteSigned(data) === null || !stage.faults.strikes('batch_brought')) continue
      const nonce = chain.head.ledger.nonce(CARRIER)
      const transaction = mint.sign(bringing(to, data, nonce, CALM_BASE_FEE * 100n))
      stage.note?.(`      a stranger brings a batch of ${stage.alias(to)}`)
      for (const { pool } of endpoints) pool.set(transaction.hash, transaction)
    }
  }

  #insist(transaction: Transaction): void {
    const { from, nonce, hash } = transaction
    const { ledger } = this.parts.chain.head
    if (nonce < ledger.nonce(from)) return
    for (const { pool } of this.parts.endpoints) {
      // The stranger pays more: what held the nonce in the pool is replaced.
      for (const other of pool.values()) {
        if (other.from === from && other.nonce === nonce) pool.delete(other.hash)
      }
      pool.set(hash, transaction)
    }
  }

  /** Whoever signed it with one of our keys does not want it any more: its nonce is nobody's. */
  #givesUp(transaction: Transaction): boolean {
    const { stage, endpoints } = this.parts
    const index = this.#strange.indexOf(transaction)
    if (index < 0 || !stage.faults.strikes('stranger_gives_up')) return false
    this.#strange.splice(index, 1)
    for (const { pool } of endpoints) pool.delete(transaction.hash)
    return true
  }

  #reorg(): void {
    const { chain, stage, endpoints } = this.parts
    const stream = stage.faults.stream('reorg')
    const deepest = Math.min(chain.head.number - chain.finalized, chain.head.number - 1)
    if (deepest < 1) return
    const depth = stream.between(1, deepest)
    const undone: Transaction[] = []
    let block: SimBlock | null = chain.head
    for (let count = 0; count < depth && block !== null; count++, block = block.parent) {
      undone.unshift(...block.transactions)
    }
    // Some come again elsewhere, some only much later, some never.
    const again = undone.filter(() => stream.happens(0.5))
    const place = stream.below(depth)
    const blocks = Array.from({ length: depth }, (_, index) => (index === place ? again : []))
    stage.note?.(`      reorg: ${depth} blocks undone, ${undone.length} transactions in them`)
    chain.reorg(depth, blocks, stage.scheduler.now)
    for (const transaction of undone) {
      if (!again.includes(transaction) && this.#givesUp(transaction)) continue
      if (!stream.happens(0.5)) continue
      for (const endpoint of endpoints)
        if (stream.happens(0.7)) endpoint.pool.set(transaction.hash, transaction)
    }
  }
}

// One node of the simulated chain: how much of the chain it has imported, and which transactions wait in its pool. Answers
// what an honest node would, late or early as it may be; lies are told elsewhere (lies.ts).

import type { BroadcastClass } from '../../../src/shared/broadcast/outcome.ts'
import type { Address } from '../../../src/shared/chain/address.ts'
import { type BlockRef, refOf } from '../../../src/shared/chain/block.ts'
import type { BlockHash, TxHash } from '../../../src/shared/chain/hash.ts'
import type {
  CallRequest,
  GasEstimate,
  SignerAccount,
  SignerQuery,
} from '../../../src/shared/signer/account/account.ts'
import type { AccountCode } from '../../../src/shared/signer/account/account-code.ts'
import type { SimBlock, SimChain } from './chain.ts'
import { EXECUTOR, readExecuteSigned, readRunGroup } from './executor.ts'
import { isValid, Ledger, MOODY, TOKENS } from './ledger.ts'
import { erc20Arguments, type Transaction } from './transaction.ts'

export type EndpointTraits = {
  readonly name: string
  readonly operator: string
  /** What it has it passes on to nobody. */
  readonly isPrivate: boolean
  /** Enforces what nodes do of nonces above the next one, accounts with code and replacements. */
  readonly isStrict: boolean
  /** Names a finalized block. */
  readonly hasTag: boolean
  /** Says `nonce too low` of what it has in a block, as Anvil does. */
  readonly isForgetful: boolean
  /** Milliseconds that each answer takes longer. */
  readonly slowMs: number
  /** Of requests that come to nothing, while there are faults. */
  readonly failureRate: number
  /** Requests in one second that it may get; null: as many as come. */
  readonly rate: number | null
}

const SECOND_MS = 1_000

export class Endpoint {
  readonly traits: EndpointTraits
  /** When the requests of the last second came. */
  #lately: readonly number[] = []
  readonly pool = new Map<TxHash, Transaction>()
  readonly #chain: SimChain
  #view: SimBlock
  #announced: { readonly at: number; readonly block: SimBlock }[] = []
  /** Every block that it ever had: it knows no other. */
  readonly #imported = new Set<BlockHash>()
  /** Blocks to be mined until it imports one again. */
  #stuckFor = 0

  constructor(traits: EndpointTraits, chain: SimChain) {
    this.traits = traits
    this.#chain = chain
    this.#view = chain.head
    this.#import(chain.head)
  }

  /** Within one second, with this one. */
  countRequest(now: number): number {
    this.#lately = [...this.#lately.filter((at) => at > now - SECOND_MS), now]
    return this.#lately.length
  }

  get isStuck(): boolean {
    return this.#stuckFor > 0
  }

  /** What was announced to it has not arrived, and will not before so many more blocks are mined. */
  stick(blocks: number): void {
    this.#stuckFor = blocks
    this.#announced = []
  }

  /** A block was mined. False: this one passes it by. */
  unstick(isForced: boolean): boolean {
    this.#stuckFor = isForced ? 0 : Math.max(0, this.#stuckFor - 1)
    return !this.isStuck
  }

  knows(block: BlockHash): boolean {
    return this.#imported.has(block)
  }

  /** A new head that it will have imported by then. */
  announce(block: SimBlock, at: number): void {
    this.#announced.push({ at, block })
  }

  /** What it takes for the head. Blocks arrive in any order; the last one announced is the one it ends at. */
  view(now: number): SimBlock {
    const arrived = this.#announced.findLastIndex(({ at }) => at <= now)
    const newest = this.#announced[arrived]
    if (newest === undefined) return this.#view
    this.#view = newest.block
    this.#import(newest.block)
    this.#announced = this.#announced.slice(arrived + 1)
    for (const transaction of this.pool.values()) {
      if (transaction.nonce < this.#view.ledger.nonce(transaction.from)) this.pool.delete(transaction.hash)
    }
    return this.#view
  }

  #import(head: SimBlock): void {
    for (let block: SimBlock | null = head; block !== null && !this.knows(block.hash); block = block.parent) {
      this.#imported.add(block.hash)
    }
  }

  finalized(now: number): BlockRef | null {
    if (!this.traits.hasTag) return null
    const view = this.view(now)
    const block = this.#chain.at(Math.max(0, view.number - this.#chain.depth), view)
    return block === null ? null : refOf(block)
  }

  account({ address, tokens, words, estimates }: SignerQuery, now: number): SignerAccount {
    const view = this.view(now)
    const { ledger } = view
    return {
      at: refOf(view),
      time: view.told.at,
      balance: ledger.balance(address),
      latest_nonce: ledger.nonce(address),
      pending_nonce: this.#pendingNonce(address, ledger),
      token_balances: tokens.map((token) => (TOKENS.has(token) ? ledger.tokens(token, address) : null)),
      code: codeOf(ledger, address),
      used: new Map(words.map((word) => [word, ledger.used(address, word)])),
      estimates: estimates.map((call) => estimate(call, view)),
      fees: { next_base_fee: this.#chain.baseFee, priority_fee: 1n },
      room: { gas_limit: this.#chain.gasLimit, gas_used: gasUsedIn(view) },
    }
  }

  /** What it says to these bytes, and whether it keeps them. */
  offer(transaction: Transaction, now: number): BroadcastClass {
    const { ledger } = this.view(now)
    const { from, nonce, hash, value, gas_limit, max_fee_per_gas } = transaction
    if (nonce < ledger.nonce(from)) {
      const isMined = this.#chain.blockOf(hash, this.view(now)) !== null
      return isMined && !this.traits.isForgetful ? 'known' : 'nonce_used'
    }
    if (this.pool.has(hash)) return 'known'
    const held = this.#held(from, nonce)
    if (held !== null && !outbids(transaction, held, this.traits.isStrict)) return 'held_slot'
    if (this.traits.isStrict && nonce > this.#pendingNonce(from, ledger)) return 'nonce_gap'
    if (this.traits.isStrict && held === null && this.#isFull(transaction, ledger)) return 'congested'
    if (ledger.balance(from) < value + gas_limit * max_fee_per_gas) return 'funds'
    if (this.traits.isStrict && max_fee_per_gas < this.#chain.baseFee) return 'underpriced'
    if (held !== null) this.pool.delete(held.hash)
    this.pool.set(hash, transaction)
    return 'accepted'
  }

  #held(from: Address, nonce: number): Transaction | null {
    for (const other of this.pool.values()) if (other.from === from && other.nonce === nonce) return other
    return null
  }

  /** As geth has it: of an account with code only the next nonce, and a delegation only on an empty line. */
  #isFull({ from, nonce, authorization }: Transaction, ledger: Ledger): boolean {
    return nonce !== ledger.nonce(from) && (authorization !== null || ledger.codeOf(from) !== null)
  }

  #pendingNonce(from: Address, ledger: Ledger): number {
    let next = ledger.nonce(from)
    while (this.#held(from, next) !== null) next += 1
    return next
  }
}

function gasUsedIn({ receipts }: SimBlock): bigint {
  let sum = 0n
  for (const { gas_used } of receipts.values()) sum += gas_used
  return sum
}

function codeOf(ledger: Ledger, account: Address): AccountCode {
  const to = ledger.codeOf(account)
  return to === null ? { kind: 'none' } : { kind: 'delegated', to }
}

/** Strictly more than a tenth on both fees; where the node is not strict, strictly more. */
function outbids(one: Transaction, other: Transaction, isStrict: boolean): boolean {
  const isMore = (fee: bigint, before: bigint) => (isStrict ? fee * 10n > before * 11n : fee > before)
  return (
    isMore(one.max_fee_per_gas, other.max_fee_per_gas) &&
    isMore(one.max_priority_fee_per_gas, other.max_priority_fee_per_gas)
  )
}

/** Of several actions at once. */
const GROUP_GAS = 90_000n

function estimate({ from, to, data }: CallRequest, { ledger, hash, minedAt }: SimBlock): GasEstimate {
  const reverts: GasEstimate = { ok: false, reverted: true, message: 'execution reverted' }
  const isMoody = hash.charCodeAt(6) % 5 === 0
  if (to === MOODY && isMoody) return reverts
  if (to === from && ledger.codeOf(from) === EXECUTOR) {
    const isRun = new Ledger(ledger).runGroup(from, readRunGroup(data), isMoody) !== null
    return isRun ? { ok: true, gas: GROUP_GAS } : reverts
  }
  const signed = ledger.codeOf(to) === EXECUTOR ? readExecuteSigned(data) : null
  if (signed !== null) return isValid(to, signed, minedAt) ? { ok: true, gas: GROUP_GAS } : reverts
  const call = TOKENS.has(to) ? erc20Arguments(data) : null
  if (call !== null && ledger.tokens(to, from) < call.amount) return reverts
  return { ok: true, gas: ledger.gasOf({ to }) }
}

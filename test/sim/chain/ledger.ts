// Accounts as of one block, and what a transaction does to them. Copied for each block, so that every branch of the tree
// has its own.

import type { Address } from '../../../src/shared/chain/address.ts'
import type { Log, Receipt } from '../../../src/shared/chain/receipt.ts'
import { assert } from '../../../src/shared/lib/assert.ts'
import { type Hex, isHex } from '../../../src/shared/lib/hex.ts'
import { TRANSFER_TOPIC } from '../../../src/shared/signer/evidence.ts'
import { addressOf } from '../../support/domain-values.ts'
import { erc20Arguments, type Transaction } from './transaction.ts'

/** Contracts: a token; one that takes a tenth on the way; one that does nothing and says so; one that has moods. */
export const TOKEN = addressOf(0x7001)
export const FEE_TOKEN = addressOf(0x7002)
export const MUTE_TOKEN = addressOf(0x7003)
export const MOODY = addressOf(0x7004)
export const TOKENS: ReadonlySet<Address> = new Set([TOKEN, FEE_TOKEN, MUTE_TOKEN])

const PLAIN_GAS = 21_000n
const TOKEN_GAS = 50_000n
const CALL_GAS = 40_000n

export type Execution = Pick<Receipt, 'status' | 'gas_used' | 'effective_gas_price' | 'logs'>

export class Ledger {
  readonly #native: Map<Address, bigint>
  readonly #nonces: Map<Address, number>
  /** By token and owner. */
  readonly #tokens: Map<string, bigint>

  constructor(parent: Ledger | null = null) {
    this.#native = new Map(parent === null ? [] : parent.#native)
    this.#nonces = new Map(parent === null ? [] : parent.#nonces)
    this.#tokens = new Map(parent === null ? [] : parent.#tokens)
  }

  balance(account: Address): bigint {
    return this.#native.get(account) ?? 0n
  }

  nonce(account: Address): number {
    return this.#nonces.get(account) ?? 0
  }

  tokens(token: Address, owner: Address): bigint {
    return this.#tokens.get(`${token} ${owner}`) ?? 0n
  }

  /** Of all accounts: what was paid in, less the fees. */
  get supply(): bigint {
    let sum = 0n
    for (const balance of this.#native.values()) sum += balance
    return sum
  }

  pay(account: Address, amount: bigint): void {
    this.#native.set(account, this.balance(account) + amount)
  }

  give(token: Address, owner: Address, amount: bigint): void {
    this.#tokens.set(`${token} ${owner}`, this.tokens(token, owner) + amount)
  }

  /** Whether a block may hold it now: the next nonce, and covered in full. */
  takes({ from, nonce, value, gas_limit, max_fee_per_gas }: Transaction): boolean {
    return nonce === this.nonce(from) && this.balance(from) >= value + gas_limit * max_fee_per_gas
  }

  /** `isMoody`: how the contract that has moods feels in this block. */
  execute(transaction: Transaction, baseFee: bigint, isMoody: boolean): Execution {
    const { from, nonce, to, max_fee_per_gas, max_priority_fee_per_gas, gas_limit } = transaction
    this.#nonces.set(from, nonce + 1)
    let effective_gas_price = baseFee + max_priority_fee_per_gas
    if (effective_gas_price > max_fee_per_gas) effective_gas_price = max_fee_per_gas
    const needed = this.gasOf(transaction)
    const isCovered = needed <= gas_limit
    const logs = isCovered ? this.#run(transaction, isMoody) : null
    const gas_used = isCovered ? needed : gas_limit
    this.pay(from, -gas_used * effective_gas_price)
    if (logs === null) return { status: 'reverted', gas_used, effective_gas_price, logs: [] }
    this.pay(from, -transaction.value)
    this.pay(to, transaction.value)
    return { status: 'success', gas_used, effective_gas_price, logs }
  }

  gasOf({ to }: Pick<Transaction, 'to'>): bigint {
    if (TOKENS.has(to)) return TOKEN_GAS
    return to === MOODY ? CALL_GAS : PLAIN_GAS
  }

  /** Null: it reverts. */
  #run({ from, to, data }: Transaction, isMoody: boolean): readonly Log[] | null {
    if (to === MOODY) return isMoody ? null : []
    if (!TOKENS.has(to)) return []
    const call = erc20Arguments(data)
    if (call === null || this.tokens(to, from) < call.amount) return null
    if (to === MUTE_TOKEN) return []
    const arrives = to === FEE_TOKEN ? call.amount - call.amount / 10n : call.amount
    this.give(to, from, -call.amount)
    this.give(to, call.to, arrives)
    return [transferLog(to, from, call.to, arrives)]
  }
}

function transferLog(address: Address, from: Address, to: Address, amount: bigint): Log {
  const topics = [hex(TRANSFER_TOPIC), word(BigInt(from)), word(BigInt(to))]
  return { address, topics, data: word(amount) }
}

function word(value: bigint): Hex {
  return hex(`0x${value.toString(16).padStart(64, '0')}`)
}

function hex(text: string): Hex {
  assert(isHex(text), 'it is hex')
  return text
}

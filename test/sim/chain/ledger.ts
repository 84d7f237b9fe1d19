// Accounts as of one block, and what a transaction does to them. Copied for each block, so that every branch of the tree
// has its own.

import type { BatchCall, BatchRun } from '../../../src/shared/batch/batch-step.ts'
import type { Address } from '../../../src/shared/chain/address.ts'
import type { Log, Receipt } from '../../../src/shared/chain/receipt.ts'
import { assert } from '../../../src/shared/lib/assert.ts'
import { type Hex, isHex } from '../../../src/shared/lib/hex.ts'
import { TRANSFER_TOPIC } from '../../../src/shared/signer/evidence/evidence.ts'
import { addressOf } from '../../support/domain-values.ts'
import {
  batchDoneLog,
  EXECUTOR,
  type Execute,
  readExecute,
  readExecuteSigned,
  type SignedExecute,
} from './executor.ts'
import { batchSignature, type CarriedAuthorization, erc20Arguments, type Transaction } from './transaction.ts'

/** Contracts: a token; one that takes a tenth on the way; one that does nothing and says so; one that has moods. */
export const TOKEN = addressOf(0x7001)
export const FEE_TOKEN = addressOf(0x7002)
export const MUTE_TOKEN = addressOf(0x7003)
export const MOODY = addressOf(0x7004)
export const TOKENS: ReadonlySet<Address> = new Set([TOKEN, FEE_TOKEN, MUTE_TOKEN])

const PLAIN_GAS = 21_000n
const TOKEN_GAS = 50_000n
const CALL_GAS = 40_000n
const DELEGATION_GAS = 46_000n

export type Execution = Pick<Receipt, 'status' | 'gas_used' | 'effective_gas_price' | 'logs'>

export type Mood = {
  /** How the contract that has moods feels in this block. */
  readonly isMoody: boolean
  /** Places of a batch whose steps fail. */
  readonly spoiled: ReadonlySet<number>
  /** Of the block, milliseconds. */
  readonly at: number
}

export class Ledger {
  readonly #native: Map<Address, bigint>
  readonly #nonces: Map<Address, number>
  /** By token and owner. */
  readonly #tokens: Map<string, bigint>
  /** What accounts delegate to. */
  readonly #codes: Map<Address, Address>
  /** Used step numbers, by account and word. */
  readonly #used: Map<string, bigint>

  constructor(parent: Ledger | null = null) {
    this.#native = new Map(parent === null ? [] : parent.#native)
    this.#nonces = new Map(parent === null ? [] : parent.#nonces)
    this.#tokens = new Map(parent === null ? [] : parent.#tokens)
    this.#codes = new Map(parent === null ? [] : parent.#codes)
    this.#used = new Map(parent === null ? [] : parent.#used)
  }

  balance(account: Address): bigint {
    return this.#native.get(account) ?? 0n
  }

  nonce(account: Address): number {
    return this.#nonces.get(account) ?? 0
  }

  /** Null: it has no code. */
  codeOf(account: Address): Address | null {
    return this.#codes.get(account) ?? null
  }

  used(account: Address, word: bigint): bigint {
    return this.#used.get(`${account} ${word}`) ?? 0n
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

  execute(transaction: Transaction, baseFee: bigint, mood: Mood): Execution {
    const { from, nonce, to, max_fee_per_gas, max_priority_fee_per_gas, gas_limit } = transaction
    this.#nonces.set(from, nonce + 1)
    const { authorization, carried } = transaction
    if (authorization !== null) this.#delegate({ authority: from, ...authorization })
    if (carried !== null) this.#delegate(carried)
    let effective_gas_price = baseFee + max_priority_fee_per_gas
    if (effective_gas_price > max_fee_per_gas) effective_gas_price = max_fee_per_gas
    const needed = this.gasOf(transaction)
    const isCovered = needed <= gas_limit
    const logs = isCovered ? this.#run(transaction, mood) : null
    const gas_used = isCovered ? needed : gas_limit
    this.pay(from, -gas_used * effective_gas_price)
    if (logs === null) return { status: 'reverted', gas_used, effective_gas_price, logs: [] }
    this.pay(from, -transaction.value)
    this.pay(to, transaction.value)
    return { status: 'success', gas_used, effective_gas_price, logs }
  }

  /** An authorization that fits the account's nonce uses it up. */
  #delegate({ authority, address, nonce }: CarriedAuthorization): void {
    if (nonce !== this.nonce(authority)) return
    this.#nonces.set(authority, nonce + 1)
    if (BigInt(address) === 0n) this.#codes.delete(authority)
    else this.#codes.set(authority, address)
  }

  gasOf({ to, authorization = null }: Pick<Transaction, 'to'> & Partial<Transaction>): bigint {
    if (authorization !== null) return DELEGATION_GAS
    if (TOKENS.has(to)) return TOKEN_GAS
    return to === MOODY ? CALL_GAS : PLAIN_GAS
  }

  /** Null: it reverts. */
  #run({ from, to, data }: Transaction, mood: Mood): readonly Log[] | null {
    if (to === from && this.codeOf(from) === EXECUTOR) return this.#runBatch(from, readExecute(data), mood)
    const signed = this.codeOf(to) === EXECUTOR ? readExecuteSigned(data) : null
    if (signed !== null) return this.#runSigned(to, signed, mood)
    return this.#call(from, to, data, mood.isMoody)
  }

  /** Null: its time is over, or the account has not signed it. */
  #runSigned(account: Address, signed: SignedExecute, mood: Mood): readonly Log[] | null {
    return isValid(account, signed, mood.at) ? this.#runBatch(account, signed, mood) : null
  }

  /** Each number once; one that fails is used up as well. */
  #runBatch(account: Address, execute: Execute | null, { isMoody, spoiled }: Mood): readonly Log[] {
    if (execute === null) return []
    const logs: Log[] = []
    let [done, failed] = [0n, 0n]
    for (const [place, { number, run }] of execute.steps.entries()) {
      if (!this.#useUp(account, number)) continue
      const isRun = run !== null && !spoiled.has(place)
      const told = isRun ? this.#runStep(account, run, isMoody) : run === null ? [] : null
      if (told === null) failed |= 1n << BigInt(place)
      else done |= 1n << BigInt(place)
      logs.push(...(told ?? []))
    }
    return [...logs, batchDoneLog(account, execute.id, done, failed)]
  }

  #useUp(account: Address, number: bigint): boolean {
    const word = number >> 8n
    const bit = 1n << (number & 0xffn)
    const bits = this.used(account, word)
    if ((bits & bit) !== 0n) return false
    this.#used.set(`${account} ${word}`, bits | bit)
    return true
  }

  /** Null: it fails, and nothing of it happened. */
  #runStep(account: Address, run: BatchRun, isMoody: boolean): readonly Log[] | null {
    return run.kind === 'group'
      ? this.runGroup(account, run.calls, isMoody)
      : this.#runCall(account, run, isMoody)
  }

  /** All of them or none. Null: none. */
  runGroup(account: Address, calls: readonly BatchCall[], isMoody: boolean): readonly Log[] | null {
    const before = new Ledger(this)
    const logs: Log[] = []
    for (const call of calls) {
      const told = this.#runCall(account, call, isMoody)
      if (told === null) {
        this.#goBackTo(before)
        return null
      }
      logs.push(...told)
    }
    return logs
  }

  /** What calls change: balances. */
  #goBackTo(before: Ledger): void {
    for (const account of this.#native.keys()) this.#native.set(account, before.balance(account))
    for (const name of this.#tokens.keys()) this.#tokens.set(name, before.#tokens.get(name) ?? 0n)
  }

  #runCall(account: Address, call: BatchCall, isMoody: boolean): readonly Log[] | null {
    switch (call.kind) {
      case 'native':
        if (this.balance(account) < call.amount) return null
        this.pay(account, -call.amount)
        this.pay(call.to, call.amount)
        return []
      case 'erc20':
        return this.#transfer(account, call.token, call.to, call.amount)
      case 'call':
        return this.#call(account, call.to, call.data, isMoody)
    }
  }

  #call(from: Address, to: Address, data: Hex, isMoody: boolean): readonly Log[] | null {
    if (to === MOODY) return isMoody ? null : []
    if (!TOKENS.has(to)) return []
    const call = erc20Arguments(data)
    return call === null ? null : this.#transfer(from, to, call.to, call.amount)
  }

  #transfer(from: Address, token: Address, to: Address, amount: bigint): readonly Log[] | null {
    if (this.tokens(token, from) < amount) return null
    if (token === MUTE_TOKEN) return []
    const arrives = token === FEE_TOKEN ? amount - amount / 10n : amount
    this.give(token, from, -amount)
    this.give(token, to, arrives)
    return [transferLog(token, from, to, arrives)]
  }
}

/** `at`: of the block, milliseconds. */
export function isValid(
  account: Address,
  { id, validUntil, packed: steps, signature }: SignedExecute,
  at: number,
): boolean {
  return at <= validUntil * 1_000 && signature === batchSignature(account, { id, validUntil, steps })
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

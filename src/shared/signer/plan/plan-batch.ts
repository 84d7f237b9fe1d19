// Which of the waiting steps share the next transaction of an account that is delegated to our executor. Pure.

import { BatchGas, TRANSACTION_GAS_MOST } from '../../batch/batch-gas.ts'
import type { BatchStep } from '../../batch/batch-step.ts'
import { mostBatchGas } from '../../batch/block-room.ts'
import { runOf } from '../../batch/call-of.ts'
import { BATCH_STEPS_MAX, encodeSteps } from '../../batch/encode-steps.ts'
import type { Address } from '../../chain/address.ts'
import { bid } from '../../fees/bid.ts'
import { assert } from '../../lib/assert.ts'
import { type Hex, isHex } from '../../lib/hex.ts'
import type { SignerAccount, StepGas } from '../account/account.ts'
import { type Budget, gasCost } from '../account/budget.ts'
import type { SignerRecord } from '../state/records.ts'
import { needsCode, type PooledStep, type SignerState } from '../state/state.ts'
import { type LookedStep, reservation, reserve, untried } from './reserve.ts'
import { judgeStep, wait } from './verdict.ts'

/** Bytes. Nodes take transactions of 131,072 bytes; the rest is for the envelope. */
const STEPS_MOST_BYTES = 126_976
/** What a transaction costs before it does anything: the part of an estimate that a batch pays once. */
const INTRINSIC_GAS = 21_000n
/** State may change between the estimate and the block. */
const CALLEE_MARGIN_PERCENT = 120n

/** In the order in which they wait; the first that has to go alone goes before those that came after it. */
export function planBatch(
  state: SignerState,
  nonce: number,
  looked: readonly LookedStep[],
  account: SignerAccount,
  budget: Budget,
): readonly SignerRecord[] {
  const records: SignerRecord[] = []
  const batch = new Batch(state, account, budget)
  for (const { step, estimate } of looked) {
    const verdict = judgeStep(step, estimate, account, budget)
    if (!verdict.go) {
      records.push(...verdict.records)
      continue
    }
    const fit = batch.take(step, verdict.estimate)
    // What must go alone waits for its turn; what the funds do not cover in a batch they may cover without one.
    if (batch.isEmpty && needsCode(step)) {
      records.push(...(fit === 'short' ? wait(step, 'funds').records : [tooLarge(step)]))
    } else if (batch.isEmpty) {
      const alone = reserve(step, nonce, verdict.estimate, account, budget)
      records.push(...alone)
      if (alone.some(({ kind }) => kind === 'reserved')) return records
    } else if (fit === 'short') records.push(...wait(step, 'funds').records)
  }
  return [...records, ...batch.records(nonce)]
}

/** No transaction can hold it, and only one can run it. */
function tooLarge({ key }: PooledStep): SignerRecord {
  return { kind: 'rejected', key, failure: 'would_revert' }
}

/** `full`: it would need another batch, or is too large for any. `alone`: it shares none. */
type Fit = 'taken' | 'full' | 'short' | 'alone'
type Taken = { readonly step: PooledStep; readonly estimate: StepGas; readonly numbered: BatchStep }

/** The batch as it grows, `isCarried` where others pay for its gas: each step only where gas, bytes, funds and every cap still allow it. */
export class Batch {
  readonly #account: SignerAccount
  readonly #budget: Budget
  readonly #mostGas: bigint
  readonly #taken: Taken[] = []
  readonly #isCarried: boolean
  #next: bigint
  #gas: BatchGas
  #gasLimit = 0n
  #bytes = 0
  #cap: bigint | null = null
  /** One did not fit any more, or shares it with none: those behind it wait. */
  #isFull = false

  constructor({ nextNumber }: SignerState, account: SignerAccount, budget: Budget, isCarried = false) {
    this.#account = account
    this.#isCarried = isCarried
    this.#gas = new BatchGas(isCarried)
    this.#budget = budget
    this.#mostGas = mostBatchGas(account.room)
    this.#next = nextNumber
  }

  get size(): number {
    return this.#taken.length
  }

  get isEmpty(): boolean {
    return this.#taken.length === 0
  }

  take(step: PooledStep, estimate: StepGas): Fit {
    if (this.#isFull || this.#taken.length >= BATCH_STEPS_MAX) return 'full'
    const isAlone = step.batch === 'never'
    if (isAlone && (!this.isEmpty || !needsCode(step))) return 'alone'
    const number = firstUnused(this.#account, this.#next)
    const numbered = numberedStep(step, number, estimate.gas)
    const bytes = this.#bytes + encodeSteps([numbered]).length / 2
    this.#gas.add(numbered)
    const { limit } = this.#gas
    // What no other transaction can run may be as large as any.
    const most = this.isEmpty && needsCode(step) ? TRANSACTION_GAS_MOST : this.#mostGas
    this.#isFull = bytes > STEPS_MOST_BYTES || limit > most
    if (this.#isFull) return 'full'
    const more = this.#isCarried
      ? 0n
      : gasCost({ gas_limit: limit - this.#gasLimit, max_fee_per_gas: this.#price(null) })
    if (!this.#budget.affords([step.action], more)) {
      this.#gas = gasOf(this.#taken, this.#isCarried)
      return 'short'
    }
    this.#budget.commit([step.action], more)
    this.#taken.push({ step, estimate, numbered })
    this.#next = number + 1n
    this.#gasLimit = limit
    this.#bytes = bytes
    this.#cap = lower(this.#cap, step.max_fee_per_gas)
    this.#isFull = isAlone
    return 'taken'
  }

  /** One alone costs less as a plain transaction of the account, and what it costs in a batch was set aside for it. */
  records(nonce: number): readonly SignerRecord[] {
    const [first, ...others] = this.#taken
    if (first === undefined) return []
    const isPlain = others.length === 0 && !needsCode(first.step)
    if (isPlain) return [reservation(first.step, nonce, first.estimate, this.#account)]
    const steps = this.#steps
    const price = bid(this.#account.fees, this.#cap)
    assert(price.ok, 'each cap was judged before')
    const { max_fee_per_gas, max_priority_fee_per_gas } = price
    const offer = { gas_limit: this.#gasLimit, max_fee_per_gas, max_priority_fee_per_gas }
    return [{ kind: 'batched', nonce, batch: batchIdOf(first.numbered.number), steps, ...offer }]
  }

  /** For others to bring; null: it is empty. */
  carried(carrier: Address, valid_until: number): SignerRecord | null {
    const [first] = this.#taken
    if (first === undefined) return null
    const batch = batchIdOf(first.numbered.number)
    return {
      kind: 'entrusted',
      batch,
      carrier,
      valid_until,
      gas_limit: this.#gasLimit,
      steps: this.#steps.map(({ key, number, gas }) => ({ key, number, gas })),
    }
  }

  get #steps() {
    return this.#taken.map(({ step, estimate, numbered }) => {
      assert('gas' in numbered, 'nothing is closed by a new batch')
      return { key: step.key, number: numbered.number, gas: numbered.gas, ...untried(estimate) }
    })
  }

  #price(cap: bigint | null): bigint {
    const price = bid(this.#account.fees, cap)
    assert(price.ok, 'the account’s cap was judged before')
    return price.max_fee_per_gas
  }
}

function gasOf(taken: readonly Taken[], isCarried: boolean): BatchGas {
  const gas = new BatchGas(isCarried)
  for (const { numbered } of taken) gas.add(numbered)
  return gas
}

function numberedStep({ action }: PooledStep, number: bigint, gas: bigint): BatchStep {
  const callee = ((gas > INTRINSIC_GAS ? gas - INTRINSIC_GAS : 0n) * CALLEE_MARGIN_PERCENT) / 100n
  return { number, gas: Number(callee), run: runOf(action) }
}

/** Numbers that the chain calls used were given in a life of this account that our log does not know. */
function firstUnused({ used }: SignerAccount, from: bigint): bigint {
  let number = from
  while ((((used.get(number >> 8n) ?? 0n) >> (number & 0xffn)) & 1n) === 1n) number += 1n
  return number
}

function lower(one: bigint | null, other: bigint | null): bigint | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

/** Hex digits of 32 bytes. */
const ID_DIGITS = 64

/** Of the first number, which no other batch of the account has: its evidence is found by it. */
function batchIdOf(number: bigint): Hex {
  const id = `0x${number.toString(16).padStart(ID_DIGITS, '0')}`
  assert(isHex(id), 'an id is hex')
  return id
}

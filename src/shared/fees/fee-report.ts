// What transfers paid for gas, beside what common libraries would have paid for each alone, and where the difference comes from.
// Pure.

import type { FeeBaseline } from './fee-baseline.ts'
import { LIBRARIES, type Library } from './library-offers.ts'

/** Of one transfer that was included for good. */
export type PaidFee = {
  /** Of its transaction: those that share it were batched. */
  readonly hash: string
  readonly kind: 'native' | 'erc20' | 'call' | 'batch'
  /** Its part of the transaction. */
  readonly gas_used: bigint
  /** Wei. */
  readonly fee_paid: bigint
  /** Null: nobody knew the blocks any more. */
  readonly baseline: FeeBaseline | null
}

/** Wei. `fee` would have been paid; the others add up to the difference, and each may be below zero. */
export type LibraryComparison = {
  readonly library: Library
  readonly fee: bigint
  readonly saved: bigint
  /** Gas that a transaction of its own would have taken, at the library's price. */
  readonly saved_by_batching: bigint
  /** By going in another block. */
  readonly saved_by_timing: bigint
  readonly saved_by_tips: bigint
}

export type FeeReport = {
  readonly transfers: number
  readonly batched: number
  readonly gas_used: bigint
  readonly fee_paid: bigint
  /** Those of which the blocks were known. */
  readonly compared: {
    readonly transfers: number
    readonly gas_used: bigint
    readonly fee_paid: bigint
    readonly libraries: readonly LibraryComparison[]
  }
}

/** What a transaction costs before it does anything, and what a transfer of value costs alone. */
const TRANSACTION_GAS = 21_000n

export function feeReport(fees: readonly PaidFee[]): FeeReport {
  const sharing = new Map<string, number>()
  for (const { hash } of fees) sharing.set(hash, (sharing.get(hash) ?? 0) + 1)
  const stepsOf = ({ hash }: PaidFee) => sharing.get(hash) ?? 1
  const known = fees.flatMap((fee) => (fee.baseline === null ? [] : [{ fee, baseline: fee.baseline }]))
  const libraries = LIBRARIES.map((library) => {
    const parts = known.map(({ fee, baseline }) => compared(fee, stepsOf(fee), baseline, library))
    return { library, ...summed(parts) }
  })
  return {
    transfers: fees.length,
    batched: fees.filter((fee) => stepsOf(fee) > 1).length,
    gas_used: total(fees.map(({ gas_used }) => gas_used)),
    fee_paid: total(fees.map(({ fee_paid }) => fee_paid)),
    compared: {
      transfers: known.length,
      gas_used: total(known.map(({ fee }) => fee.gas_used)),
      fee_paid: total(known.map(({ fee }) => fee.fee_paid)),
      libraries,
    },
  }
}

type Parts = Omit<LibraryComparison, 'library'>

function compared(
  fee: PaidFee,
  steps: number,
  { base_fee, libraries }: FeeBaseline,
  library: Library,
): Parts {
  const { gas_used, fee_paid } = fee
  const other = libraries[library]
  const price = other.base_fee + other.tip
  const would = gasAlone(fee, steps) * price
  const saved_by_timing = gas_used * (other.base_fee - base_fee)
  const saved_by_batching = would - gas_used * price
  const saved = would - fee_paid
  // What is left is of the tip; wei that do not divide by the gas among it.
  return {
    fee: would,
    saved,
    saved_by_batching,
    saved_by_timing,
    saved_by_tips: saved - saved_by_batching - saved_by_timing,
  }
}

/**
 * In a batch each pays its part of what a transaction costs once; alone it would have paid all of that. Less than what was
 * measured: what the executor itself costs counts as the transfer's (contracts/SPEC.md). Value alone is exact.
 */
function gasAlone({ kind, gas_used }: PaidFee, steps: number): bigint {
  if (steps === 1) return gas_used
  if (kind === 'native') return TRANSACTION_GAS
  return gas_used + TRANSACTION_GAS - TRANSACTION_GAS / BigInt(steps)
}

function summed(parts: readonly Parts[]): Parts {
  return {
    fee: total(parts.map(({ fee }) => fee)),
    saved: total(parts.map(({ saved }) => saved)),
    saved_by_batching: total(parts.map(({ saved_by_batching }) => saved_by_batching)),
    saved_by_timing: total(parts.map(({ saved_by_timing }) => saved_by_timing)),
    saved_by_tips: total(parts.map(({ saved_by_tips }) => saved_by_tips)),
  }
}

function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}

// One nonce of the line: what its transaction is for, the bytes that were made for it, and where it stands. Pure values;
// what is in a slot can become money in this slot and nowhere else.

import type { BroadcastClass } from '../../broadcast/outcome.ts'
import type { Address } from '../../chain/address.ts'
import type { BlockHash, TxHash } from '../../chain/hash.ts'
import type { Cap } from '../../fees/fee-caps.ts'
import type { Hex } from '../../lib/hex.ts'
import type { UnixMs } from '../../lib/time.ts'
import type { Action } from '../../transfer/request.ts'
import { type AttemptSummary, type StepKey, type StepOutcome, sameStep } from '../../transfer/step-report.ts'

export type OpenSlot = {
  readonly nonce: number
  readonly work: SlotWork
  /** What is to be signed next for this slot, as it was written down; null: nothing. */
  readonly next: Offer | null
  /** Oldest first; empty while only reserved. */
  readonly attempts: readonly Attempt[]
  /** When the newest attempt was signed; null: none was. */
  readonly signedAt: UnixMs | null
  /** A better offer was asked for since the newest attempt. */
  readonly isHastened: boolean
  /** What keeps a better offer from it; null: nothing, or nobody has looked. */
  readonly cap: Cap | null
  /** How far the newest attempt got, as far as anybody has told. */
  readonly sent: 'signed' | 'broadcast' | 'unclear'
  /** What the last endpoint said of it. */
  readonly answer: BroadcastClass | null
  readonly inclusion: SlotInclusion | null
  /** The stranger's transaction that stands at this nonce. */
  readonly usurper: TxHash | null
}

export type SlotWork =
  | { readonly kind: 'step'; readonly step: SlottedStep }
  /** One transaction of the account to itself, whose code runs the steps by their numbers. */
  | { readonly kind: 'batch'; readonly id: Hex; readonly steps: readonly NumberedStep[] }
  /**
   * The account takes this code as its own; it uses up two nonces, the second by the authorization. Given up: attempts
   * from this index on only use up the nonce.
   */
  | { readonly kind: 'delegation'; readonly to: Address; readonly fillersFrom: number | null }
  /** Numbers are used up, and none of their steps is run. */
  | { readonly kind: 'closing'; readonly id: Hex; readonly closes: readonly Close[] }
  /** Nothing: what stands above it could not be mined without it. */
  | { readonly kind: 'filler' }

/** Of a step of the batch with this id, which others were given to bring. */
export type Close = { readonly batch: Hex; readonly key: StepKey; readonly number: bigint }

/** What a transaction costs that does nothing. */
export const FILLER_GAS = 21_000n

export type SlottedStep = {
  readonly key: StepKey
  readonly action: Action
  /** Wei per unit of gas: the most that bytes which run it may bid. */
  readonly cap: bigint | null
  /** Its transfer wants it back: the slot is to be closed for it. */
  readonly isRecalled: boolean
  /** The latest command to have it sooner; null: none. */
  readonly hastenedBy: string | null
  /** No trial run was made of it: where it reverts it is tried and goes again. */
  readonly isUntried?: true | undefined
}

export type NumberedStep = SlottedStep & {
  /** Of this account, never given twice; below 2^64. */
  readonly number: bigint
  /** What its callee may use. */
  readonly gas: number
}

/** Fees in wei per unit of gas. */
export type Bid = {
  readonly gas_limit: bigint
  readonly max_fee_per_gas: bigint
  readonly max_priority_fee_per_gas: bigint
}

/** `steps`: those that the bytes run; one of the slot that is missing is closed by them. */
export type Offer = Bid & { readonly steps: readonly StepKey[] }

export type Attempt = AttemptSummary & { readonly raw: Hex; readonly steps: readonly StepKey[] }

/** Our transaction in a block, and what became of each step of the slot, in the order of the slot. */
export type SlotInclusion = BlockInclusion & { readonly results: readonly StepResult[] }

export type BlockInclusion = {
  readonly hash: TxHash
  readonly block_number: number
  readonly block_hash: BlockHash
  readonly gas_used: bigint
  /** Wei. */
  readonly fee_paid: bigint
}

/** `not_run`: closed by the bytes that were mined, or they ran nothing at all. */
export type StepResult = {
  readonly outcome: StepOutcome | 'not_run'
  /** Base units; null where nothing is counted. */
  readonly delivered_amount: bigint | null
}

export function stepsOf({ work }: Pick<OpenSlot, 'work'>): readonly SlottedStep[] {
  switch (work.kind) {
    case 'step':
      return [work.step]
    case 'batch':
      return work.steps
    case 'delegation':
    case 'closing':
    case 'filler':
      return []
  }
}

/** Nonces that the slot uses up. */
export function widthOf({ kind }: SlotWork): number {
  return kind === 'delegation' ? 2 : 1
}

export function runs({ steps }: { readonly steps: readonly StepKey[] }, key: StepKey): boolean {
  return steps.some((step) => sameStep(step, key))
}

/** Whether this attempt leaves what the slot was opened for undone. */
export function isFiller({ work }: Pick<OpenSlot, 'work'>, { index, steps }: Attempt): boolean {
  if (work.kind === 'delegation') return work.fillersFrom !== null && index >= work.fillersFrom
  return work.kind === 'filler' || (work.kind === 'step' && steps.length === 0)
}

/** In a block that leaves something of the slot undone, or in none yet: nothing may be opened above a delegation like that. */
export function isBlocking(slot: OpenSlot): boolean {
  const mined = slot.attempts.find(({ hash }) => hash === slot.inclusion?.hash)
  return slot.work.kind === 'delegation' && (mined === undefined || isFiller(slot, mined))
}

/** In a block, ours or a stranger's, as far as the chain has told. */
export function isMined({ inclusion, usurper }: OpenSlot): boolean {
  return inclusion !== null || usurper !== null
}

/** The most that the slot may still take: of its attempts any may be mined. */
export function highestBid({ attempts, next }: OpenSlot): Bid {
  const bids: Bid[] = next === null ? [...attempts] : [...attempts, next]
  return bids.reduce((most, bid) => ({
    gas_limit: larger(most.gas_limit, bid.gas_limit),
    max_fee_per_gas: larger(most.max_fee_per_gas, bid.max_fee_per_gas),
    max_priority_fee_per_gas: larger(most.max_priority_fee_per_gas, bid.max_priority_fee_per_gas),
  }))
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}

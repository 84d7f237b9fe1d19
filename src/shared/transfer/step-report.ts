// What a signer says of one step: the whole truth as of one view, not a change. So a report may come late, twice or
// out of order, and any one of them makes up for all that were lost.

import type { Address } from '../chain/address.ts'
import type { BlockHash, TxHash } from '../chain/hash.ts'
import type { Cap } from '../fees/fee-caps.ts'
import type { Failure, HoldReason } from './status.ts'
import type { TransferId } from './transfer-id.ts'

/** Names one admission: a step is never in two pools, and never twice in one. */
export type StepKey = {
  readonly transfer: TransferId
  readonly step: number
  readonly generation: number
}

export type StepReport = StepKey & {
  readonly signer: Address
  /** The signer's log position; a lower one than seen is old news. */
  readonly view: number
  readonly standing: StepStanding
}

export type StepStanding =
  /** The signer never took it, or forgot it after its end was acknowledged. */
  | { readonly at: 'unknown' }
  /** `cap`: what keeps one that is held for `fee_cap`. */
  | { readonly at: 'pool'; readonly held: HoldReason | null; readonly cap?: Cap | undefined }
  /** `isTaken`: the transfer has this in its log. */
  | { readonly at: 'withdrawn'; readonly isTaken?: true | undefined }
  /** Given back without a slot: running it was found to be useless. */
  | { readonly at: 'rejected'; readonly failure: Failure }
  | {
      readonly at: 'slot'
      /** Null: others bring it, each at a nonce of his own; then there are no attempts either. */
      readonly nonce: number | null
      readonly attempts: readonly AttemptSummary[]
      /** Of the step at the executor of its account; left out: the transaction is its own. */
      readonly number?: bigint | undefined
      /** What keeps better bytes from it, while the market asks for more than these bid. */
      readonly cap?: Cap | undefined
      readonly sent: 'signed' | 'broadcast' | 'unclear'
      readonly inclusion: StepInclusion | null
      /** The chain's finality allows no other end. */
      readonly final: boolean
    }
  /**
   * A transaction that does not run the step is final at its nonce, or has used its number up. `by` null: what others were
   * to bring has outlived its time.
   */
  | { readonly at: 'closed'; readonly nonce: number | null; readonly by: TxHash | null }

/** An attempt without its signed bytes: those never leave the signer. */
export type AttemptSummary = {
  readonly index: number
  readonly hash: TxHash
  readonly gas_limit: bigint
  readonly max_fee_per_gas: bigint
  readonly max_priority_fee_per_gas: bigint
}

/** Where a step was mined and what came of it. */
export type StepInclusion = {
  readonly hash: TxHash
  readonly block_number: number
  readonly block_hash: BlockHash
  readonly outcome: StepOutcome
  /** Base units that arrived; null where nothing is counted. */
  readonly delivered_amount: bigint | null
  readonly gas_used: bigint
  /** Wei. */
  readonly fee_paid: bigint
}

/** Success is evidence, not status 1. */
export const STEP_OUTCOMES = ['success', 'reverted', 'no_effect', 'number_used'] as const
export type StepOutcome = (typeof STEP_OUTCOMES)[number]

export function stepKeyText(key: StepKey): string {
  return `${key.transfer}/${key.step}/${key.generation}`
}

export function sameStep(one: StepKey, other: StepKey): boolean {
  return one.transfer === other.transfer && one.step === other.step && one.generation === other.generation
}

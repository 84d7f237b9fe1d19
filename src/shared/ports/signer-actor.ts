// What others may ask of a signer's object. Every method is idempotent by the step's key.

import type { BroadcastClass } from '../broadcast/outcome.ts'
import type { Address } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'
import type { TxHash } from '../chain/hash.ts'
import type { Inclusion } from '../chain/receipt.ts'
import type { Hex } from '../lib/hex.ts'
import type { UnixMs } from '../lib/time.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import type { WithdrawAnswer } from '../transfer/decide.ts'
import type { Action } from '../transfer/request.ts'
import type { StepKey, StepReport } from '../transfer/step-report.ts'

export type SignerName = { readonly chain: ChainId; readonly address: Address; readonly tenant: TenantId }

/** One step that asks to be taken into the pool. */
export type Admission = {
  readonly key: StepKey
  readonly action: Action
  readonly not_before: UnixMs | null
  readonly max_fee_per_gas: bigint | null
  /** When the transfer last agreed to be admitted: an old agreement is not taken any more. */
  readonly bound_at: UnixMs
}

/** Signed bytes that are durable in the signer's log and may leave now. */
export type SignedAttempt = { readonly nonce: number; readonly hash: TxHash; readonly raw: Hex }

export type AdmissionAnswer =
  | { readonly key: StepKey; readonly result: 'admitted' | 'known' }
  | { readonly key: StepKey; readonly result: 'refused'; readonly reason: 'withdrawn' | 'stale' | 'full' }

export type AdmitReply = {
  readonly answers: readonly AdmissionAnswer[]
  /** In nonce order. */
  readonly attempts: readonly SignedAttempt[]
}

export type AttemptOutcome = {
  readonly hash: TxHash
  readonly endpoint: string
  readonly class: BroadcastClass
  readonly detail: string | null
}

/** What the chain says of an account as of one view: absolute, so that any one of them makes up for all lost before. */
export type ChainFacts = {
  /** The chain's log position; a lower one than seen is ignored. */
  readonly view: number
  readonly head: number
  /** Transactions of the account in the followed chain that are not settled yet. */
  readonly inclusions: readonly Inclusion[]
  /** Block number up to which nothing can be undone. */
  readonly finalized: number
}

export type FactsReply = {
  /** False: no slot is open, the chain need not be followed for this account. */
  readonly isActive: boolean
  /** Transactions below this nonce are settled for good: the chain may forget them. */
  readonly settledBelow: number
}

export type SignerSummary = {
  readonly chain: ChainId
  readonly address: Address
  readonly kind: 'plain'
  readonly status: 'ready' | 'paused' | 'fenced'
  readonly status_reason: string | null
  /** Wei at the last look. */
  readonly balance: bigint | null
  readonly next_nonce: number | null
  readonly pool: number
  readonly open_slots: number
}

export interface SignerActor {
  admit(name: SignerName, admissions: readonly Admission[]): Promise<AdmitReply>
  withdraw(name: SignerName, key: StepKey): Promise<WithdrawAnswer>
  outcomes(outcomes: readonly AttemptOutcome[]): Promise<void>
  report(name: SignerName, key: StepKey): Promise<StepReport>
  facts(facts: ChainFacts): Promise<FactsReply>
  summary(name: SignerName): Promise<SignerSummary>
  /** Looks at itself now: re-arms a lost alarm. */
  nudge(): Promise<void>
}

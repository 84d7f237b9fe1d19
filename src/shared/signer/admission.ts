// How a step asks to be taken into a pool, and what it hears.

import type { UnixMs } from '../lib/time.ts'
import type { Visibility } from '../routing/visibility.ts'
import type { Action, Speed } from '../transfer/request.ts'
import type { StepKey } from '../transfer/step-report.ts'
import type { SignedAttempt } from './state/attempt.ts'

/** One step that asks to be taken into the pool. */
export type Admission = {
  readonly key: StepKey
  readonly action: Action
  readonly not_before: UnixMs | null
  readonly max_fee_per_gas: bigint | null
  /** `never`: a transaction of its own; left out by an older consumer: as may be. */
  readonly batch?: 'auto' | 'never' | undefined
  /** Left out: standard. */
  readonly speed?: Speed | undefined
  readonly deadline?: UnixMs | null | undefined
  /** Who may see it before it is in a block. Left out: anybody. */
  readonly visibility?: Visibility | undefined
  /** It brings a batch of another account, with this much gas; left out: it is a transfer's. */
  readonly carriage_gas?: bigint | undefined
  /** When the transfer last agreed to be admitted: an old agreement is not taken any more. */
  readonly bound_at: UnixMs
}

export type AdmissionAnswer =
  | { readonly key: StepKey; readonly result: 'admitted' | 'known' }
  | {
      readonly key: StepKey
      readonly result: 'refused'
      readonly reason: 'withdrawn' | 'stale' | 'full' | 'fenced'
    }

export type AdmitReply = {
  readonly answers: readonly AdmissionAnswer[]
  /** In nonce order. */
  readonly attempts: readonly SignedAttempt[]
}

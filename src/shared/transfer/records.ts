// What a transfer's log can say. Past tense: a record is a fact. The meaning of each is in SPEC.md.

import type { Address } from '../chain/address.ts'
import type { TxHash } from '../chain/hash.ts'
import type { Cap } from '../fees/fee-caps.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import type { TransferRequest } from './request.ts'
import type { Failure, HoldReason } from './status.ts'
import type { AttemptSummary, StepInclusion } from './step-report.ts'
import type { SubmissionPath } from './submission-path.ts'
import type { TransferId } from './transfer-id.ts'

export type TransferRecord =
  | {
      readonly kind: 'accepted'
      readonly transfer: TransferId
      readonly tenant: TenantId
      /** SHA-256 of the RFC 8785 form of the body as it was sent, hex. */
      readonly fingerprint: string
      readonly request: TransferRequest
      /** Left out: nobody chose, it goes by the queue. */
      readonly path?: SubmissionPath | undefined
    }
  | { readonly kind: 'bound'; readonly generation: number; readonly signer: Address }
  | { readonly kind: 'queued' }
  /** `cap`: of `fee_cap`, whose it is and its value; left out by signers of before. */
  | { readonly kind: 'held'; readonly reason: HoldReason; readonly cap?: Cap | undefined }
  | {
      readonly kind: 'signed'
      readonly nonce: number
      readonly attempt: AttemptSummary
      /** Of the step at the executor of its account; left out: the transaction is its own. */
      readonly number?: bigint | undefined
    }
  /** Signed for others to bring, under this number of its account: whose transaction that will be nobody knows yet. */
  | { readonly kind: 'carried'; readonly number: bigint }
  /** A cap keeps better bytes from it; null: none does any more. */
  | { readonly kind: 'capped'; readonly cap: Cap | null }
  | { readonly kind: 'broadcast'; readonly hash: TxHash }
  | { readonly kind: 'unclear'; readonly hash: TxHash }
  | { readonly kind: 'mined'; readonly inclusion: StepInclusion }
  | { readonly kind: 'orphaned'; readonly inclusion: StepInclusion }
  | { readonly kind: 'confirmed'; readonly confirmations: number }
  | { readonly kind: 'finalized'; readonly inclusion: StepInclusion }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly inclusion: StepInclusion | null }
  /** Its transaction failed for good, and it is to be tried once more. */
  | { readonly kind: 'retried'; readonly inclusion: StepInclusion }
  | { readonly kind: 'closed'; readonly nonce: number | null; readonly by: TxHash | null }
  /** Its signer gave it back, so that another one of its pool may take it. */
  | { readonly kind: 'unbound' }
  /** A command to have it sooner. */
  | { readonly kind: 'speed_up_requested'; readonly command: string }
  | { readonly kind: 'withdraw_requested'; readonly cause: WithdrawCause; readonly command: string | null }
  | { readonly kind: 'withdraw_refused'; readonly nonce: number | null }
  | { readonly kind: 'expired' }
  | { readonly kind: 'canceled' }

/** `rebind`: another signer of its pool is to have it. */
export type WithdrawCause = 'cancel' | 'deadline' | 'rebind'

export const TRANSFER_RECORD_KINDS = [
  'accepted',
  'bound',
  'queued',
  'held',
  'signed',
  'carried',
  'capped',
  'broadcast',
  'unclear',
  'mined',
  'orphaned',
  'confirmed',
  'finalized',
  'failed',
  'retried',
  'closed',
  'unbound',
  'speed_up_requested',
  'withdraw_requested',
  'withdraw_refused',
  'expired',
  'canceled',
] as const satisfies readonly TransferRecord['kind'][]
export type TransferRecordKind = (typeof TRANSFER_RECORD_KINDS)[number]

// What a transfer's log can say. Past tense: a record is a fact. The meaning of each is in SPEC.md.

import type { Address } from '../chain/address.ts'
import type { TxHash } from '../chain/hash.ts'
import type { Cap } from '../fees/fee-caps.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import type { TransferRequest } from './request.ts'
import type { Failure, HoldReason } from './status.ts'
import type { AttemptSummary, StepInclusion } from './step-report.ts'
import type { TransferId } from './transfer-id.ts'

export type TransferRecord =
  | {
      readonly kind: 'accepted'
      readonly transfer: TransferId
      readonly tenant: TenantId
      /** SHA-256 of the RFC 8785 form of the body as it was sent, hex. */
      readonly fingerprint: string
      readonly request: TransferRequest
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
  | { readonly kind: 'broadcast'; readonly hash: TxHash }
  | { readonly kind: 'unclear'; readonly hash: TxHash }
  | { readonly kind: 'mined'; readonly inclusion: StepInclusion }
  | { readonly kind: 'orphaned'; readonly inclusion: StepInclusion }
  | { readonly kind: 'confirmed'; readonly confirmations: number }
  | { readonly kind: 'finalized'; readonly inclusion: StepInclusion }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly inclusion: StepInclusion | null }
  /** Its transaction failed for good, and it is to be tried once more. */
  | { readonly kind: 'retried'; readonly inclusion: StepInclusion }
  | { readonly kind: 'closed'; readonly nonce: number; readonly by: TxHash }
  /** A command to have it sooner. */
  | { readonly kind: 'speed_up_requested'; readonly command: string }
  | { readonly kind: 'withdraw_requested'; readonly cause: WithdrawCause; readonly command: string | null }
  | { readonly kind: 'withdraw_refused'; readonly nonce: number }
  | { readonly kind: 'expired' }
  | { readonly kind: 'canceled' }

export type WithdrawCause = 'cancel' | 'deadline'

export const TRANSFER_RECORD_KINDS = [
  'accepted',
  'bound',
  'queued',
  'held',
  'signed',
  'broadcast',
  'unclear',
  'mined',
  'orphaned',
  'confirmed',
  'finalized',
  'failed',
  'retried',
  'closed',
  'speed_up_requested',
  'withdraw_requested',
  'withdraw_refused',
  'expired',
  'canceled',
] as const satisfies readonly TransferRecord['kind'][]
export type TransferRecordKind = (typeof TRANSFER_RECORD_KINDS)[number]

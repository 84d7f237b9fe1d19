// A transfer as its log tells it. Each phase has only the fields that mean something in it.

import type { Address } from '../chain/address.ts'
import type { Cap } from '../fees/fee-caps.ts'
import type { UnixMs } from '../lib/time.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import type { WithdrawCause } from './records.ts'
import type { TransferRequest } from './request.ts'
import type { Failure, HoldReason, Status } from './status.ts'
import type { AttemptSummary, StepInclusion } from './step-report.ts'
import type { TransferId } from './transfer-id.ts'

/** What every transfer has from its first record on. */
export type TransferBase = {
  readonly id: TransferId
  readonly tenant: TenantId
  readonly fingerprint: string
  readonly request: TransferRequest
  readonly created_at: UnixMs
  readonly updated_at: UnixMs
  /** Of the admission that is running or comes next: part of every admission key. */
  readonly generation: number
  /** The latest command to have it sooner; null: none. */
  readonly speed_up: string | null
  /** How often it was tried again after a failure. */
  readonly retries: number
  /** The signer's view that was last written down: news from before it is old. */
  readonly seen_view: number
  /** The wish to end it before it becomes money; outlives its answer, so that a repeated command gets the same one. */
  readonly withdrawal: Withdrawal | null
}

export type Withdrawal = {
  readonly cause: WithdrawCause
  /** The Idempotency-Key of the command; null for a deadline. */
  readonly command: string | null
  readonly answer: 'awaited' | 'refused' | 'done'
}

export type Slot = {
  /** Null: others bring it, each at a nonce of his own. */
  readonly nonce: number | null
  readonly attempts: readonly AttemptSummary[]
  /** Of the step at the executor of its account; null: the transaction is its own. */
  readonly number: bigint | null
  /** What keeps better bytes from it, while the market asks for more than these bid; null: nothing. */
  readonly cap: Cap | null
}

export type ExistingTransfer = TransferBase &
  (
    | { readonly phase: 'accepted' }
    | { readonly phase: 'bound' | 'queued'; readonly signer: Address }
    | {
        readonly phase: 'held'
        readonly signer: Address
        readonly reason: HoldReason
        readonly cap?: Cap | undefined
      }
    | { readonly phase: 'signed' | 'broadcast' | 'unclear'; readonly signer: Address; readonly slot: Slot }
    | {
        readonly phase: 'mined' | 'confirmed'
        readonly signer: Address
        readonly slot: Slot
        readonly inclusion: StepInclusion
      }
    | {
        readonly phase: 'finalized'
        readonly signer: Address
        readonly slot: Slot
        readonly inclusion: StepInclusion
      }
    | {
        readonly phase: 'failed'
        readonly signer: Address
        readonly failure: Failure
        readonly slot: Slot | null
        readonly inclusion: StepInclusion | null
      }
    | { readonly phase: 'expired' | 'canceled' }
  )

export type TransferState = { readonly phase: 'none' } | ExistingTransfer

export const NO_TRANSFER: TransferState = { phase: 'none' }

/** The public word for a phase. Being bound is our affair: until the signer took it, it is accepted. */
export function statusOf(state: ExistingTransfer): Status {
  return state.phase === 'bound' ? 'accepted' : state.phase
}

/** Why it has the status it has: hold reason, failure, or an outcome that the chain has not made final yet. */
export function statusReasonOf(state: ExistingTransfer): string | null {
  switch (state.phase) {
    case 'held':
      return state.reason
    case 'failed':
      return state.failure
    case 'signed':
    case 'broadcast':
    case 'unclear':
      return state.slot.cap === null ? null : 'fee_cap'
    case 'mined':
    case 'confirmed':
      return state.inclusion.outcome === 'success' ? null : state.inclusion.outcome
    default:
      return null
  }
}

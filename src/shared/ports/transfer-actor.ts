// What the Worker may ask of a transfer's object. Every method is idempotent: queues redeliver, alarms repeat, and the
// runtime itself may call again after a disconnect. `tenant` of another one gets null, as if nothing were there.

import type { Address } from '../chain/address.ts'
import type { UnixMs } from '../lib/time.ts'
import type { SubmissionMessage, TransferRow } from '../schema/queue-messages.ts'
import type { TransferDocument } from '../schema/transfer-document.ts'
import type { RecordProofDocument, WalDocument } from '../schema/wal-document.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import type { BindAnswer, CancelAnswer, CreateAnswer, CreateInput } from '../transfer/decide.ts'
import type { SpeedUpAnswer } from '../transfer/speed-up.ts'
import type { Status } from '../transfer/status.ts'
import type { StepReport } from '../transfer/step-report.ts'
import type { By } from '../wal/by.ts'

export type CreateReply = {
  readonly answer: CreateAnswer
  readonly document: TransferDocument | null
  /** Of a new one that is not to go by the queue: for whoever posted it to submit. */
  readonly submission?: SubmissionMessage
}
export type SpeedUpReply = { readonly answer: SpeedUpAnswer; readonly document: TransferDocument }
export type CancelReply = { readonly answer: CancelAnswer; readonly document: TransferDocument }

/** One change of the public status. */
export type StatusChange = {
  readonly status: Status
  readonly status_reason: string | null
  readonly at: UnixMs
  /** Of the last record of the group that brought it. */
  readonly seq: number
  readonly by: By
  /** The kind of the record that brought it. */
  readonly cause: string
}

/** What a look at itself brought. */
export type Nudged = {
  /** Of the log before the look. */
  readonly seqBefore: number
  /** The whole row of the read model, for a repair. */
  readonly row: TransferRow
}

export type Heard = {
  /** The end of the step is in the transfer's log, the signer may forget it. */
  readonly acknowledged: boolean
  /** What has to be told of it, for whoever heard this to put onto the queue `events`; null: nothing new. */
  readonly outbox: string | null
}

export interface TransferActor {
  create(input: CreateInput, by: By): Promise<CreateReply>
  read(tenant: TenantId): Promise<TransferDocument | null>
  history(tenant: TenantId): Promise<readonly StatusChange[] | null>
  /** Groups after `afterSeq`, at most `limit`. */
  wal(tenant: TenantId, afterSeq: number, limit: number): Promise<WalDocument | null>
  /** That the record at `seq` stands in the log; `unknown`: it does not. */
  proof(tenant: TenantId, seq: number): Promise<RecordProofDocument | 'unknown' | null>
  /** `command` is the Idempotency-Key of the command. */
  cancel(tenant: TenantId, command: string, by: By): Promise<CancelReply | null>
  /** Likewise. */
  speedUp(tenant: TenantId, command: string, by: By): Promise<SpeedUpReply | null>
  /** `choice`: the signer that was chosen of the transfer's pool; null: none yet, or it names an account. */
  bind(choice: Address | null): Promise<BindAnswer>
  hear(news: StepReport): Promise<Heard>
  /** `hear`, as the signers of the version before call it. */
  report(news: StepReport): Promise<boolean>
  /** The row of the read model as of now; null: there is no such transfer. */
  row(): Promise<TransferRow | null>
  /** The read model holds the row of `seq`. */
  acknowledgeProjection(incarnation: number, seq: number): Promise<void>
  /** The same, and the archive holds every group up to there. */
  acknowledgeOutbox(incarnation: number, seq: number): Promise<void>
  /** Looks at itself now; null: there is no such transfer. */
  nudge(source: 'cron' | 'reconciliation'): Promise<Nudged | null>
}

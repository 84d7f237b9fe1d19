// What others may ask of a signer's object. Every method is idempotent by the step's key.

import type { ChainFacts, FactsReply } from '../chain/account-facts.ts'
import type { Address } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'
import type { Admission, AdmitReply } from '../signer/admission.ts'
import type { DelegationAnswer, DelegationWish } from '../signer/ask-delegation.ts'
import type { SignerLoad } from '../signer/load.ts'
import type { AttemptOutcome } from '../signer/state/attempt.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import type { WithdrawAnswer } from '../transfer/decide.ts'
import type { WithdrawCause } from '../transfer/records.ts'
import type { StepKey, StepReport } from '../transfer/step-report.ts'
import type { By } from '../wal/by.ts'
import type { LogReport } from '../wal/report.ts'

export type SignerName = { readonly chain: ChainId; readonly address: Address; readonly tenant: TenantId }

export type SignerSummary = {
  readonly chain: ChainId
  readonly address: Address
  /** `delegated`: its code is the executor's, by our latest delegation in a block. */
  readonly kind: 'plain' | 'delegated'
  readonly status: 'ready' | 'paused' | 'fenced'
  readonly status_reason: string | null
  /** Wei at the last look. */
  readonly balance: bigint | null
  readonly next_nonce: number | null
  /** Null: it has none yet. */
  readonly log: LogReport | null
  readonly pool: number
  readonly open_slots: number
}

export interface SignerActor {
  admit(name: SignerName, admissions: readonly Admission[]): Promise<AdmitReply>
  /** `cancel`: wants it back even where it is in a slot; the slot is then closed for it, if the chain lets it. */
  withdraw(name: SignerName, key: StepKey, cause: WithdrawCause): Promise<WithdrawAnswer>
  /** A better offer, or an earlier turn, for this step: once for each command. */
  hasten(name: SignerName, key: StepKey, command: string): Promise<void>
  /** The account is to have the executor's code, or none again. Once for each command. */
  delegate(name: SignerName, wish: DelegationWish, command: string, by: By): Promise<DelegationAnswer>
  outcomes(outcomes: readonly AttemptOutcome[]): Promise<void>
  report(name: SignerName, key: StepKey): Promise<StepReport>
  facts(facts: ChainFacts): Promise<FactsReply>
  summary(name: SignerName): Promise<SignerSummary>
  /** For the choice of a pool: light. */
  load(name: SignerName): Promise<SignerLoad>
  /** Looks at itself now: re-arms a lost alarm. */
  nudge(): Promise<void>
}

// What a transfer's engine is given by its shell: storage, time, and the ways out.

import type { BlockRef } from '../../shared/chain/block.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import type { Depth } from '../../shared/ports/chain-actor.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import type { SubmissionMessage } from '../../shared/schema/queue-messages.ts'
import type { WithdrawAnswer } from '../../shared/transfer/decide.ts'
import type { Pace } from '../../shared/transfer/next-wake.ts'
import type { WithdrawCause } from '../../shared/transfer/records.ts'
import type { StepKey, StepReport } from '../../shared/transfer/step-report.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import type { ArchivePort } from '../archive/archive-port.ts'
import type { Storage } from '../sqlite/storage.ts'
import type { KeepingOptions } from '../wal/keeping.ts'

export type TransferDeps = {
  readonly storage: Storage
  /** How the log is kept; default: as it finds best. */
  readonly keeping?: KeepingOptions | undefined
  readonly now: () => UnixMs
  readonly pace: (chain: ChainId) => Pace
  /** Onto the `submissions` queue. */
  readonly enqueue: (message: SubmissionMessage) => Promise<void>
  /** Soon, onto the `events` queue: what the outbox says by then. */
  readonly project: () => void
  readonly withdraw: (signer: SignerName, key: StepKey, cause: WithdrawCause) => Promise<WithdrawAnswer>
  readonly hasten: (signer: SignerName, key: StepKey, command: string) => Promise<void>
  readonly pull: (signer: SignerName, key: StepKey) => Promise<StepReport>
  readonly depth: (chain: ChainId, block: BlockRef) => Promise<Depth>
  readonly archive: ArchivePort
  /** Records were appended: subscribers may be told. */
  readonly publish: () => void
  /** Goes on after the answer; a failure is logged and left to the alarm. */
  readonly background: (work: Promise<void>) => void
  /** The log is damaged: said at each look. */
  readonly damaged: (object: string, damage: WalDamage) => void
}

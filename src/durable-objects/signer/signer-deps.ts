// What a signer's engine needs from outside: its storage, the clock, keys, endpoints, the chain, transfers, carriers, the archive.

import type { ChainFacts } from '../../shared/chain/account-facts.ts'
import type { ChainPolicy } from '../../shared/chain/policy.ts'
import type { WatchedSigner } from '../../shared/ports/chain-actor.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import type { AttemptOutcome, SignedAttempt } from '../../shared/signer/state/attempt.ts'
import type { ArchivePort } from '../archive/archive-port.ts'
import type { Storage } from '../sqlite/storage.ts'
import type { KeepingOptions } from '../wal/keeping.ts'
import type { CarryingDeps } from './carrying.ts'
import type { WitnessDeps } from './log-witness.ts'
import type { PlannerDeps } from './signer-planner.ts'
import type { ReportsDeps } from './step-reports.ts'

export type SignerDeps = PlannerDeps &
  WitnessDeps &
  ReportsDeps &
  CarryingDeps & {
    readonly storage: Storage
    /** How the log is kept; default: as it finds best. */
    readonly keeping?: KeepingOptions | undefined
    readonly chainFacts: (policy: ChainPolicy, signer: WatchedSigner) => Promise<ChainFacts>
    readonly broadcast: (
      name: SignerName,
      attempts: readonly SignedAttempt[],
    ) => Promise<readonly AttemptOutcome[]>
    readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
    readonly archive: ArchivePort
  }

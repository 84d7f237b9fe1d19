// The archive, as an actor sees it.

import type { LogPart } from '../../shared/archive/log-part.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import type { WalIdentity } from '../../shared/wal/group.ts'
import type { Repair } from '../wal/meta-row.ts'
import type { RepairRefusal } from '../wal/repair.ts'

export type ArchivePort = {
  /** Soon: there are groups for it. */
  readonly announce: (identity: WalIdentity) => void
  /** Parts of this log that hold groups after `afterSeq`. */
  readonly parts: (identity: WalIdentity, afterSeq: number) => Promise<readonly LogPart[]>
  /** What became of a repair. */
  readonly mended: (outcome: MendOutcome) => void
}

export type MendOutcome = { readonly object: string; readonly damage: WalDamage } & (
  | { readonly repair: Repair }
  | { readonly refused: RepairRefusal }
  /** The archive did not answer. */
  | { readonly error: unknown }
)

// What a chain's engine needs from outside: its storage, the clock, the endpoints, the signers, the archive.

import type { ChainFacts, FactsReply } from '../../shared/chain/account-facts.ts'
import type { Address } from '../../shared/chain/address.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import type { ChainPolicy } from '../../shared/chain/policy.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'
import type { ArchivePort } from '../archive/archive-port.ts'
import type { Storage } from '../sqlite/storage.ts'
import type { KeepingOptions } from '../wal/keeping.ts'

export type ChainDeps = {
  readonly storage: Storage
  /** How the log is kept; default: as it finds best. */
  readonly keeping?: KeepingOptions | undefined
  readonly now: () => UnixMs
  readonly policy: (chain: ChainId) => ChainPolicy
  /** All endpoints of this chain, also those that do not answer; best first. */
  readonly nodes: (policy: ChainPolicy) => Promise<readonly ChainNode[]>
  /** Makes sure that new heads are announced, where an endpoint can; true: they are. */
  readonly subscribe: (policy: ChainPolicy) => boolean
  readonly unsubscribe: () => void
  readonly tell: (chain: ChainId, address: Address, facts: ChainFacts) => Promise<FactsReply>
  readonly background: (work: Promise<void>) => void
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
  readonly archive: ArchivePort
}

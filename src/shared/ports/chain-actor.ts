// What others may ask of a chain's object.

import type { ChainFacts } from '../chain/account-facts.ts'
import type { Address } from '../chain/address.ts'
import type { BlockRef } from '../chain/block.ts'
import type { ChainId } from '../chain/chain-id.ts'
import type { WitnessAnswer, Witnessed } from '../chain/witness.ts'
import type { FeeBaseline, IncludedTransfer } from '../fees/fee-baseline.ts'
import type { FeeGuide } from '../fees/fee-guide.ts'
import type { FeeOutlook } from '../fees/fee-outlook.ts'
import type { EndpointStanding } from '../routing/standing.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import type { LogReport } from '../wal/report.ts'
import type { LeaseAnswer, LeaseRequest } from './endpoint-lessor.ts'

export type ChainSummary = {
  readonly chain: ChainId
  readonly status: 'idle' | 'following' | 'fenced'
  readonly status_reason: string | null
  /** Null: it has none yet. */
  readonly log: LogReport | null
  /** Whether an endpoint answered when last asked. */
  readonly is_reachable: boolean
  readonly head: BlockRef | null
  readonly finalized: BlockRef | null
}

/** How deep a block lies. `confirmations` null: it is not in the chain that is followed. */
export type Depth = { readonly confirmations: number | null; readonly isFinal: boolean }

export type WatchedSigner = { readonly address: Address; readonly tenant: TenantId }

/** `isUnderWay`: it has transactions out, and was watched before. */
export type AskingSigner = WatchedSigner & { readonly isUnderWay: boolean }

/** `since`: height up to which nobody will be told any more what the account did. */
export type WatchAnswer =
  | { readonly result: 'following'; readonly since: number }
  | { readonly result: 'fenced' | 'unreachable' }

export interface ChainActor {
  /**
   * Follow the chain for this account from now on. `following`: the position to start from is durable, the account may
   * broadcast. Otherwise nothing may be signed: the chain is fenced, or no endpoint answers now.
   */
  watch(chain: ChainId, signer: AskingSigner): Promise<WatchAnswer>
  /** What is known of the account. Watches it, should that have been forgotten. */
  facts(chain: ChainId, signer: WatchedSigner): Promise<ChainFacts>
  /**
   * Remembers the head of the account's log before anything leaves that it vouches for. Answers what was remembered until
   * now: a log that does not hold that is an old copy, and must not sign.
   */
  witness(chain: ChainId, signer: WatchedSigner, head: Witnessed): Promise<WitnessAnswer>
  depth(chain: ChainId, block: BlockRef): Promise<Depth>
  summary(chain: ChainId): Promise<ChainSummary>
  /** Null: no endpoint has told of fees lately. */
  fees(chain: ChainId): Promise<FeeOutlook | null>
  /** Up to which prices those go who may wait. Null: there is nothing to wait for, or nobody knows. */
  feeGuide(chain: ChainId): Promise<FeeGuide | null>
  /** Parts of the rates of the chain's endpoints, against what the holder measured of them. */
  lease(chain: ChainId, request: LeaseRequest): Promise<LeaseAnswer>
  /** All endpoints that the settings name, as all holders together see them. */
  endpoints(chain: ChainId): Promise<readonly EndpointStanding[]>
  /**
   * What others would have paid for transfers that were included; null for those of which the blocks are not known any more,
   * `not_yet` where they may be known soon.
   */
  feeBaselines(
    chain: ChainId,
    transfers: readonly IncludedTransfer[],
  ): Promise<readonly (FeeBaseline | 'not_yet' | null)[]>
  /** Looks at itself now: re-arms a lost alarm. */
  nudge(): Promise<void>
}

// A chain as its log tells it: the run of blocks that can still be undone, and what of it concerns somebody.

import type { TenantId } from '../tenancy/tenant-id.ts'
import type { Address } from './address.ts'
import type { BlockRef } from './block.ts'
import type { ChainId } from './chain-id.ts'
import type { BlockHash } from './hash.ts'
import type { Inclusion } from './receipt.ts'
import type { FenceReason, LinkedBlock } from './records.ts'
import type { Witnessed } from './witness.ts'

export type ChainState = {
  readonly chain: ChainId | null
  /** Of block 0; null: no endpoint has told it yet. */
  readonly genesis: BlockHash | null
  /** Linked by parent hash, oldest first, from the finalized block to the tip. */
  readonly blocks: readonly LinkedBlock[]
  readonly finalized: BlockRef | null
  readonly watched: ReadonlyMap<Address, TenantId>
  /** Transactions of watched accounts in `blocks` or final, until their signer has settled them. */
  readonly inclusions: ReadonlyMap<Address, readonly Inclusion[]>
  /** The latest head of each signer's log that was shown here. Kept also while nobody watches. */
  readonly witnessed: ReadonlyMap<Address, Witnessed>
  readonly fence: { readonly reason: FenceReason; readonly at: BlockRef } | null
}

export const NO_CHAIN: ChainState = {
  chain: null,
  genesis: null,
  blocks: [],
  finalized: null,
  watched: new Map(),
  inclusions: new Map(),
  witnessed: new Map(),
  fence: null,
}

export function tipOf(state: ChainState): LinkedBlock | null {
  return state.blocks.at(-1) ?? null
}

/** Our block at this height, as far back as it is kept: what is final need not be, where following began above it. */
export function blockAt({ blocks }: ChainState, number: number): BlockRef | null {
  const [first] = blocks
  return first === undefined ? null : (blocks[number - first.number] ?? null)
}

// What a chain's log can say. The meaning of each is in SPEC.md.

import type { UnixMs } from '../lib/time.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import type { Address } from './address.ts'
import type { BlockRef } from './block.ts'
import type { ChainId } from './chain-id.ts'
import type { BlockHash } from './hash.ts'
import type { Inclusion } from './receipt.ts'

export type ChainRecord =
  | { readonly kind: 'opened'; readonly chain: ChainId }
  /** By its first block this chain is known again. */
  | { readonly kind: 'identified'; readonly genesis: BlockHash }
  | { readonly kind: 'watched'; readonly address: Address; readonly tenant: TenantId }
  | { readonly kind: 'unwatched'; readonly address: Address }
  /** Following begins here: nobody had anything under way before. */
  | { readonly kind: 'started'; readonly block: LinkedBlock }
  | {
      readonly kind: 'advanced'
      /** Undone by a reorg, newest first. */
      readonly removed: readonly BlockRef[]
      /** Oldest first; the parent of the first is the tip that is left. */
      readonly added: readonly LinkedBlock[]
      readonly matches: readonly Match[]
    }
  | { readonly kind: 'finalized'; readonly block: BlockRef }
  /** The signer has all below this nonce in its own log, final. */
  | {
      readonly kind: 'settled'
      readonly address: Address
      readonly below: number
      /** And what others brought in blocks up to this one; left out: nothing of it. */
      readonly through?: number | undefined
    }
  | { readonly kind: 'fenced'; readonly reason: FenceReason; readonly at: BlockRef }
  /** The account's log had this head before bytes of it left. */
  | {
      readonly kind: 'witnessed'
      readonly address: Address
      readonly incarnation: number
      readonly seq: number
      readonly digest: string
    }
  /** It is the chain that the log knows after all. */
  | { readonly kind: 'unfenced' }

/** `at` is written down where batches have a time until which others may bring them. */
export type LinkedBlock = BlockRef & { readonly parent_hash: BlockHash; readonly at?: UnixMs | undefined }

/** A transaction of a watched account. */
export type Match = { readonly address: Address; readonly inclusion: Inclusion }

/** `reorg_below_finality`: the chain undid what it had called final. `reset`: it is another chain now. */
export const FENCE_REASONS = ['reorg_below_finality', 'reset'] as const
export type FenceReason = (typeof FENCE_REASONS)[number]

export const CHAIN_RECORD_KINDS = [
  'opened',
  'identified',
  'watched',
  'unwatched',
  'started',
  'advanced',
  'finalized',
  'settled',
  'fenced',
  'unfenced',
  'witnessed',
] as const satisfies readonly ChainRecord['kind'][]

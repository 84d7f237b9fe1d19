// Blocks as the walk needs them.

import type { UnixMs } from '../lib/time.ts'
import type { Address } from './address.ts'
import type { BlockHash, TxHash } from './hash.ts'

/** A position in the chain, named by its hash: a number alone names nothing once there was a reorg. */
export type BlockRef = { readonly number: number; readonly hash: BlockHash }

export function refOf({ number, hash }: BlockRef): BlockRef {
  return { number, hash }
}

export type Block = BlockRef & {
  readonly parent_hash: BlockHash
  readonly at: UnixMs
  readonly base_fee_per_gas: bigint | null
  readonly transactions: readonly BlockTransaction[]
}

/** What matching by sender needs of a transaction. */
export type BlockTransaction = {
  readonly hash: TxHash
  readonly from: Address
  readonly nonce: number
  readonly to: Address | null
  readonly value: bigint
  /** Those that it carries, by whomever it was sent. Whether the chain took one they do not say: its nonce may have been wrong. */
  readonly authorizations: readonly BlockAuthorization[]
}

/** That an account delegates or stops to (EIP-7702). Where the chain takes it, it uses up this nonce of the account. */
export type BlockAuthorization = { readonly authority: Address; readonly nonce: number }

// What a block says about one transaction.

import type { Hex } from '../lib/hex.ts'
import type { Address } from './address.ts'
import type { BlockHash, TxHash } from './hash.ts'

export type Receipt = {
  readonly hash: TxHash
  readonly block_number: number
  readonly block_hash: BlockHash
  readonly status: 'success' | 'reverted'
  readonly gas_used: bigint
  /** Wei per unit of gas that was paid. */
  readonly effective_gas_price: bigint
  readonly logs: readonly Log[]
}

export type Log = { readonly address: Address; readonly topics: readonly Hex[]; readonly data: Hex }

/** A transaction of a watched account in a block: an absolute fact until the block is undone. */
export type Inclusion = {
  readonly nonce: number
  readonly to: Address | null
  readonly value: bigint
  /** Whose transaction it is, where it is somebody else's: one that brought a batch of the account, and its code says so. */
  readonly by?: Address | undefined
  readonly receipt: Receipt
}

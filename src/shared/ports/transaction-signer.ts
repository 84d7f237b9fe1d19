// The only thing that can turn a plan into money. Keys never leave it; it keeps no state and reads no chain.

import type { Address } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'
import type { TxHash } from '../chain/hash.ts'
import type { Hex } from '../lib/hex.ts'
import type { Result } from '../lib/result.ts'

/** An EIP-1559 transaction. Amounts in wei, fees in wei per unit of gas. */
export type UnsignedTransaction = {
  readonly chain: ChainId
  readonly nonce: number
  readonly to: Address
  readonly value: bigint
  readonly data: Hex
  readonly gas_limit: bigint
  readonly max_fee_per_gas: bigint
  readonly max_priority_fee_per_gas: bigint
}

/** What a node is given, and the hash under which the chain will know it. */
export type SignedTransaction = { readonly raw: Hex; readonly hash: TxHash }

export interface TransactionSigner {
  /** Whether it has the key of this account. */
  holds(address: Address): boolean

  /**
   * The same transaction gives the same bytes every time (RFC 6979), so signing again after a crash makes no second
   * transaction.
   */
  sign(
    address: Address,
    transaction: UnsignedTransaction,
  ): Promise<Result<SignedTransaction, { readonly reason: 'no_key' }>>
}

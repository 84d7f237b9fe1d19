// The only thing that can turn a plan into money. Keys never leave it; it keeps no state and reads no chain.

import type { Address } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'
import type { TxHash } from '../chain/hash.ts'
import type { Hex } from '../lib/hex.ts'
import type { Result } from '../lib/result.ts'

/**
 * The sender's own delegation (EIP-7702), for the chain of its transaction alone. `address`: whose code the account has from
 * then on; the zero address takes it away. `nonce`: of the account when the list is read, one above its transaction's.
 */
export type UnsignedAuthorization = { readonly address: Address; readonly nonce: number }

/** Amounts in wei, fees in wei per unit of gas. */
export type UnsignedTransaction = {
  readonly chain: ChainId
  readonly nonce: number
  readonly to: Address
  readonly value: bigint
  readonly data: Hex
  readonly gas_limit: bigint
  readonly max_fee_per_gas: bigint
  readonly max_priority_fee_per_gas: bigint
  /** Null: an EIP-1559 transaction; else one of EIP-7702 that carries this authorization and no other. */
  readonly authorization: UnsignedAuthorization | null
}

/** What a node is given, and the hash under which the chain will know it. */
export type SignedTransaction = { readonly raw: Hex; readonly hash: TxHash }

/** `detail`: for people; it holds no key and no token. */
export type SigningFailure =
  | { readonly reason: 'no_key' }
  /** It did not answer, or is busy: later it may. */
  | { readonly reason: 'unavailable'; readonly detail: string }
  /** It answered that it does not sign this: somebody has to look. */
  | { readonly reason: 'refused'; readonly detail: string }
  /** What it gave is not this transaction, or not by this account's key: it is not used. */
  | { readonly reason: 'wrong_answer'; readonly detail: string }

/** What an account lets others bring: its steps, packed, and a time in seconds until which they may (contracts/SPEC.md). */
export type UnsignedBatch = {
  readonly chain: ChainId
  readonly id: Hex
  readonly validUntil: number
  readonly steps: Hex
}

export interface TransactionSigner {
  /** Whether it has the key of this account. */
  holds(address: Address): boolean

  /**
   * Some keys give the same bytes every time (RFC 6979), others do not: what counts is what is written down before it is
   * sent, and what was signed and lost in a crash was never sent.
   */
  sign(address: Address, transaction: UnsignedTransaction): Promise<Result<SignedTransaction, SigningFailure>>
  /** r and vs (EIP-2098), 64 bytes. */
  signBatch(address: Address, batch: UnsignedBatch): Promise<Result<Hex, SigningFailure>>
}

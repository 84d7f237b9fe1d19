// A transaction's bytes: what of it is signed, and what comes of a signature. Nothing that another signer says about them
// is believed: they are made here, field by field.

import {
  hexToBigInt,
  keccak256,
  recoverAddress,
  serializeTransaction,
  type TransactionSerializableEIP1559,
} from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { Address } from '../../chain/address.ts'
import { chainReference } from '../../chain/chain-id.ts'
import { isTxHash } from '../../chain/hash.ts'
import { assert } from '../../lib/assert.ts'
import { type Hex, isHex } from '../../lib/hex.ts'
import type { SignedTransaction, UnsignedTransaction } from '../../ports/transaction-signer.ts'

/** 32 bytes each, `s` in the lower half of the order (EIP-2). */
export type Signature = { readonly r: `0x${string}`; readonly s: `0x${string}`; readonly yParity: 0 | 1 }

function fieldsOf(transaction: UnsignedTransaction): TransactionSerializableEIP1559 {
  return {
    type: 'eip1559',
    chainId: chainReference(transaction.chain),
    nonce: transaction.nonce,
    to: transaction.to,
    value: transaction.value,
    data: transaction.data,
    gas: transaction.gas_limit,
    maxFeePerGas: transaction.max_fee_per_gas,
    maxPriorityFeePerGas: transaction.max_priority_fee_per_gas,
  }
}

/** The 32 bytes that are signed. */
export function digestOf(transaction: UnsignedTransaction): Hex {
  return checked(keccak256(serializeTransaction(fieldsOf(transaction))))
}

export function signedBy(transaction: UnsignedTransaction, signature: Signature): SignedTransaction {
  return hashed(serializeTransaction(fieldsOf(transaction), signature))
}

/** With a key that is here: the same bytes every time (RFC 6979). */
export async function signWith(
  account: Pick<PrivateKeyAccount, 'signTransaction'>,
  transaction: UnsignedTransaction,
): Promise<SignedTransaction> {
  return hashed(await account.signTransaction(fieldsOf(transaction)))
}

function hashed(bytes: string): SignedTransaction {
  const raw = checked(bytes)
  const hash = keccak256(raw)
  assert(isTxHash(hash), 'a hash has 32 bytes')
  return { raw, hash }
}

/** The signature as one of this account's; null: it is of another key, or none. The parity is found by trying both. */
export async function ofAccount(
  address: Address,
  digest: Hex,
  { r, s }: Pick<Signature, 'r' | 's'>,
): Promise<Signature | null> {
  if (hexToBigInt(r) === 0n || hexToBigInt(s) === 0n) return null
  for (const yParity of [0, 1] as const) {
    const signer = await recoverAddress({ hash: digest, signature: { r, s, yParity } }).catch(() => null)
    if (signer?.toLowerCase() === address) return { r, s, yParity }
  }
  return null
}

function checked(text: string): Hex {
  assert(isHex(text), 'bytes are hex')
  return text
}

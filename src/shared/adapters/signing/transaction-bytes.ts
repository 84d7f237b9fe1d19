// A transaction's bytes: what of it is signed, and what comes of a signature. Nothing that another signer says about them
// is believed: they are made here, field by field.

import {
  hashTypedData,
  hexToBigInt,
  keccak256,
  parseSignature,
  recoverAddress,
  serializeTransaction,
  signatureToCompactSignature,
  type TransactionSerializableEIP1559,
  type TransactionSerializableEIP7702,
  type TransactionSerializableLegacy,
} from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { hashAuthorization } from 'viem/utils'
import type { Address } from '../../chain/address.ts'
import { chainReference } from '../../chain/chain-id.ts'
import { isTxHash } from '../../chain/hash.ts'
import { assert } from '../../lib/assert.ts'
import { type Hex, isHex } from '../../lib/hex.ts'
import { ok, type Result } from '../../lib/result.ts'
import type {
  SignedTransaction,
  SigningFailure,
  UnsignedBatch,
  UnsignedTransaction,
} from '../../ports/transaction-signer.ts'

const BATCH_TYPES = {
  Batch: [
    { name: 'batchId', type: 'bytes32' },
    { name: 'validUntil', type: 'uint256' },
    { name: 'steps', type: 'bytes' },
  ],
} as const

/** What stands for the parity of a signature where a transaction has no type. */
const PARITY_BASE = 27

/** 32 bytes each, `s` in the lower half of the order (EIP-2). */
export type Signature = { readonly r: `0x${string}`; readonly s: `0x${string}`; readonly yParity: 0 | 1 }

/** Signs 32 bytes with an account's key. */
export type SignDigest = (digest: Hex) => Promise<Result<Signature, SigningFailure>>

/** The authorization first, where there is one: its signature is part of what the transaction's covers. */
export async function signByDigest(
  transaction: UnsignedTransaction,
  sign: SignDigest,
): Promise<Result<SignedTransaction, SigningFailure>> {
  if (transaction.authorization === null) {
    return signFields(hasOnePrice(transaction) ? legacy(transaction) : eip1559(transaction), sign)
  }
  const { address, nonce } = transaction.authorization
  // Never chain id 0, which would count on every chain.
  const authorization = { address, nonce, chainId: chainReference(transaction.chain) }
  const signature = await sign(checked(hashAuthorization(authorization)))
  if (!signature.ok) return signature
  const authorizationList = [{ ...authorization, ...signature.value }]
  return signFields({ ...eip1559(transaction), type: 'eip7702', authorizationList }, sign)
}

async function signFields(
  fields: TransactionSerializableLegacy | TransactionSerializableEIP1559 | TransactionSerializableEIP7702,
  sign: SignDigest,
): Promise<Result<SignedTransaction, SigningFailure>> {
  const signature = await sign(checked(keccak256(serializeTransaction(fields))))
  return signature.ok ? ok(hashed(serializeTransaction(fields, withV(signature.value)))) : signature
}

/** As transactions without a type have it, of which the chain's id is added where they are written (EIP-155). */
function withV(signature: Signature) {
  return { ...signature, v: BigInt(PARITY_BASE + signature.yParity) }
}

/** EIP-712, in the domain of the account's own code; r and vs as in EIP-2098. */
export async function signBatchByDigest(
  account: Address,
  { chain, id, validUntil, steps }: UnsignedBatch,
  sign: SignDigest,
): Promise<Result<Hex, SigningFailure>> {
  const digest = hashTypedData({
    domain: {
      name: 'Waybill BatchExecutor',
      version: '1',
      chainId: chainReference(chain),
      verifyingContract: account,
    },
    types: BATCH_TYPES,
    primaryType: 'Batch',
    message: { batchId: id, validUntil: BigInt(validUntil), steps },
  })
  const signature = await sign(checked(digest))
  if (!signature.ok) return signature
  const { r, yParityAndS } = signatureToCompactSignature(signature.value)
  return ok(checked(`0x${r.slice(2)}${yParityAndS.slice(2)}`))
}

export function signBatchWith(
  account: Required<Pick<PrivateKeyAccount, 'sign'>>,
  address: Address,
  batch: UnsignedBatch,
): Promise<Result<Hex, SigningFailure>> {
  return signBatchByDigest(address, batch, async (digest) =>
    ok(signatureOf(await account.sign({ hash: digest }))),
  )
}

/** With a key that is here: the same bytes every time (RFC 6979). */
export function signWith(
  account: Required<Pick<PrivateKeyAccount, 'sign'>>,
  transaction: UnsignedTransaction,
): Promise<Result<SignedTransaction, SigningFailure>> {
  return signByDigest(transaction, async (digest) => ok(signatureOf(await account.sign({ hash: digest }))))
}

function signatureOf(bytes: `0x${string}`): Signature {
  const { r, s, yParity } = parseSignature(bytes)
  assert(yParity === 0 || yParity === 1, 'a parity is one bit')
  return { r, s, yParity }
}

/**
 * The tip is all of it: so are offers on chains without base fees, which take no other type. Where there are base fees the
 * same would be paid either way.
 */
export function hasOnePrice(transaction: UnsignedTransaction): boolean {
  return (
    transaction.authorization === null && transaction.max_fee_per_gas === transaction.max_priority_fee_per_gas
  )
}

function legacy(transaction: UnsignedTransaction): TransactionSerializableLegacy & { type: 'legacy' } {
  const { maxFeePerGas: gasPrice, maxPriorityFeePerGas: _, ...fields } = eip1559(transaction)
  return { ...fields, type: 'legacy', gasPrice }
}

function eip1559(
  transaction: UnsignedTransaction,
): TransactionSerializableEIP1559 & { type: 'eip1559'; maxFeePerGas: bigint } {
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

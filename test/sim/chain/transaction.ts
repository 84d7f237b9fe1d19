// Transactions of the simulated chain: the bytes are the fields, so the same fields give the same bytes and hash, as with
// RFC 6979; and whoever has an account's key can make them.

import { encodeAction } from '../../../src/shared/adapters/encode-action.ts'
import { type Address, isAddress } from '../../../src/shared/chain/address.ts'
import { isTxHash, type TxHash } from '../../../src/shared/chain/hash.ts'
import { assert, assertDefined } from '../../../src/shared/lib/assert.ts'
import { type Hex, isHex } from '../../../src/shared/lib/hex.ts'
import { err, ok } from '../../../src/shared/lib/result.ts'
import { sha256Hex } from '../../../src/shared/lib/sha256.ts'
import type {
  SignedTransaction,
  TransactionSigner,
  UnsignedBatch,
  UnsignedTransaction,
} from '../../../src/shared/ports/transaction-signer.ts'
import { addressOf } from '../../support/domain-values.ts'

export type Transaction = SignedTransaction & {
  readonly from: Address
  readonly nonce: number
  readonly to: Address
  readonly value: bigint
  readonly data: Hex
  readonly gas_limit: bigint
  readonly max_fee_per_gas: bigint
  readonly max_priority_fee_per_gas: bigint
  /** Of the sender itself. */
  readonly authorization: UnsignedTransaction['authorization']
  /** Of another account, whose it was to bring. */
  readonly carried: CarriedAuthorization | null
}

export type CarriedAuthorization = {
  readonly authority: Address
  readonly address: Address
  readonly nonce: number
}

/** Of a stranger who brings what he saw. */
export const CARRIER = addressOf(0xca44)

type Fields = Omit<Transaction, 'raw' | 'hash'>

/** Every transaction that was ever signed, by anybody: what nodes read bytes with. */
export class Mint {
  readonly #byHash = new Map<TxHash, Transaction>()

  sign(fields: Fields): Transaction {
    const { authorization, carried, ...others } = fields
    const delegation = authorization === null ? '-' : `${authorization.address} ${authorization.nonce}`
    const brought = carried === null ? [] : [`${carried.authority} ${carried.address} ${carried.nonce}`]
    const text = [...Object.values(others).map(String), delegation, ...brought].join('|')
    const raw = `0x${Buffer.from(text).toString('hex')}`
    const hash = `0x${sha256Hex(raw)}`
    assert(isHex(raw) && isTxHash(hash), 'bytes and hashes are hex')
    const known = this.#byHash.get(hash)
    if (known !== undefined) return known
    const transaction = { ...fields, raw, hash }
    this.#byHash.set(hash, transaction)
    return transaction
  }

  read(hash: TxHash): Transaction {
    return assertDefined(this.#byHash.get(hash), 'bytes are signed before they leave')
  }
}

/** Signs like the keys of a deployment, but quickly. */
export function simulatedSigner(
  mint: Mint,
  accounts: ReadonlySet<Address>,
  isUnavailable: () => boolean,
): TransactionSigner {
  return {
    holds: (address) => accounts.has(address),
    sign: async (from: Address, { chain: _chain, ...fields }: UnsignedTransaction) => {
      if (isUnavailable()) return err({ reason: 'no_key' })
      const { raw, hash } = mint.sign({ from, ...fields, carried: null })
      return ok({ raw, hash })
    },
    signBatch: async (account: Address, batch: UnsignedBatch) =>
      isUnavailable() ? err({ reason: 'no_key' }) : ok(batchSignature(account, batch)),
  }
}

/** Nobody but the key's owner can make it: here by agreement. 64 bytes. */
export function batchSignature(
  account: Address,
  { id, validUntil, steps }: Pick<UnsignedBatch, 'id' | 'validUntil' | 'steps'>,
): Hex {
  const signature = `0x${account.slice(2).padStart(64, '0')}${sha256Hex([account, id, validUntil, steps].join('|'))}`
  assert(isHex(signature), 'a signature is hex')
  return signature
}

/** A stranger brings a batch that he saw, and pays for it. */
export function bringing(account: Address, data: Hex, nonce: number, price: bigint): Fields {
  return { ...strangersFields(CARRIER, nonce, account, price), value: 0n, data }
}

/** Fields of a transaction that `from` would make for itself. */
export function strangersFields(from: Address, nonce: number, to: Address, price: bigint): Fields {
  return {
    from,
    nonce,
    ...encodeAction({ type: 'native', to, amount: 7n }),
    gas_limit: 21_000n,
    max_fee_per_gas: price,
    max_priority_fee_per_gas: 1n,
    authorization: null,
    carried: null,
  }
}

/** The same, that makes other code the account's own: an owner who moves to another product, or a thief. */
export function strangersDelegation(from: Address, nonce: number, to: Address, price: bigint): Fields {
  const authorization = { address: to, nonce: nonce + 1 }
  return { ...strangersFields(from, nonce, from, price), value: 0n, gas_limit: 46_000n, authorization }
}

/** A stranger pays for what makes another account's authorization count. */
export function carrying(carried: CarriedAuthorization, nonce: number, price: bigint): Fields {
  return { ...strangersFields(CARRIER, nonce, CARRIER, price), carried }
}

/** What `transfer(address,uint256)` was called with. */
export function erc20Arguments(data: Hex): { readonly to: Address; readonly amount: bigint } | null {
  if (!data.startsWith('0xa9059cbb')) return null
  const to = `0x${data.slice(34, 74)}`
  assert(isAddress(to), 'an argument is an address')
  return { to, amount: BigInt(`0x${data.slice(74)}`) }
}

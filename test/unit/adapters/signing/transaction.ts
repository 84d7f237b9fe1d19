// A transaction to sign, and whether what came back is it.

import {
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
  type TransactionSerializedEIP7702,
} from 'viem'
import { recoverAuthorizationAddress } from 'viem/utils'
import { expect } from 'vitest'
import type { Address } from '../../../../src/shared/chain/address.ts'
import { isChainId } from '../../../../src/shared/chain/chain-id.ts'
import type {
  TransactionSigner,
  UnsignedTransaction,
} from '../../../../src/shared/ports/transaction-signer.ts'
import { checkedAddress, hex } from '../chain-values.ts'

const chain = 'eip155:31337'
if (!isChainId(chain)) throw new Error('not a chain')

export const TRANSACTION: UnsignedTransaction = {
  chain,
  nonce: 7,
  to: checkedAddress('0x70997970c51812dc3a010c7d01b50e0d17dc79c8'),
  value: 123n,
  data: hex('0xa9059cbb00'),
  gas_limit: 50_000n,
  max_fee_per_gas: 2_000_000_001n,
  max_priority_fee_per_gas: 1n,
  authorization: null,
}

export async function expectSigned(
  signer: TransactionSigner,
  address: Address,
  transaction: UnsignedTransaction = TRANSACTION,
): Promise<void> {
  const signed = await signer.sign(address, transaction)
  if (!signed.ok) throw new Error(JSON.stringify(signed.error))
  const { raw, hash } = signed.value
  const serializedTransaction = `0x02${raw.slice(4)}` as const
  expect(raw).toBe(serializedTransaction)
  expect(hash).toBe(keccak256(raw))
  expect((await recoverTransactionAddress({ serializedTransaction })).toLowerCase()).toBe(address)
  const parsed = parseTransaction(serializedTransaction)
  expect(parsed).toMatchObject({
    type: 'eip1559',
    chainId: 31_337,
    to: transaction.to,
    gas: transaction.gas_limit,
  })
  expect([parsed.nonce ?? 0, parsed.value ?? 0n, parsed.data ?? '0x']).toEqual([
    transaction.nonce,
    transaction.value,
    transaction.data,
  ])
  // The half of the order that nodes accept (EIP-2).
  expect(BigInt(parsed.s ?? 0n)).toBeLessThan(2n ** 255n)
}

/** As it is offered where there are no base fees: one price, all of it a tip. */
export const ONE_PRICE: UnsignedTransaction = { ...TRANSACTION, max_priority_fee_per_gas: 2_000_000_001n }

/** Without a type, for this chain alone (EIP-155). */
export async function expectLegacy(signer: TransactionSigner, address: Address): Promise<void> {
  const signed = await signer.sign(address, ONE_PRICE)
  if (!signed.ok) throw new Error(JSON.stringify(signed.error))
  const { raw, hash } = signed.value
  expect(hash).toBe(keccak256(raw))
  const { type, chainId, nonce, gasPrice, v, s } = parseTransaction(raw)
  expect({ type, chainId, nonce, gasPrice }).toEqual({
    type: 'legacy',
    chainId: 31_337,
    nonce: 7,
    gasPrice: ONE_PRICE.max_fee_per_gas,
  })
  expect([2n * 31_337n + 35n, 2n * 31_337n + 36n]).toContain(v)
  expect(
    (
      await recoverTransactionAddress({ serializedTransaction: raw as `0x${string}` & `0x02${string}` })
    ).toLowerCase(),
  ).toBe(address)
  expect(BigInt(s ?? 0n)).toBeLessThan(2n ** 255n)
}

/** Its own delegation, and the end of it. */
export const AUTHORIZATIONS = [
  { address: checkedAddress('0x70997970c51812dc3a010c7d01b50e0d17dc79c8'), nonce: 8 },
  { address: checkedAddress(`0x${'0'.repeat(40)}`), nonce: 8 },
] as const

/** Both signatures are the account's, and the authorization is for this chain, of this nonce and to this address alone. */
export async function expectAuthorized(signer: TransactionSigner, address: Address): Promise<void> {
  for (const authorization of AUTHORIZATIONS) {
    const signed = await signer.sign(address, { ...TRANSACTION, authorization })
    if (!signed.ok) throw new Error(JSON.stringify(signed.error))
    const { raw, hash } = signed.value
    expect(hash).toBe(keccak256(raw))
    const serializedTransaction: TransactionSerializedEIP7702 = `0x04${raw.slice(4)}`
    expect(raw).toBe(serializedTransaction)
    expect((await recoverTransactionAddress({ serializedTransaction })).toLowerCase()).toBe(address)
    const { authorizationList = [], ...parsed } = parseTransaction(serializedTransaction)
    expect(parsed).toMatchObject({ type: 'eip7702', chainId: 31_337, nonce: 7, to: TRANSACTION.to })
    expect(authorizationList).toMatchObject([{ ...authorization, chainId: 31_337 }])
    for (const tuple of authorizationList) {
      expect((await recoverAuthorizationAddress({ authorization: tuple })).toLowerCase()).toBe(address)
      expect(BigInt(tuple.s)).toBeLessThan(2n ** 255n)
    }
  }
}

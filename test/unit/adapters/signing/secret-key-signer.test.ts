// Guarantee: a signer signs exactly what it was given, the same bytes every time, and never tells a key.

import { inspect } from 'node:util'
import { keccak256, parseTransaction, recoverTransactionAddress } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { SecretKeySigner } from '../../../../src/shared/adapters/signing/secret-key-signer.ts'
import { type ChainId, isChainId } from '../../../../src/shared/chain/chain-id.ts'
import type {
  SignedTransaction,
  UnsignedTransaction,
} from '../../../../src/shared/ports/transaction-signer.ts'
import { checkedAddress, hex } from '../chain-values.ts'
import { expectAuthorized, expectLegacy, TRANSACTION as transaction } from './transaction.ts'

/** The first two accounts of every development node (`test test ... junk`): public knowledge. */
const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const OTHER_KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
const ADDRESS = checkedAddress('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266')

describe('signing', () => {
  test('keeps every field, and the hash is that of the bytes', async () => {
    const { raw, hash } = await signed(transaction)
    expect(hash).toBe(keccak256(raw))
    expect(parseTransaction(raw)).toMatchObject({
      type: 'eip1559',
      chainId: 31337,
      nonce: 7,
      to: transaction.to,
      value: 123n,
      data: '0xa9059cbb00',
      gas: 50_000n,
      maxFeePerGas: 2_000_000_001n,
      maxPriorityFeePerGas: 1n,
    })
    const serializedTransaction = `0x02${raw.slice(4)}` as const
    expect((await recoverTransactionAddress({ serializedTransaction })).toLowerCase()).toBe(ADDRESS)
  })

  test('keeps the first nonce, no value and no data', async () => {
    const { raw } = await signed({ ...transaction, nonce: 0, value: 0n, data: hex('0x') })
    const parsed = parseTransaction(raw)
    expect([parsed.nonce ?? 0, parsed.value ?? 0n, parsed.data ?? '0x']).toEqual([0, 0n, '0x'])
  })

  // The vector is what Anvil's own signer gives for these fields (eth_signTransaction).
  test('gives the bytes that another signer gives, the same ones every time', async () => {
    const first = await signed(transaction)
    const again = await SecretKeySigner.parse('KEYS', JSON.stringify({ [ADDRESS]: KEY })).sign(
      ADDRESS,
      transaction,
    )
    expect(again).toEqual({ ok: true, value: first })
    expect(first).toEqual({
      hash: '0xd4a8f1fbae0d1c73687302e2aa1db70f2b611a06cb6cd861d5165803f82108e9',
      raw: '0x02f86d827a690701847735940182c3509470997970c51812dc3a010c7d01b50e0d17dc79c87b85a9059cbb00c080a0630bfa82936ea586780365425090ddf247e36083f520e1c31efbe10dbe493331a006be72a6cb7f4a853bc1e9d7bfd0b96a7f2c6e7acc0c6cf5ea11f6df045644ee',
    })
  })

  test('what has one price is a transaction without a type', async () => {
    await expectLegacy(SecretKeySigner.parse('KEYS', JSON.stringify({ [ADDRESS]: KEY })), ADDRESS)
  })

  test('one changed field is another transaction', async () => {
    const first = await signed(transaction)
    for (const change of [
      { nonce: 8 },
      { value: 124n },
      { max_fee_per_gas: 1n },
      { chain: chain('eip155:1') },
    ]) {
      expect((await signed({ ...transaction, ...change })).hash).not.toBe(first.hash)
    }
  })

  test('an account delegates by its own key, on one chain', async () => {
    await expectAuthorized(SecretKeySigner.parse('KEYS', JSON.stringify({ [ADDRESS]: KEY })), ADDRESS)
  })

  test('an address without a key is refused', async () => {
    const signer = SecretKeySigner.parse('KEYS', '{}')
    expect(await signer.sign(ADDRESS, transaction)).toEqual({ ok: false, error: { reason: 'no_key' } })
  })
})

describe('the secret', () => {
  test('takes checksummed addresses and several keys', () => {
    const { address: checksummed } = privateKeyToAccount(KEY)
    const other = privateKeyToAccount(OTHER_KEY).address
    const signer = SecretKeySigner.parse('KEYS', JSON.stringify({ [checksummed]: KEY, [other]: OTHER_KEY }))
    expect(signer.addresses).toEqual([ADDRESS, other.toLowerCase()])
    expect(signer.holds(ADDRESS)).toBe(true)
    expect(signer.holds(transaction.to)).toBe(true)
    expect(SecretKeySigner.parse('KEYS', '{}').holds(ADDRESS)).toBe(false)
  })

  test.each<[string, string]>([
    ['no JSON', `{"${ADDRESS}": ${KEY}`],
    ['a list', JSON.stringify([KEY])],
    ['the key of another address', JSON.stringify({ [ADDRESS]: OTHER_KEY })],
    ['key and address exchanged', JSON.stringify({ [KEY]: ADDRESS })],
    ['a key that is too short', JSON.stringify({ [ADDRESS]: KEY.slice(0, -2) })],
    ['a key that is no number of the curve', JSON.stringify({ [ADDRESS]: `0x${'ff'.repeat(32)}` })],
    ['a key inside an object', JSON.stringify({ [ADDRESS]: { key: KEY } })],
    ['an address twice', JSON.stringify({ [ADDRESS]: KEY, [privateKeyToAccount(KEY).address]: KEY })],
  ])('with %s is refused, and the refusal holds no key', (_, secret) => {
    let refusal: unknown
    try {
      SecretKeySigner.parse('KEYS', secret)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toMatchObject({ name: 'SettingsError', message: expect.stringContaining('KEYS') })
    const told = inspect(refusal, { depth: null, showHidden: true })
    for (const key of [KEY, OTHER_KEY, 'ff'.repeat(32)]) expect(told).not.toContain(key.slice(2, 40))
  })

  test('does not show in the signer', async () => {
    const key = generatePrivateKey()
    const owner = checkedAddress(privateKeyToAccount(key).address.toLowerCase())
    const signer = SecretKeySigner.parse('KEYS', JSON.stringify({ [owner]: key }))
    const told = [inspect(signer, { depth: null, showHidden: true }), JSON.stringify(signer)]
    told.push(JSON.stringify(await signer.sign(owner, transaction), (_, value) => String(value)))
    for (const text of told) expect(text).not.toContain(key.slice(2))
  })
})

async function signed(unsigned: UnsignedTransaction): Promise<SignedTransaction> {
  const answer = await SecretKeySigner.parse('KEYS', JSON.stringify({ [ADDRESS]: KEY })).sign(
    ADDRESS,
    unsigned,
  )
  if (!answer.ok) throw new Error(answer.error.reason)
  return answer.value
}

function chain(text: string): ChainId {
  if (!isChainId(text)) throw new Error(`not a chain: ${text}`)
  return text
}

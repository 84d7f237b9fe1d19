// Guarantee: a remote signer's bytes are used only where they are this transaction with this account's signature, field by
// field: against a real node's unlocked account, and against one that lies.

import { serializeTransaction, type TransactionSerializableEIP1559 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RemoteSigner } from '../../../../src/shared/adapters/signing/remote-signer.ts'
import { ANVIL_ADDRESS, ANVIL_KEY, type Anvil, startAnvil } from '../anvil.ts'
import { addressOf, keyOf, LocalService, type ServiceAnswer } from './key-service.ts'
import { AUTHORIZATIONS, expectLegacy, expectSigned, ONE_PRICE, TRANSACTION } from './transaction.ts'

const ACCOUNT = privateKeyToAccount(ANVIL_KEY)
const FIELDS: TransactionSerializableEIP1559 = {
  type: 'eip1559',
  chainId: 31_337,
  nonce: 7,
  to: TRANSACTION.to,
  value: 123n,
  data: TRANSACTION.data,
  gas: 50_000n,
  maxFeePerGas: 2_000_000_001n,
  maxPriorityFeePerGas: 1n,
}

let anvil: Anvil
let liar: LocalService
let told: unknown = null
let instead: ServiceAnswer | null = null

beforeAll(async () => {
  anvil = await startAnvil()
  liar = await LocalService.start(({ body }) => {
    return instead ?? { status: 200, body: { jsonrpc: '2.0', id: JSON.parse(body).id, result: told } }
  })
})
afterAll(async () => {
  await anvil.stop()
  await liar.stop()
})

test('a node signs by its unlocked account', async () => {
  const signer = new RemoteSigner({ url: anvil.url, headers: {} }, [ANVIL_ADDRESS], fetch)
  await expectSigned(signer, ANVIL_ADDRESS)
  await expectSigned(signer, ANVIL_ADDRESS, { ...TRANSACTION, nonce: 0, value: 0n })
})

test('a node signs what has one price without a type, and what has a type then is not used', async () => {
  const signer = new RemoteSigner({ url: anvil.url, headers: {} }, [ANVIL_ADDRESS], fetch)
  await expectLegacy(signer, ANVIL_ADDRESS)
  told = await ACCOUNT.signTransaction({ ...FIELDS, maxPriorityFeePerGas: 2_000_000_001n })
  expect(await lying().sign(ANVIL_ADDRESS, ONE_PRICE)).toMatchObject({
    ok: false,
    error: { reason: 'wrong_answer' },
  })
})

test('an authorization is refused, and nobody is asked', async () => {
  const calls = liar.calls.length
  const [authorization] = AUTHORIZATIONS
  expect(await lying().sign(ANVIL_ADDRESS, { ...TRANSACTION, authorization })).toMatchObject({
    ok: false,
    error: { reason: 'refused', detail: expect.stringContaining('cannot sign authorizations') },
  })
  expect(liar.calls).toHaveLength(calls)
})

test('an account that the node does not have is refused', async () => {
  const stranger = addressOf(keyOf(5))
  const signer = new RemoteSigner({ url: anvil.url, headers: {} }, [stranger], fetch)
  expect(await signer.sign(stranger, TRANSACTION)).toMatchObject({ ok: false, error: { reason: 'refused' } })
  expect(await signer.sign(ANVIL_ADDRESS, TRANSACTION)).toEqual({ ok: false, error: { reason: 'no_key' } })
})

test.each(['bytes', 'an object that holds them'])('the answer may be %s', async (form) => {
  const raw = await ACCOUNT.signTransaction(FIELDS)
  told = form === 'bytes' ? raw : { raw, tx: {} }
  await expectSigned(lying(), ANVIL_ADDRESS)
  expect(liar.calls.at(-1)?.headers.authorization).toBe('Bearer of the signer')
})

test.each<[string, Partial<TransactionSerializableEIP1559>]>([
  ['nonce', { nonce: 8 }],
  ['recipient', { to: ANVIL_ADDRESS }],
  ['value', { value: 124n }],
  ['data', { data: '0xa9059cbb01' }],
  ['gas limit', { gas: 50_001n }],
  ['fee', { maxFeePerGas: 2_000_000_002n }],
  ['priority fee', { maxPriorityFeePerGas: 2n }],
  ['chain', { chainId: 1 }],
  ['access list', { accessList: [{ address: ANVIL_ADDRESS, storageKeys: [] }] }],
])('another %s is not used', async (_, change) => {
  told = await ACCOUNT.signTransaction({ ...FIELDS, ...change })
  expect(await lying().sign(ANVIL_ADDRESS, TRANSACTION)).toMatchObject({
    ok: false,
    error: { reason: 'wrong_answer' },
  })
})

test('the signature of another account is not used', async () => {
  told = await privateKeyToAccount(keyOf(6)).signTransaction(FIELDS)
  expect(await lying().sign(ANVIL_ADDRESS, TRANSACTION)).toMatchObject({
    ok: false,
    error: { reason: 'wrong_answer' },
  })
})

test.each([null, 7, '', '0x', '0x02', 'words', {}, serializeTransaction(FIELDS), `0x01${'00'.repeat(80)}`])(
  'the answer %j is not used',
  async (answer) => {
    told = answer
    expect(await lying().sign(ANVIL_ADDRESS, TRANSACTION)).toMatchObject({
      ok: false,
      error: { reason: 'wrong_answer' },
    })
  },
)

test.each([
  [503, 'unavailable'],
  [429, 'unavailable'],
  [401, 'refused'],
] as const)('HTTP %d is %s', async (status, reason) => {
  instead = { status, body: '' }
  expect(await lying().sign(ANVIL_ADDRESS, TRANSACTION)).toMatchObject({ ok: false, error: { reason } })
  instead = null
})

function lying(): RemoteSigner {
  const headers = { authorization: 'Bearer of the signer' }
  return new RemoteSigner({ url: liar.url, headers }, [ANVIL_ADDRESS], fetch)
}

// Guarantee: whether a chain has batches, and by which executor, is what its entry in CHAINS says; endpoints that cannot be
// used are refused, and the refusal names the place and never a URL.

import { expect, test } from 'vitest'
import type { Address } from '../../../src/shared/chain/address.ts'
import { accountCaps } from '../../../src/shared/chain/policy.ts'
import { parseChainPolicies, parseEndpoints } from '../../../src/shared/schema/deployment.ts'
import { address } from '../../../src/shared/schema/scalars.ts'
import { addressOf } from '../../support/domain-values.ts'

const LEAST = { chain: 'eip155:1', name: 'One', native_symbol: 'ETH', block_time_ms: 12_000 }
const ENDPOINT = { name: 'a', operator: 'b', url: 'https://a.example/token' }
const EXECUTOR = '0xd9bEdEA5334100CeA87607b890C40061347AaF95'

test.each([
  [{}, null],
  [{ batch: null }, null],
  [{ batch: { executor: EXECUTOR.toLowerCase() } }, 'on_need'],
  [{ batch: { executor: EXECUTOR.toLowerCase(), delegate: 'by_command' } }, 'by_command'],
])('%j', (fields, delegate) => {
  const expected = delegate === null ? null : { executor: EXECUTOR.toLowerCase(), delegate, delegate_from: 8 }
  expect([...policies(fields).values()].map(({ batch }) => batch)).toEqual([expected])
})

test.each([
  [{}, 'batch.executor'],
  [{ executor: '0x12' }, 'batch.executor'],
  [{ executor: EXECUTOR.toLowerCase(), delegate: 'never' }, 'batch.delegate'],
  [{ executor: EXECUTOR.toLowerCase(), owner: EXECUTOR }, 'owner'],
])('%j is refused, and the refusal names the place', (batch, place) => {
  expect(() => policies({ batch })).toThrow(place)
})

test.each([
  [[], 'none is public'],
  [[{ private: true }], 'none is public'],
  [[{ capabilities: { broadcasts: false } }], 'none is public'],
  [[{}, {}], 'one name'],
  [[{ rate: 0 }], 'eip155:1.0.rate'],
  [[{ rate: 2.5 }], 'eip155:1.0.rate'],
  [[{ weight: -1 }], 'eip155:1.0.weight'],
  [[{ capabilities: { magic: true } }], 'capabilities'],
  [[{ speed: 1 }], 'speed'],
])('endpoints %j are refused', (endpoints, place) => {
  const settings = endpoints.map((one) => ({ ...ENDPOINT, ...one }))
  const parse = () => parseEndpoints(JSON.stringify({ 'eip155:1': settings }))
  expect(parse).toThrow(place)
  expect(parse).not.toThrow(/example|token/)
})

test('the cap of an account is the one that is named for it, else the one for all, beside that of the chain', () => {
  const fee_caps = { chain: '90', signer: '50', signers: { [EXECUTOR.toLowerCase()]: '70' } }
  const [policy] = policies({ fee_caps }).values()
  const capsOf = (account: Address) => policy && accountCaps(policy, account)
  expect(capsOf(addressOf(1))).toEqual({ chain: 90n, signer: 50n })
  expect(capsOf(address.parse(EXECUTOR.toLowerCase()))).toEqual({ chain: 90n, signer: 70n })
})

test.each([{}, { fee_caps: null }, { fee_caps: {} }])('%j has no caps', (fields) => {
  const [policy] = policies(fields).values()
  expect(policy && accountCaps(policy, addressOf(1))).toMatchObject({ chain: null, signer: null })
})

test('a cap that is no whole number of wei is refused, and the refusal names the place', () => {
  expect(() => policies({ fee_caps: { chain: '1.5' } })).toThrow('fee_caps.chain')
})

function policies(fields: object) {
  return parseChainPolicies(JSON.stringify([{ ...LEAST, ...fields }]))
}

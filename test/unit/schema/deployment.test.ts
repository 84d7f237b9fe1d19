// Guarantee: whether a chain has batches, and by which executor, is what its entry in CHAINS says.

import { expect, test } from 'vitest'
import type { Address } from '../../../src/shared/chain/address.ts'
import { accountCaps } from '../../../src/shared/chain/policy.ts'
import { parseChainPolicies } from '../../../src/shared/schema/deployment.ts'
import { address } from '../../../src/shared/schema/scalars.ts'
import { addressOf } from '../../support/domain-values.ts'

const LEAST = { chain: 'eip155:1', name: 'One', native_symbol: 'ETH', block_time_ms: 12_000 }
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

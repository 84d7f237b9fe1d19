// Guarantee: whether a chain has batches, and by which executor, is what its entry in CHAINS says.

import { expect, test } from 'vitest'
import { parseChainPolicies } from '../../../src/shared/schema/deployment.ts'

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

function policies(fields: object) {
  return parseChainPolicies(JSON.stringify([{ ...LEAST, ...fields }]))
}

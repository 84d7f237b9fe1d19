// Guarantee (src/shared/batch/SPEC.md, P6): a batch takes a part of a block, a smaller one where blocks are full, and never
// more than a transaction may have; whatever a node says of its blocks.

import { expect, test } from 'vitest'
import { TRANSACTION_GAS_MOST } from '../../../src/shared/batch/batch-gas.ts'
import { fullnessOf, mostBatchGas } from '../../../src/shared/batch/block-room.ts'

const LIMIT = 36_000_000n
const of = (gas_used: bigint, gas_limit = LIMIT) => ({ gas_used, gas_limit })

test('the share of a block is a quarter, and an eighth where blocks are full', () => {
  expect(mostBatchGas(of(LIMIT / 2n))).toBe(9_000_000n)
  expect(mostBatchGas(of((LIMIT * 95n) / 100n))).toBe(4_320_000n)
  expect(mostBatchGas(of(LIMIT))).toBe(4_320_000n)
})

test('it is never more than a transaction may have', () => {
  expect(mostBatchGas(of(0n, 10n ** 9n))).toBe(TRANSACTION_GAS_MOST)
})

test('fullness is from 0 to 1, whatever a node says', () => {
  expect(fullnessOf(of(0n))).toBe(0)
  expect(fullnessOf(of(LIMIT / 4n))).toBe(0.25)
  expect([fullnessOf(of(2n * LIMIT)), fullnessOf(of(0n, 0n)), fullnessOf(of(1n, 2n ** 255n))]).toEqual([
    1, 1, 0,
  ])
})

// Guarantee: the history is bounded and has no hole, whatever is told and in which order; what was told last counts.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BlockFees } from '../../../src/shared/fees/block-fees.ts'
import {
  extend,
  HISTORY_MOST_BLOCKS,
  isBehind,
  isBeyond,
  NO_HISTORY,
} from '../../../src/shared/fees/fee-history.ts'
import { holds } from '../../support/property.ts'

function run(from: number, count: number, base = 1n): readonly BlockFees[] {
  return Array.from({ length: count }, (_, index) => {
    return { number: from + index, base_fee: base, gas_ratio: null, tips: [] }
  })
}

test('any tellings leave a run of blocks that ends with the last that was told', () => {
  const telling = fc.record({ from: fc.nat(3_000), count: fc.integer({ min: 1, max: 1_100 }) })
  holds(
    fc.property(fc.array(telling, { minLength: 1, maxLength: 20 }), (tellings) => {
      let history = NO_HISTORY
      for (const { from, count } of tellings)
        history = extend(history, { blocks: run(from, count), next_base_fee: 1n })
      const numbers = history.blocks.map(({ number }) => number)
      const last = tellings.at(-1)
      expect(numbers.at(-1)).toBe((last?.from ?? 0) + (last?.count ?? 0) - 1)
      expect(numbers.length).toBeLessThanOrEqual(HISTORY_MOST_BLOCKS)
      const [first = 0] = numbers
      expect(numbers).toEqual(numbers.map((_, index) => first + index))
    }),
  )
})

test('a reorg replaces the blocks of its heights', () => {
  const before = extend(NO_HISTORY, { blocks: run(1, 10, 1n), next_base_fee: 1n })
  const after = extend(before, { blocks: run(8, 2, 5n), next_base_fee: 6n })
  expect(after.blocks.map(({ base_fee }) => base_fee)).toEqual([1n, 1n, 1n, 1n, 1n, 1n, 1n, 5n, 5n])
  expect(after.next_base_fee).toBe(6n)
})

test('what does not reach what is kept, or is told by a node that is behind, is known as such', () => {
  const kept = extend(NO_HISTORY, { blocks: run(1_000, 50), next_base_fee: 1n })
  const told = (from: number, count: number) => ({ blocks: run(from, count), next_base_fee: 1n })
  expect(isBeyond(kept, told(1_050, 16))).toBe(false)
  expect(isBeyond(kept, told(1_051, 16))).toBe(true)
  expect(isBehind(kept, told(1_030, 16))).toBe(true)
  expect(isBehind(kept, told(1_040, 16))).toBe(false)
  // So far below it is another chain, or one that was reset.
  expect(isBehind(kept, told(0, 16))).toBe(false)
  expect(isBeyond(NO_HISTORY, told(5, 1)) || isBehind(NO_HISTORY, told(5, 1))).toBe(false)
})

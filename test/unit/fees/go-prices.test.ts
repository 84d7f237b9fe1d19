// Guarantee: whoever waits for a cheaper block waits for what recent blocks make likely, never beyond the deadline, and not at
// all where prices stand still or nothing is known of them.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FeeHistory } from '../../../src/shared/fees/fee-history.ts'
import { goPrices, LEAST_BLOCKS, WAIT_MOST_BLOCKS } from '../../../src/shared/fees/go-prices.ts'
import { holds } from '../../support/property.ts'
import { randomFrom } from '../../support/random.ts'

function historyOf(prices: readonly number[]): FeeHistory {
  const fees = prices.map((price) => BigInt(Math.round(price)))
  return {
    blocks: fees.slice(0, -1).map((base_fee, number) => ({ number, base_fee, gas_ratio: null, tips: [] })),
    next_base_fee: fees.at(-1) ?? 0n,
  }
}

/** A level that wanders, and noise of single blocks around it: e to the power of both. */
function market(seed: number, blocks: number, scale = 1e9): readonly number[] {
  const random = randomFrom(seed)
  let level = 0
  return Array.from({ length: blocks }, () => {
    level = 0.98 * level + 0.1 * (random() - 0.5)
    return scale * Math.exp(level + 0.2 * (random() - 0.5))
  })
}

test('the last block takes any price', () => {
  holds(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 1_100 }), (seed, blocks) => {
      const go = goPrices(historyOf(market(seed, blocks)), 20)
      expect(go.slice(0, 2)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
    }),
    20,
  )
})

test('of too few blocks nobody waits for more', () => {
  const go = goPrices(historyOf(market(1, LEAST_BLOCKS)))
  expect(go).toHaveLength(WAIT_MOST_BLOCKS + 1)
  expect(new Set(go)).toEqual(new Set([Number.POSITIVE_INFINITY]))
})

test.each([0, 1, 7, 40_000_000, 1e12])(
  'where the base fee always is %s wei, it is the price to go at',
  (wei) => {
    for (const price of goPrices(historyOf(Array.from({ length: 500 }, () => wei)), 300).slice(2)) {
      expect(price).toBeCloseTo(Math.max(1, wei), -Math.log10(Math.max(1, wei)) + 6)
    }
  },
)

test('a chain of 0.04 gwei is as one of 40', () => {
  const low = goPrices(historyOf(market(3, 900, 4e7)), 100)
  const high = goPrices(historyOf(market(3, 900, 4e10)), 100)
  for (const left of [2, 5, 20, 100]) expect((high[left] ?? 0) / (low[left] ?? 1)).toBeCloseTo(1_000, 1)
})

test('who may wait longer waits for less, and it is a price that recent blocks had', () => {
  const prices = market(4, 1_025)
  const go = goPrices(historyOf(prices))
  const picked = [2, 5, 20, 100, 300].map((left) => go[left] ?? 0)
  expect(picked).toEqual(picked.toSorted((one, other) => other - one))
  expect(picked.at(-1)).toBeGreaterThan(Math.min(...prices))
})

test('waiting saves, on markets that come back, and nobody is late', () => {
  const prices = market(5, 2_200)
  const blocks = 100
  let paid = 0
  let now = 0
  const go = new Map<number, readonly number[]>()
  for (let start = 1_024; start + blocks <= prices.length; start += 40) {
    let at = start
    for (; at < start + blocks - 1; at++) {
      const known = go.get(at) ?? goPrices(historyOf(prices.slice(at - 1_024, at + 1)), blocks)
      go.set(at, known)
      if ((prices[at] ?? 0) <= (known[start + blocks - at] ?? 0)) break
    }
    paid += prices[at] ?? 0
    now += prices[start] ?? 0
  }
  expect(paid).toBeLessThan(0.92 * now)
})

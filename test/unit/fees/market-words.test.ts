// Guarantee: tips come from what was included, forecasts cover what they say they cover, and congestion follows the blocks.

import { describe, expect, test } from 'vitest'
import type { BlockFees } from '../../../src/shared/fees/block-fees.ts'
import { congestionOf } from '../../../src/shared/fees/congestion.ts'
import { forecast, forecastQuantile, probabilityUpTo } from '../../../src/shared/fees/forecast.ts'
import {
  blocksToBeSure,
  inAnyOf,
  perBlock,
  recentTips,
  tipCertainty,
  tipFor,
} from '../../../src/shared/fees/tips.ts'
import { randomFrom } from '../../support/random.ts'

function block(number: number, base_fee: bigint, tips: readonly bigint[] = [], gas_ratio = 0.5): BlockFees {
  return { number, base_fee, gas_ratio, tips }
}

describe('tips', () => {
  const blocks = Array.from({ length: 20 }, (_, index) =>
    block(index, 1n, [BigInt(index + 1), 500n, 600n, 700n, 9_000n]),
  )

  test('are the lowest that got into enough blocks', () => {
    expect(tipFor(recentTips(blocks), 0.99)).toEqual({ tip: 20n, probability: 1 })
    expect(tipFor(recentTips(blocks), 0.5)).toEqual({ tip: 10n, probability: 0.5 })
    expect(tipFor(recentTips(blocks), 0)).toEqual({ tip: 1n, probability: 0.05 })
  })

  test('of empty blocks say nothing, and where there is nothing one wei is offered', () => {
    expect(tipFor(recentTips([...blocks, block(20, 1n), block(21, 1n)]), 1)).toEqual({
      tip: 20n,
      probability: 1,
    })
    expect(tipFor(recentTips([block(1, 1n)]), 0.99)).toEqual({ tip: 1n, probability: 1 })
  })

  test('may be lower where there are more blocks to get into', () => {
    expect(perBlock(0.99, 1)).toBeCloseTo(0.99)
    expect(perBlock(0.995, 5)).toBeCloseTo(0.6535, 3)
    expect(inAnyOf(5, perBlock(0.995, 5))).toBeCloseTo(0.995)
  })
})

describe('certainty of tips', () => {
  const contested = Array.from({ length: 240 }, (_, index) =>
    block(index, 1n, [index % 30 === 0 ? BigInt(index) : 0n]),
  )

  test('is how often the tips of before were enough for the next block', () => {
    expect(tipCertainty(contested)).toBeCloseTo(1 - 1 / 30, 1)
    expect(tipCertainty(contested.map((one) => ({ ...one, tips: [5n] })))).toBe(1)
    expect(tipCertainty([])).toBe(1)
  })

  test('says how many blocks it takes', () => {
    expect(blocksToBeSure(0.995, 1)).toBe(1)
    expect(blocksToBeSure(0.995, 0.98)).toBe(2)
    expect(blocksToBeSure(0.999, 0.5)).toBe(10)
    expect(blocksToBeSure(0.999, 0)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a forecast', () => {
  const random = randomFrom(11)
  let level = 0
  const prices = Array.from({ length: 3_000 }, () => {
    level = 0.97 * level + 0.05 * (random() - 0.5)
    return BigInt(Math.round(1e9 * Math.exp(level + 0.1 * (random() - 0.5))))
  })
  const at = (end: number) => ({
    blocks: prices.slice(Math.max(0, end - 1_024), end).map((price, index) => block(index, price)),
    next_base_fee: prices[end] ?? 0n,
  })

  test.each([1, 5, 20, 100])(
    '%i blocks ahead covers nine tenths of what came with its outer quantiles',
    (ahead) => {
      let within = 0
      let all = 0
      for (let end = 1_024; end + ahead < prices.length; end += 23) {
        const told = forecast(at(end), null, ahead, 'block')
        if (told === null) throw new Error('a thousand blocks are enough')
        const came = prices[end + ahead] ?? 0n
        all += 1
        if (came >= forecastQuantile(told, 0.05) && came <= forecastQuantile(told, 0.95)) within += 1
      }
      expect(within / all).toBeGreaterThan(0.8)
      expect(within / all).toBeLessThan(0.97)
    },
  )

  test('is never above what the rule allows, and the lowest is never above the next', () => {
    const rule = { elasticity: 2n, denominator: 64n }
    const told = forecast(at(2_000), rule, 1, 'block')
    const lowest = forecast(at(2_000), rule, 20, 'lowest')
    const next = prices[2_000] ?? 0n
    expect(told === null ? 0n : forecastQuantile(told, 1)).toBeLessThanOrEqual(next + next / 64n + 1n)
    expect(lowest === null ? 0n : forecastQuantile(lowest, 1)).toBeLessThanOrEqual(next)
    expect(lowest === null ? 0 : probabilityUpTo(lowest, next)).toBe(1)
  })

  test.each([0n, 1n, 7n, 10n ** 12n])('where the base fee always is %s wei is just that', (wei) => {
    const steady = {
      blocks: Array.from({ length: 200 }, (_, index) => block(index, wei)),
      next_base_fee: wei,
    }
    for (const of of ['block', 'lowest'] as const) {
      const told = forecast(steady, null, 20, of)
      expect([0.05, 0.95].map((share) => (told === null ? null : forecastQuantile(told, share)))).toEqual([
        wei,
        wei,
      ])
    }
  })

  test('of few blocks is none', () => {
    expect(forecast(at(30), null, 1, 'block')).toBeNull()
  })
})

describe('congestion', () => {
  const rising = Array.from({ length: 100 }, (_, index) => block(index, BigInt(1_000 + index), [], 0.5))

  test('is high where it is dearer than it was, or blocks are full', () => {
    expect(congestionOf({ blocks: rising, next_base_fee: 1_200n }, null)).toBe('high')
    const full = rising.map((one) => ({ ...one, gas_ratio: 0.9 }))
    expect(congestionOf({ blocks: full, next_base_fee: 1_000n }, null)).toBe('high')
  })

  test('is low where it is cheaper, and in between it is medium', () => {
    expect(congestionOf({ blocks: rising, next_base_fee: 1_010n }, null)).toBe('low')
    expect(congestionOf({ blocks: rising, next_base_fee: 1_050n }, null)).toBe('medium')
  })

  test("is measured by the chain's own target", () => {
    const third = rising.map((one) => ({ ...one, gas_ratio: 0.3 }))
    const rule = { elasticity: 6n, denominator: 250n }
    expect(congestionOf({ blocks: third, next_base_fee: 1_010n }, rule)).toBe('high')
    expect(congestionOf({ blocks: third, next_base_fee: 1_010n }, null)).toBe('low')
  })

  test('of nothing known is low', () => {
    expect(congestionOf({ blocks: [], next_base_fee: 0n }, null)).toBe('low')
  })
})

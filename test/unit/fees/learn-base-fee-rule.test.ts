// Guarantee: a chain's base fee rule is learned from its blocks alone, and nothing is taken for a rule that they do not follow.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BaseFeeRule, nextBaseFee } from '../../../src/shared/fees/base-fee-rule.ts'
import type { BlockFees } from '../../../src/shared/fees/block-fees.ts'
import { learnBaseFeeRule } from '../../../src/shared/fees/learn-base-fee-rule.ts'
import { holds } from '../../support/property.ts'
import { randomFrom } from '../../support/random.ts'

const RULES: readonly BaseFeeRule[] = [
  { elasticity: 2n, denominator: 8n },
  { elasticity: 2n, denominator: 16n },
  { elasticity: 2n, denominator: 64n },
  { elasticity: 6n, denominator: 50n },
  { elasticity: 6n, denominator: 250n },
  { elasticity: 10n, denominator: 50n },
  { elasticity: 5n, denominator: 125n },
]

describe.each(RULES)('a chain with elasticity $elasticity and denominator $denominator', (rule) => {
  test('is known by some of its blocks', () => {
    const start = fc.bigInt({ min: 10n ** 6n, max: 10n ** 12n })
    holds(
      fc.property(start, fc.integer(), fc.integer({ min: 8, max: 80 }), (base, seed, count) => {
        const { blocks, next } = blocksBy(rule, base, seed, count)
        expect(learnBaseFeeRule(blocks, next)).toEqual(rule)
      }),
    )
  })

  test('is known by its new rule soon after it changed it', () => {
    const before = blocksBy({ elasticity: 4n, denominator: 30n }, 10n ** 9n, 1, 200)
    const after = blocksBy(rule, before.next, 2, 64)
    expect(learnBaseFeeRule([...before.blocks, ...after.blocks], after.next)).toEqual(rule)
  })
})

test('empty blocks, which many rules explain, are taken for the common one only where it explains them', () => {
  const empty = (rule: BaseFeeRule) => {
    let next = 10n ** 9n
    const blocks = Array.from({ length: 40 }, (_, number): BlockFees => {
      const block = { number, base_fee: next, gas_ratio: 0, tips: [] }
      next = nextBaseFee(next, { used: 0n, limit: 30_000_000n }, rule)
      return block
    })
    return learnBaseFeeRule(blocks, next)
  }
  expect(empty({ elasticity: 2n, denominator: 8n })).toEqual({ elasticity: 2n, denominator: 8n })
  expect(empty({ elasticity: 6n, denominator: 250n })).toBeNull()
})

test('prices that follow no rule have none', () => {
  const random = randomFrom(7)
  const blocks = Array.from({ length: 60 }, (_, number): BlockFees => {
    return { number, base_fee: 10n ** 9n + BigInt(Math.floor(random() * 1e8)), gas_ratio: random(), tips: [] }
  })
  expect(learnBaseFeeRule(blocks, 10n ** 9n)).toBeNull()
})

test('a price that stands still has none', () => {
  const blocks = Array.from({ length: 60 }, (_, number): BlockFees => {
    return { number, base_fee: 10n ** 7n, gas_ratio: number / 60, tips: [] }
  })
  expect(learnBaseFeeRule(blocks, 10n ** 7n)).toBeNull()
})

function blocksBy(rule: BaseFeeRule, base: bigint, seed: number, count: number) {
  const random = randomFrom(seed)
  const limit = 36_000_001n
  let next = base
  const blocks = Array.from({ length: count }, (_, number): BlockFees => {
    const used = BigInt(Math.floor(random() * Number(limit)))
    const block = { number, base_fee: next, gas_ratio: Number(used) / Number(limit), tips: [] }
    next = nextBaseFee(next, { used, limit }, rule)
    return block
  })
  return { blocks, next }
}

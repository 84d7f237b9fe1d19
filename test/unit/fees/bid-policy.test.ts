// Guarantee: a bid holds for the next six blocks, however full, or says which cap keeps it from that; a transfer waits only for
// what it has the time for; and there is no floor under a chain's own prices.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BaseFeeRule, mostBaseFee } from '../../../src/shared/fees/base-fee-rule.ts'
import { decideBid, inclusionProbability } from '../../../src/shared/fees/bid-policy.ts'
import type { BlockFees } from '../../../src/shared/fees/block-fees.ts'
import { NO_CAPS } from '../../../src/shared/fees/fee-caps.ts'
import { type FeeMarket, readMarket } from '../../../src/shared/fees/fee-market.ts'
import { blocksLeft, SPEED_POLICIES } from '../../../src/shared/fees/speed-policy.ts'
import { SPEEDS } from '../../../src/shared/transfer/request.ts'
import { holds } from '../../support/property.ts'
import { randomFrom } from '../../support/random.ts'

const GWEI = 1_000_000_000n
const RULE: BaseFeeRule = { elasticity: 2n, denominator: 8n }
const LEGACY: FeeMarket = { kind: 'legacy', gas_price: 5n * GWEI }

/** Blocks around a level, and one to come at `next`. */
function marketAt(
  next: bigint,
  { level = 10n * GWEI, tip = 1_000n, seed = 1, blocks = 400 } = {},
): FeeMarket {
  const random = randomFrom(seed)
  const history = Array.from({ length: blocks }, (_, number): BlockFees => {
    const base_fee = (level * BigInt(900 + Math.floor(200 * random()))) / 1_000n
    return { number, base_fee, gas_ratio: random(), tips: [tip, tip * 2n, tip * 3n, tip * 4n, tip * 9n] }
  })
  return { ...readMarket({ blocks: history, next_base_fee: next }), rule: RULE }
}

const fee = fc.bigInt({ min: 1n, max: 1_000n * GWEI })
const speed = fc.constantFrom(...SPEEDS)

describe('a bid', () => {
  test('holds for six full blocks, and is as sure as its speed asks for', () => {
    holds(
      fc.property(fee, speed, fc.integer({ min: 1, max: 300 }), (next, kind, left) => {
        const decision = decideBid(marketAt(next, { level: next }), kind, left, NO_CAPS)
        if (decision.do !== 'go') return decision.do === 'wait' && left > 1
        const { max_fee_per_gas: most, max_priority_fee_per_gas: tip, probability } = decision
        const holdsOn = most - tip >= mostBaseFee(next, RULE, 5)
        return holdsOn && probability >= SPEED_POLICIES[kind].probability && decision.bound_by === null
      }),
      30,
    )
  })

  test('under a cap never offers more, and the cap that binds is named', () => {
    const cap = fc.option(fee, { nil: null })
    holds(
      fc.property(fee, cap, cap, cap, (next, transfer, signer, chain) => {
        const caps = { transfer, signer, chain }
        const decision = decideBid(marketAt(next, { level: next }), 'fast', 1, caps)
        const given = [transfer, signer, chain].filter((one) => one !== null)
        const lowest = given.sort((one, other) => (one < other ? -1 : 1))[0] ?? null
        if (decision.do === 'wait') return false
        if (decision.bound_by === null)
          return lowest === null || (decision.do === 'go' && decision.max_fee_per_gas <= lowest)
        if (caps[decision.bound_by] !== lowest) return false
        return decision.do === 'go'
          ? decision.max_fee_per_gas === lowest
          : lowest !== null && decision.needed > lowest
      }),
      60,
    )
  })

  test('has no floor: where a tip of nothing got in, one wei is offered, on a chain of 7 wei as well', () => {
    const decision = decideBid(marketAt(7n, { level: 7n, tip: 0n }), 'fast', 1, NO_CAPS)
    expect(decision).toEqual({
      do: 'go',
      max_fee_per_gas: mostBaseFee(7n, RULE, 5) + 1n,
      max_priority_fee_per_gas: 1n,
      probability: 1,
      bound_by: null,
    })
  })

  test('on a legacy chain is the gas price', () => {
    const { price } = { price: 5n * GWEI }
    const offer = { max_fee_per_gas: price, max_priority_fee_per_gas: price, probability: 1, bound_by: null }
    expect(decideBid(LEGACY, 'economy', 100, NO_CAPS)).toEqual({ do: 'go', ...offer })
    expect(decideBid(LEGACY, 'fast', 1, { ...NO_CAPS, chain: 4n * GWEI })).toEqual({
      do: 'hold',
      bound_by: 'chain',
      needed: price,
    })
  })
})

describe('waiting', () => {
  const dear = marketAt(20n * GWEI)

  test('is for those who have time: not for fast, and not in the last block', () => {
    expect(decideBid(dear, 'fast', 100, NO_CAPS).do).toBe('go')
    for (const kind of SPEEDS) expect(decideBid(dear, kind, 1, NO_CAPS).do).toBe('go')
  })

  test('says the base fee that it waits for, and goes at it', () => {
    const decision = decideBid(dear, 'economy', 100, NO_CAPS)
    expect(decision.do).toBe('wait')
    const until = decision.do === 'wait' ? decision.until_base_fee : 0n
    expect(until).toBeGreaterThan(8n * GWEI)
    expect(until).toBeLessThan(11n * GWEI)
    expect(decideBid(marketAt(8n * GWEI), 'economy', 100, NO_CAPS).do).toBe('go')
  })
})

describe('the blocks that are left', () => {
  const blockTime = 12_000
  test.each([
    { kind: 'fast', left: null, waited: 0, blocks: 2 },
    { kind: 'standard', left: null, waited: 0, blocks: 5 },
    { kind: 'standard', left: null, waited: 30_000, blocks: 3 },
    { kind: 'standard', left: null, waited: 900_000, blocks: 1 },
    { kind: 'standard', left: 36_000, waited: 0, blocks: 2 },
    { kind: 'economy', left: null, waited: 0, blocks: 100 },
    { kind: 'economy', left: null, waited: 1_200_000, blocks: 1 },
    { kind: 'economy', left: 3_600_000, waited: 600_000, blocks: 299 },
    { kind: 'economy', left: 86_400_000, waited: 0, blocks: 300 },
    { kind: 'economy', left: 5_000, waited: 0, blocks: 1 },
    { kind: 'economy', left: -5_000, waited: 0, blocks: 1 },
  ] as const)(
    'of $kind, $left ms before the deadline and $waited ms after it could go, are $blocks',
    (row) => {
      expect(blocksLeft(row.kind, { left: row.left, waited: row.waited, blockTime })).toBe(row.blocks)
    },
  )
})

test('a bid that stands is the likelier the more it offers and the longer it has', () => {
  const market = marketAt(10n * GWEI)
  const chance = (most: bigint, left: number) =>
    inclusionProbability(market, { max_fee_per_gas: most, max_priority_fee_per_gas: 0n }, left)
  expect(chance(10n * GWEI, 1)).toBe(1)
  expect(chance(10n * GWEI - 1n, 1)).toBe(0)
  expect(chance(GWEI, 100)).toBe(0)
  expect(chance((95n * GWEI) / 10n, 20)).toBeGreaterThan(chance((91n * GWEI) / 10n, 2))
})

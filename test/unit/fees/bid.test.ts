// Guarantee: a bid can be mined in any of the next six blocks, however full, and never offers more than its cap.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bid } from '../../../src/shared/fees/bid.ts'

const GWEI = 1_000_000_000n

describe('a bid', () => {
  // Priority fee and base fee as in op-service's price bump table, whose first column is twice the base fee and the tip.
  test.each([
    { base: 1_000n, tip: 100n, cap: null, max: 2_100n },
    { base: 1_001n, tip: 100n, cap: null, max: 2_102n },
    { base: 2_000n, tip: 101n, cap: null, max: 4_101n },
    { base: 1_200n, tip: 120n, cap: null, max: 2_520n },
    { base: 0n, tip: 1n, cap: null, max: 1n },
    { base: 1_000n, tip: 100n, cap: 2_100n, max: 2_100n },
    { base: 1_000n, tip: 100n, cap: 2_099n, max: 2_099n },
    { base: 1_000n, tip: 100n, cap: 1_100n, max: 1_100n },
    { base: 30n * GWEI, tip: GWEI, cap: 1_000n * GWEI, max: 61n * GWEI },
  ])('of base fee $base, priority $tip under cap $cap is $max', ({ base, tip, cap, max }) => {
    expect(bid({ next_base_fee: base, priority_fee: tip }, cap)).toEqual({
      ok: true,
      max_fee_per_gas: max,
      max_priority_fee_per_gas: tip,
    })
  })

  test.each([
    { base: 1_000n, tip: 100n, cap: 1_099n, needed: 1_100n },
    { base: 1_000n, tip: 100n, cap: 0n, needed: 1_100n },
  ])('under a cap of $cap is refused with what it needs: $needed', ({ base, tip, cap, needed }) => {
    expect(bid({ next_base_fee: base, priority_fee: tip }, cap)).toEqual({
      ok: false,
      needed,
      cap: { by: 'transfer', most: cap },
    })
  })

  test('outlives six full blocks', () => {
    const fee = fc.bigInt({ min: 0n, max: 10_000n * GWEI })
    fc.assert(
      fc.property(fee, fee, (next_base_fee, priority_fee) => {
        const offer = bid({ next_base_fee, priority_fee }, null)
        if (!offer.ok) return false
        let base = next_base_fee
        for (let block = 1; block < 6; block++) base = afterFullBlock(base)
        // Below 8 wei the smallest step, 1 wei, is more than 1/8; no market is there.
        return next_base_fee < 8n || offer.max_fee_per_gas >= base + priority_fee
      }),
    )
  })

  test('is within its cap, and its priority fee within its max fee', () => {
    const fee = fc.bigInt({ min: 0n, max: 10_000n * GWEI })
    fc.assert(
      fc.property(fee, fee, fee, (next_base_fee, priority_fee, cap) => {
        const offer = bid({ next_base_fee, priority_fee }, cap)
        if (!offer.ok) return offer.needed > cap
        return offer.max_fee_per_gas <= cap && offer.max_priority_fee_per_gas <= offer.max_fee_per_gas
      }),
    )
  })
})

/** EIP-1559 after a block of twice its target: go-ethereum's own vector is 1,000,000,000 to 1,125,000,000. */
function afterFullBlock(base: bigint): bigint {
  const step = base / 8n
  return base + (step > 0n ? step : 1n)
}

test('the base fee rule here is the one of the chain', () => {
  expect(afterFullBlock(GWEI)).toBe(1_125_000_000n)
})

// Guarantee: what others would have paid is what they would have: each alone, at once, on the blocks that came; and the parts of a
// saving add up to it, to the wei.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BlockFees } from '../../../src/shared/fees/block-fees.ts'
import { feeBaseline } from '../../../src/shared/fees/fee-baseline.ts'
import { feeReport, type PaidFee } from '../../../src/shared/fees/fee-report.ts'
import { addMs } from '../../../src/shared/lib/time.ts'
import { START } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'

const GWEI = 1_000_000_000n
const BLOCK_TIME_MS = 12_000
/** Blocks 1 to 100, of 10 gwei; the newest was heard of at START. */
const NEWEST = 100
const CLOCK = { newestAt: START, blockTimeMs: BLOCK_TIME_MS }

function chainOf(change: (number: number) => Partial<BlockFees> = () => ({})): readonly BlockFees[] {
  return Array.from({ length: NEWEST }, (_, index) => {
    const number = index + 1
    return {
      number,
      base_fee: 10n * GWEI,
      gas_ratio: 0.5,
      tips: [GWEI, GWEI, GWEI, GWEI, GWEI],
      ...change(number),
    }
  })
}

/** Asked for just after block `number`. */
function justAfter(number: number) {
  return addMs(START, -(NEWEST - number) * BLOCK_TIME_MS + 1)
}

describe('a baseline', () => {
  test('is the price of the first block after it was asked for, beside that of the block which has it', () => {
    const blocks = chainOf((number) => ({ base_fee: number === 80 ? 4n * GWEI : 10n * GWEI }))
    const told = known(blocks, CLOCK, { since: justAfter(60), block_number: 80 })
    expect(told?.base_fee).toBe(4n * GWEI)
    expect(told?.libraries.viem).toEqual({ base_fee: 10n * GWEI, tip: GWEI })
    expect(told?.libraries.geth).toEqual({ base_fee: 10n * GWEI, tip: GWEI })
  })

  test('is of a later block where the first does not take the bid', () => {
    // viem allows a fifth more than the latest base fee and so does not get into a jump; ethers doubles it.
    const blocks = chainOf((number) => ({ base_fee: number === 61 ? 19n * GWEI : 10n * GWEI }))
    const told = known(blocks, CLOCK, { since: justAfter(60), block_number: 70 })
    expect(told?.libraries.viem.base_fee).toBe(10n * GWEI)
    expect(told?.libraries.ethers.base_fee).toBe(19n * GWEI)
  })

  test('begins no later than the block that has it, should the clock be a block off', () => {
    const told = known(chainOf(), CLOCK, { since: justAfter(NEWEST), block_number: NEWEST })
    expect(told?.libraries.viem.base_fee).toBe(10n * GWEI)
  })

  test.each([
    ['none from before the blocks that are known', justAfter(10), 80, null],
    ['still to come of a block that is not known yet', justAfter(60), NEWEST + 1, 'not_yet'],
  ])('is %s', (_, since, block_number, expected) => {
    expect(feeBaseline(chainOf(), CLOCK, { since, block_number })).toBe(expected)
  })
})

function known(...asked: Parameters<typeof feeBaseline>) {
  const told = feeBaseline(...asked)
  return told === 'not_yet' ? null : told
}

function paid(change: Partial<PaidFee> = {}): PaidFee {
  const price = { base_fee: 10n, tip: 2n }
  return {
    hash: 'one',
    kind: 'native',
    gas_used: 21_000n,
    fee_paid: 21_000n * 7n,
    baseline: { base_fee: 6n, libraries: { viem: price, ethers: price, geth: price } },
    ...change,
  }
}

describe('a report', () => {
  test('of one alone: by timing and by the tip', () => {
    const { compared } = feeReport([paid()])
    expect(compared.libraries[0]).toEqual({
      library: 'viem',
      fee: 21_000n * 12n,
      saved: 21_000n * 5n,
      saved_by_batching: 0n,
      saved_by_timing: 21_000n * 4n,
      saved_by_tips: 21_000n * 1n,
    })
  })

  test('of a batch: gas that transactions of their own would have taken, at the price of others', () => {
    const share = { gas_used: 11_000n, fee_paid: 11_000n * 7n }
    const steps = [
      paid(share),
      paid(share),
      paid({ ...share, kind: 'erc20' }),
      paid({ ...share, kind: 'erc20' }),
    ]
    const { batched, compared } = feeReport(steps)
    expect(batched).toBe(4)
    // Value alone takes 21,000; of the others three quarters of what a transaction costs once were saved.
    expect(compared.libraries[0]?.saved_by_batching).toBe((2n * 10_000n + 2n * 15_750n) * 12n)
  })

  test('counts those whose blocks nobody knew any more, and compares them with nothing', () => {
    const { transfers, fee_paid, compared } = feeReport([paid(), paid({ hash: 'two', baseline: null })])
    expect({ transfers, fee_paid }).toEqual({ transfers: 2, fee_paid: 2n * 21_000n * 7n })
    expect(compared).toMatchObject({ transfers: 1, fee_paid: 21_000n * 7n })
  })

  test('its parts add up', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 20n })
    const price = fc.record({ base_fee: amount, tip: amount })
    const baseline = fc.record({
      base_fee: amount,
      libraries: fc.record({ viem: price, ethers: price, geth: price }),
    })
    const fee = fc.record({
      hash: fc.constantFrom('one', 'two', 'three'),
      kind: fc.constantFrom('native' as const, 'erc20' as const, 'call' as const, 'batch' as const),
      gas_used: fc.bigInt({ min: 1n, max: 1_000_000n }),
      fee_paid: amount,
      baseline: fc.option(baseline),
    })
    holds(
      fc.property(fc.array(fee), (fees) => {
        const { compared } = feeReport(fees)
        for (const { fee: would, saved, ...parts } of compared.libraries) {
          expect(saved).toBe(would - compared.fee_paid)
          expect(parts.saved_by_batching + parts.saved_by_timing + parts.saved_by_tips).toBe(saved)
        }
      }),
    )
  })
})

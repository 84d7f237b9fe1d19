// Guarantee: the benchmark reads what is there and says what is not; and by its rule a block takes a bid as a chain would.

import { describe, expect, test } from 'vitest'
import { parseFeeSets } from '../../../bench/fees/fee-sets.ts'
import { defaultOffer, replacing } from '../../../src/shared/fees/library-offers.ts'
import { paidIn, withoutTips } from '../../../src/shared/fees/paid-in.ts'

function block(baseFee: bigint, lowestTip: bigint | null = null) {
  return { number: 1, baseFee, gas: null, lowestTip }
}

describe('a set', () => {
  test('is read with other columns, any line ends, and numbers as some tools write them', () => {
    const text =
      '\uFEFFutc,Block,gas_limit,"base_fee_wei",gas_used\r\nx,7,30,100.0,15\r\n\r\nx,8,30,101,31\r\n'
    const { sets, remark } = parseFeeSets('a', text)
    expect(remark).toBeNull()
    expect(sets).toEqual([
      {
        name: 'a',
        runs: [
          [
            { number: 7, baseFee: 100n, gas: { used: 15n, limit: 30n }, lowestTip: null },
            { number: 8, baseFee: 101n, gas: null, lowestTip: null },
          ],
        ],
      },
    ])
  })

  test('is separated by regime and by holes, put in order, and of a block that stands twice the later line counts', () => {
    const text = 'regime,block,base_fee_wei\na,9,9\na,1,1\na,2,2\nb,1,5\na,2,3\n'
    const runs = parseFeeSets('s', text).sets.map(({ name, runs: found }) => {
      return { name, fees: found.map((run) => run.map(({ baseFee }) => baseFee)) }
    })
    expect(runs).toEqual([
      { name: 's a', fees: [[1n, 3n], [9n]] },
      { name: 's b', fees: [[5n]] },
    ])
  })

  test('that is none is said to be none', () => {
    expect(parseFeeSets('s', '').remark).toBe('has no column block, base_fee_wei, left out')
    expect(parseFeeSets('s', 'block,base_fee_gwei\n1,2\n').remark).toBe(
      'has no column base_fee_wei, left out',
    )
    expect(parseFeeSets('s', 'block,base_fee_wei\n').remark).toBe('has no blocks')
    expect(parseFeeSets('s', 'block,base_fee_wei\n1,5\nx,6\n2,-1\n').remark).toBe('2 lines could not be read')
  })
})

describe('a block takes a bid', () => {
  test('that reaches its base fee, at base fee and tip', () => {
    expect(paidIn(block(10n), { most: 9n, tip: 0n })).toBeNull()
    expect(paidIn(block(10n), { most: 20n, tip: 3n })).toBe(13n)
    expect(paidIn(block(10n), { most: 12n, tip: 3n })).toBe(12n)
    expect(paidIn(block(10n), withoutTips({ most: 20n, tip: 3n }))).toBe(10n)
    expect(paidIn(block(10n), { most: 20n, tip: 0n, isLegacy: true })).toBe(20n)
  })

  test('that leaves the lowest tip it took', () => {
    expect(paidIn(block(10n, 4n), { most: 20n, tip: 3n })).toBeNull()
    expect(paidIn(block(10n, 4n), { most: 13n, tip: 4n })).toBeNull()
    expect(paidIn(block(10n, 4n), { most: 14n, tip: 4n })).toBe(14n)
  })
})

test('libraries bid by the latest block', () => {
  const known = [block(1_000n, 0n), block(2_000n, 50n)]
  expect(defaultOffer('viem', known)).toEqual({ most: 2_402n, tip: 2n })
  expect(defaultOffer('ethers', known)).toEqual({ most: 4_002n, tip: 2n })
  expect(defaultOffer('geth', known)).toEqual({ most: 2_002n, tip: 2n, isLegacy: true })
  expect(replacing({ most: 100n, tip: 10n }, { most: 105n, tip: 20n })).toEqual({ most: 111n, tip: 20n })
})

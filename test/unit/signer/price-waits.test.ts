// Guarantee (S25): who may wait does so for a cheaper block in the pool, without a slot and in nobody's way, and no longer than
// its speed and its deadline allow.

import { describe, expect, test } from 'vitest'
import type { FeeGuide } from '../../../src/shared/fees/fee-guide.ts'
import { addMs } from '../../../src/shared/lib/time.ts'
import type { Admission } from '../../../src/shared/signer/admission.ts'
import type { PlanPolicy } from '../../../src/shared/signer/plan/candidates.ts'
import { addressOf, START } from '../../support/domain-values.ts'
import { admission, BLOCK_TIME_MS, SignerBench } from '../../support/signer-bench.ts'

const GWEI = 1_000_000_000
/** The next block costs 9 gwei; with more than one block left 5 is worth waiting for. */
const DEAR: FeeGuide = {
  next_base_fee: BigInt(9 * GWEI),
  go_prices: [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    ...Array.from({ length: 299 }, () => 5 * GWEI),
  ],
  tip_certainty: 1,
}
const CHEAP: FeeGuide = { ...DEAR, next_base_fee: BigInt(5 * GWEI) }
const BLOCKS = 20
const patient: Partial<Admission> = { speed: 'economy', deadline: addMs(START, BLOCKS * BLOCK_TIME_MS) }

function benchWith(...changes: readonly Partial<Admission>[]): SignerBench {
  const bench = new SignerBench()
  bench.admitAll(changes.map((change, index) => admission(index + 1, change)))
  return bench
}

describe('economy with a deadline', () => {
  test('waits queued while a cheaper block is expected, and goes at its price', () => {
    const bench = benchWith(patient)
    expect(bench.plan({ policy: { guide: DEAR } })).toEqual([])
    expect(bench.report(1).standing).toEqual({ at: 'pool', held: null })
    bench.after(BLOCK_TIME_MS).plan({ policy: { guide: CHEAP } })
    expect(bench.report(1).standing).toMatchObject({ at: 'slot' })
  })

  test('goes at any price while there is still time for a block', () => {
    const bench = benchWith(patient)
    for (let block = 0; block < BLOCKS - 2; block++) {
      bench.plan({ policy: { guide: DEAR } })
      expect(bench.report(1).standing).toEqual({ at: 'pool', held: null })
      bench.after(BLOCK_TIME_MS)
    }
    bench.plan({ policy: { guide: DEAR } })
    expect(bench.report(1).standing).toMatchObject({ at: 'slot' })
  })

  test('keeps nobody: who does not wait takes its place', () => {
    const bench = benchWith(
      ...Array.from({ length: 20 }, () => patient),
      { speed: 'fast' },
      { speed: 'fast' },
    )
    bench.plan({ policy: { guide: DEAR, window: 1 } })
    const inSlots = Array.from({ length: 22 }, (_, index) => index + 1).filter(
      (number) => bench.report(number).standing.at === 'slot',
    )
    expect(inSlots).toHaveLength(1)
    expect(inSlots[0]).toBeGreaterThan(20)
  })

  test('is no reason to delegate while it waits', () => {
    const batch = { executor: addressOf(0xe), delegate: 'on_need', delegate_from: 2 } as const
    const bench = benchWith(patient, patient, patient)
    expect(bench.plan({ policy: { guide: DEAR, batch } })).toEqual([])
    const records = bench.plan({ policy: { guide: CHEAP, batch } })
    expect(records.map(({ kind }) => kind)).toContain('delegating')
  })
})

function isWaiting(bench: SignerBench, policy: Partial<PlanPolicy>, number = 1): boolean {
  bench.plan({ policy })
  return bench.report(number).standing.at === 'pool'
}

/** Blocks that it was kept for, until it went at the price that it would not have had to pay. */
function waited(change: Partial<Admission>, policy: Partial<PlanPolicy> = { guide: DEAR }): number {
  const bench = benchWith(change)
  for (let blocks = 0; blocks < 400; blocks++) {
    if (!isWaiting(bench, policy)) return blocks
    bench.after(BLOCK_TIME_MS)
  }
  return Number.POSITIVE_INFINITY
}

describe('who waits, and for how long', () => {
  test.each([
    ['fast', {}, 0],
    ['standard', {}, 4],
    ['standard', { deadline: addMs(START, 600_000) }, 4],
    ['standard', { deadline: addMs(START, 4 * BLOCK_TIME_MS) }, 2],
    ['economy', {}, 99],
    ['economy', { deadline: addMs(START, 600_000) }, 48],
  ] as const)('%s with %j: %i blocks', (speed, change, blocks) => {
    expect(waited({ speed, ...change })).toBe(blocks)
  })

  test('counts from when it could first have gone', () => {
    const not_before = addMs(START, 10 * BLOCK_TIME_MS)
    expect(waited({ speed: 'standard', not_before })).toBe(14)
  })

  test('counts on from the admission in the log, whatever became of the object since', () => {
    const bench = benchWith({ speed: 'standard' })
    bench.after(3 * BLOCK_TIME_MS)
    expect(isWaiting(bench, { guide: DEAR })).toBe(true)
    bench.after(BLOCK_TIME_MS)
    expect(isWaiting(bench, { guide: DEAR })).toBe(false)
    bench.expectReplay()
  })

  test('nobody for a price that is next to nothing, whatever a later one would save of it', () => {
    const guide = { ...DEAR, next_base_fee: 9n, go_prices: DEAR.go_prices.map(() => 5) }
    expect(waited({ speed: 'economy' }, { guide })).toBe(0)
  })

  test('only economy on an idle chain', () => {
    const guide = { ...DEAR, is_idle: true }
    expect(waited({ speed: 'standard' }, { guide })).toBe(0)
    expect(waited({ speed: 'economy' }, { guide })).toBe(99)
  })

  test('only economy where the deployment says so', () => {
    const policy = { guide: DEAR, priceWaits: 'economy' } as const
    expect(waited({ speed: 'standard' }, policy)).toBe(0)
    expect(waited({ speed: 'economy' }, policy)).toBe(99)
  })
})

test('where nobody knows prices nobody waits', () => {
  const bench = benchWith(patient)
  bench.plan({ policy: { guide: null } })
  expect(bench.report(1).standing).toMatchObject({ at: 'slot' })
})

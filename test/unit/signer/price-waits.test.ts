// Guarantee (S25): economy waits for a cheaper block in the pool, without a slot and in nobody's way, and its deadline ends it.

import { describe, expect, test } from 'vitest'
import type { FeeGuide } from '../../../src/shared/fees/fee-guide.ts'
import { addMs } from '../../../src/shared/lib/time.ts'
import type { Admission } from '../../../src/shared/signer/admission.ts'
import { addressOf, START } from '../../support/domain-values.ts'
import { admission, BLOCK_TIME_MS, SignerBench } from '../../support/signer-bench.ts'

/** The next block costs 9; with more than one block left 5 is worth waiting for. */
const DEAR: FeeGuide = {
  next_base_fee: 9n,
  go_prices: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, ...Array.from({ length: 299 }, () => 5)],
  tip_certainty: 1,
}
const CHEAP: FeeGuide = { ...DEAR, next_base_fee: 5n }
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
    const bench = benchWith(...Array.from({ length: 20 }, () => patient), {}, { speed: 'fast' })
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

test.each([
  ['standard', { speed: 'standard', deadline: addMs(START, 600_000) }],
  ['fast', { speed: 'fast', deadline: addMs(START, 600_000) }],
  ['economy without a deadline', { speed: 'economy', deadline: null }],
] as const)('%s does not wait', (_, change) => {
  const bench = benchWith(change)
  bench.plan({ policy: { guide: DEAR } })
  expect(bench.report(1).standing).toMatchObject({ at: 'slot' })
})

test('where nobody knows prices nobody waits', () => {
  const bench = benchWith(patient)
  bench.plan({ policy: { guide: null } })
  expect(bench.report(1).standing).toMatchObject({ at: 'slot' })
})

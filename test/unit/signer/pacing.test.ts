// Guarantee: a signer with something under way looks again soon, one that is idle sleeps, and no time is passed over.

import { describe, expect, test } from 'vitest'
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/shared/lib/time.ts'
import { nextLook } from '../../../src/shared/signer/offers/pacing.ts'
import { ENDED_KEPT_MS } from '../../../src/shared/signer/state/limits.ts'
import { START, stepKeyOf } from '../../support/domain-values.ts'
import { admission, SignerBench } from '../../support/signer-bench.ts'

const BLOCK_TIME_MS = 2_000
/** Milliseconds from now; null: never. */
const next = (bench: SignerBench, blockTimeMs = BLOCK_TIME_MS, hasNews = false): number | null => {
  const look = nextLook(bench.state, bench.now, blockTimeMs, hasNews)
  return look === null ? null : look - bench.now
}

describe('the next look', () => {
  test('of an idle signer is never', () => {
    expect(next(new SignerBench())).toBeNull()
  })

  test('comes with the next block while steps wait or slots are open, within bounds', () => {
    const bench = new SignerBench()
    bench.admit(1)
    expect([next(bench), next(bench, 250), next(bench, 60_000)]).toEqual([BLOCK_TIME_MS, 1_000, 15_000])
    bench.plan()
    expect(next(bench)).toBe(BLOCK_TIME_MS)
  })

  test('comes while a transfer has not taken its news', () => {
    expect(next(new SignerBench(), BLOCK_TIME_MS, true)).toBe(BLOCK_TIME_MS)
  })

  test('is when a step may begin, where that is sooner', () => {
    const bench = new SignerBench()
    bench.admitAll([
      admission(1, { not_before: addMs(START, MINUTE_MS) }),
      admission(2, { not_before: addMs(START, 700) }),
    ])
    expect(next(bench)).toBe(700)
    expect(next(bench.after(700))).toBe(BLOCK_TIME_MS)
  })

  test('of an idle signer is when the oldest ended step can be forgotten', () => {
    const bench = new SignerBench()
    bench.withdraw(1)
    bench.after(HOUR_MS)
    bench.withdraw(2)
    bench.commit([{ kind: 'acknowledged', keys: [stepKeyOf(2), stepKeyOf(1)] }])
    expect(next(bench)).toBe(DAY_MS - HOUR_MS)
    bench.commit([{ kind: 'forgotten', keys: [stepKeyOf(1)] }])
    expect(next(bench)).toBe(ENDED_KEPT_MS)
  })
})

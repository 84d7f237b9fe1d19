// Guarantee: the next look lies ahead. A time in the past is an alarm that fires at once, for ever.

import { expect, test } from 'vitest'
import { DAY_MS } from '../../../src/shared/lib/time.ts'
import { nextLook } from '../../../src/shared/signer/offers/pacing.ts'
import { stepKeyOf } from '../../support/domain-values.ts'
import { SignerBench } from '../../support/signer-bench.ts'

test('a step whose end nobody acknowledged for a day makes no alarm of its own', () => {
  const bench = new SignerBench()
  bench.withdraw(1)
  bench.after(DAY_MS + 1)
  expect(nextLook(bench.state, bench.now, 2_000, false)).toBeNull()
  expect(nextLook(bench.state, bench.now, 2_000, true)).toBe(bench.now + 2_000)
})

test('one that can be forgotten already is looked after soon, not before now', () => {
  const bench = new SignerBench()
  bench.withdraw(1)
  bench.commit([{ kind: 'acknowledged', keys: [stepKeyOf(1)] }])
  bench.after(DAY_MS + 1)
  expect(nextLook(bench.state, bench.now, 2_000, false)).toBeGreaterThan(bench.now)
})

test('one that nobody acknowledged does not hide those that can be forgotten', () => {
  const bench = new SignerBench()
  bench.withdraw(1)
  bench.after(1_000)
  bench.withdraw(2)
  bench.commit([{ kind: 'acknowledged', keys: [stepKeyOf(2)] }])
  expect(nextLook(bench.state, bench.now, 2_000, false)).toBe(bench.now + DAY_MS)
})

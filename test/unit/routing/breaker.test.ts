// Guarantee: an endpoint that fails is left alone soon and for ever longer, is tried again by one request at a time, and is
// back after two good ones; whoever tried it and died keeps nobody out; and all of that survives being saved.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import { addMs } from '../../../src/shared/lib/time.ts'
import { type Breaker, CLOSED, judged, passing } from '../../../src/shared/routing/breaker.ts'
import { START } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'

const LONGEST_MS = 15_000

test('five faults in a row open it, four and a good one do not', () => {
  expect(breakerAfter([false, false, false, false, true, false, false]).state).toBe('closed')
  expect(passing(breakerAfter([false, false, false, false, false]), START)).toBeNull()
})

test('one request at a time tries it, and two good ones close it', () => {
  const open = breakerAfter([false, false, false, false, false])
  const later = addMs(START, 1_000)
  const trying = assertDefined(passing(open, later), 'it may be tried')
  expect(passing(trying, later)).toBeNull()
  const once = judged(trying, true, later)
  const again = assertDefined(passing(once, later), 'and again')
  expect(judged(again, true, later)).toEqual(CLOSED)
})

test('a try that nobody comes back from ends by itself', () => {
  const trying = assertDefined(
    passing(breakerAfter([false, false, false, false, false]), addMs(START, 1_000)),
    'tried',
  )
  expect(passing(trying, addMs(START, 12_000))).toBeNull()
  expect(passing(trying, addMs(START, 14_000))).not.toBeNull()
})

test('each failed try doubles the time, up to fifteen seconds', () => {
  let breaker = breakerAfter([false, false, false, false, false])
  const times: number[] = []
  let now = START
  while (times.length < 6 && breaker.state === 'open') {
    times.push(breaker.until - now)
    now = breaker.until
    breaker = judged(assertDefined(passing(breaker, now), 'tried'), false, now)
  }
  expect(times).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
})

test('whatever came before, it is tried within fifteen seconds, and saved it does the same', () => {
  const step = fc.record({ afterMs: fc.nat(20_000), isGood: fc.boolean() })
  holds(
    fc.property(fc.array(step), (steps) => {
      let [breaker, now]: [Breaker, typeof START] = [CLOSED, START]
      for (const { afterMs, isGood } of steps) {
        now = addMs(now, afterMs)
        const passed = passing(breaker, now)
        if (passed === null) continue
        breaker = judged(passed, isGood, now)
        expect(JSON.parse(JSON.stringify(breaker))).toEqual(breaker)
      }
      expect(passing(breaker, addMs(now, LONGEST_MS))).not.toBeNull()
    }),
  )
})

function breakerAfter(answers: readonly boolean[]): Breaker {
  return answers.reduce<Breaker>((breaker, isGood) => judged(breaker, isGood, START), CLOSED)
}

// Guarantee (src/shared/batch/SPEC.md, P3): no lane starves. Between two places of a lane that always has a step ready the
// others get a bounded number of them, whoever comes and goes.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  charged,
  LANES,
  type Lane,
  laneOf,
  NO_PASSES,
  nextLane,
  type Passes,
  rebased,
  STRIDES,
} from '../../../src/shared/batch/lanes.ts'
import { addMs } from '../../../src/shared/lib/time.ts'
import { START } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'
import { waiting } from '../../support/waiting-steps.ts'

const mostBetween = (lane: Lane): number =>
  LANES.filter((other) => other !== lane)
    .map((other) => Math.floor(STRIDES[lane] / STRIDES[other]) + 1)
    .reduce((sum, places) => sum + places)

test('the bounds are those of the page', () => {
  expect(LANES.map(mostBetween)).toEqual([3, 5, 9, 17])
})

test.each(LANES)(
  'a lane %s that always has a step ready gets its places, whoever else comes and goes',
  (lane) => {
    const readiness = fc.array(fc.subarray([...LANES]), { minLength: 30, maxLength: 200 })
    holds(
      fc.property(readiness, fc.nat(40), (rounds, rebasedEach) => {
        let passes: Passes = NO_PASSES
        let others = 0
        for (const [round, ready] of rounds.entries()) {
          const isReady = (one: Lane) => one === lane || ready.includes(one)
          const next = nextLane(passes, isReady)
          if (next === null) return expect.fail('a lane was ready')
          others = next === lane ? 0 : others + 1
          expect(others).toBeLessThanOrEqual(mostBetween(lane))
          passes = charged(passes, next, isReady)
          if (round % (rebasedEach + 1) === 0) passes = rebased(passes)
        }
      }),
      200,
    )
  },
)

test('a lane saves nothing up while it has no step', () => {
  let passes: Passes = NO_PASSES
  for (let place = 0; place < 1_000; place++) passes = charged(passes, 'low', (lane) => lane === 'low')
  const taken: Lane[] = []
  for (let place = 0; place < 18; place++) {
    const next = nextLane(passes, () => true)
    if (next === null) break
    taken.push(next)
    passes = charged(passes, next, () => true)
  }
  expect(taken.filter((lane) => lane === 'low').length).toBeGreaterThan(0)
})

test('nobody ready, nobody next', () => {
  expect(nextLane(NO_PASSES, () => false)).toBeNull()
})

test.each<[Lane, Parameters<typeof waiting>[1]]>([
  ['normal', {}],
  ['low', { speed: 'economy' }],
  ['low', { speed: 'economy', action: 'erc20', tier: 'basic' }],
  ['normal', { speed: 'economy', tier: 'premium' }],
  ['normal', { tier: 'basic' }],
  ['high', { tier: 'premium' }],
  ['high', { action: 'call' }],
  ['high', { speed: 'fast', tier: 'basic' }],
  ['urgent', { speed: 'economy', deadline: addMs(START, 1_000) }],
  ['urgent', { deadline: START }],
  ['normal', { deadline: addMs(START, 1_001) }],
])('%s: %o', (lane, change) => {
  expect(laneOf(waiting(1, change), START, 1_000)).toBe(lane)
})

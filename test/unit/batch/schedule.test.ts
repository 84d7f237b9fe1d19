// Guarantee (src/shared/batch/SPEC.md, P1 to P7): whatever waits, steps in conflict keep their order and never share a group,
// limits hold, and nothing is lost.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LANES, NO_PASSES, type Passes } from '../../../src/shared/batch/lanes.ts'
import { AHEAD_MOST_STEPS, type SchedulePolicy, schedule } from '../../../src/shared/batch/schedule.ts'
import type { Waiting } from '../../../src/shared/batch/waiting.ts'
import { addMs } from '../../../src/shared/lib/time.ts'
import { START } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'
import { isConflict, pool, traits, waiting } from '../../support/waiting-steps.ts'

const POLICY: SchedulePolicy = {
  mostSteps: 16,
  mostGas: 10_000_000n,
  mostGroups: 1_000,
  urgentMs: 60_000,
}
const policies = fc.record({
  mostSteps: fc.integer({ min: 1, max: 20 }),
  mostGas: fc.bigInt({ min: 100_000n, max: 5_000_000n }),
  mostGroups: fc.constantFrom(1, 2, 1_000),
  urgentMs: fc.constant(60_000),
})
const passes = fc.record({ urgent: fc.nat(9), high: fc.nat(9), normal: fc.nat(9), low: fc.nat(9) })
const anyPlan = fc.tuple(pool, policies, passes)

type Place = { readonly step: Waiting; readonly group: number }

function plan(steps: readonly Waiting[], policy: Partial<SchedulePolicy> = {}, from: Passes = NO_PASSES) {
  const result = schedule(steps, START, { ...POLICY, ...policy }, from)
  const byKey = new Map(steps.map((step) => [step.key, step]))
  const stepOf = (key: string) => byKey.get(key) ?? waiting(-1)
  const groups = result.groups.map(({ keys }) => keys.map(stepOf))
  const places = groups.flatMap((members, group) => members.map((step): Place => ({ step, group })))
  return { ...result, members: groups, places, leftSteps: result.left.map(stepOf) }
}

function keysOf(
  steps: readonly Waiting[],
  policy: Partial<SchedulePolicy> = {},
): readonly (readonly string[])[] {
  return schedule(steps, START, { ...POLICY, ...policy }, NO_PASSES).groups.map(({ keys }) => keys)
}

const writing = (...writes: readonly string[]) => ({ touches: { reads: [], writes } })

describe('conflicts', () => {
  test('P1: of two steps in conflict the one admitted first goes in an earlier group', () => {
    holds(
      fc.property(anyPlan, ([steps, policy, from]) => {
        const { places, leftSteps } = plan(steps, policy, from)
        const placed = [...places, ...leftSteps.map((step) => ({ step, group: Number.POSITIVE_INFINITY }))]
        const broken = placed.filter((one) =>
          places.some(
            (other) =>
              one.step.admitted < other.step.admitted &&
              isConflict(one.step, other.step) &&
              one.group >= other.group,
          ),
        )
        expect(broken).toEqual([])
      }),
      500,
    )
  })

  test('P1: without a bound on size there are as many groups as the longest chain has steps', () => {
    holds(
      fc.property(pool, (steps) => {
        const free = steps.map((step) => ({ ...step, isAlone: false, canGo: true }))
        const inOrder = free.toSorted((one, other) => one.admitted - other.admitted)
        const levels: number[] = []
        for (const [index, step] of inOrder.entries()) {
          const before = inOrder
            .slice(0, index)
            .map((other, at) => (isConflict(step, other) ? levels[at] : 0))
          levels.push(1 + Math.max(0, ...before.map((level) => level ?? 0)))
        }
        const { groups } = plan(free, { mostSteps: 1_000, mostGas: 10n ** 12n })
        expect(groups).toHaveLength(Math.max(0, ...levels))
      }),
    )
  })

  test('P2: what depends on a step that cannot go waits, whatever lies between, and others go on', () => {
    const steps = [
      waiting(1, { canGo: false, ...writing('a') }),
      waiting(2, writing('a', 'b')),
      waiting(3, writing('b')),
      waiting(4),
    ]
    const result = schedule(steps, START, POLICY, NO_PASSES)
    expect(result.groups).toMatchObject([{ keys: ['step 4'], closedBy: 'drained' }])
    expect(result.left).toEqual(['step 1', 'step 2', 'step 3'])
  })

  test('many may read what one writes, before and after', () => {
    const reads = { touches: { reads: ['a'], writes: [] } }
    const steps = [
      waiting(1, reads),
      waiting(2, reads),
      waiting(3, writing('a')),
      waiting(4, reads),
      waiting(5),
    ]
    expect(keysOf(steps)).toEqual([['step 1', 'step 2', 'step 5'], ['step 3'], ['step 4']])
  })
})

describe('limits', () => {
  test('P6, P7: places and gas are kept, and every step is in one group or left', () => {
    holds(
      fc.property(anyPlan, ([steps, policy, from]) => {
        const { members, groups, places, leftSteps } = plan(steps, policy, from)
        expect([...places.map(({ step }) => step.key), ...leftSteps.map(({ key }) => key)].sort()).toEqual(
          steps.map(({ key }) => key).sort(),
        )
        for (const [index, group] of members.entries()) {
          const gas = group.reduce((sum, step) => sum + step.gas, 0n)
          expect(groups[index]?.gas).toBe(gas)
          expect(group.length).toBeGreaterThan(0)
          expect(group.length).toBeLessThanOrEqual(policy.mostSteps)
          if (group.length > 1) expect(gas).toBeLessThanOrEqual(policy.mostGas)
          if (group.some(({ isAlone }) => isAlone)) expect(group).toHaveLength(1)
        }
        expect(groups.length).toBeLessThanOrEqual(policy.mostGroups)
        if (groups.length < policy.mostGroups) {
          const mayGo = leftSteps.filter(({ canGo }) => canGo)
          const stuck = new Set(leftSteps.filter(({ canGo }) => !canGo))
          for (const step of mayGo.toSorted((one, other) => one.admitted - other.admitted)) {
            const waitsForStuck = [...stuck].some(
              (other) => other.admitted < step.admitted && isConflict(step, other),
            )
            expect(waitsForStuck).toBe(true)
            stuck.add(step)
          }
        }
      }),
      300,
    )
  })

  test('the same pool in any order gives the same plan', () => {
    holds(
      fc.property(anyPlan, ([steps, policy, from]) => {
        const sorted = steps.toSorted((one, other) => one.admitted - other.admitted)
        expect(schedule(steps, START, policy, from)).toEqual(schedule(sorted, START, policy, from))
      }),
    )
  })

  test('a step that does not fit ends its group and begins the next, and one above all limits stands alone', () => {
    const steps = [
      waiting(1, { gas: 60n }),
      waiting(2, { gas: 50n }),
      waiting(3, { gas: 10n }),
      waiting(4, { gas: 101n }),
      waiting(5, { gas: 1n }),
    ]
    const { groups } = schedule(steps, START, { ...POLICY, mostGas: 100n }, NO_PASSES)
    expect(groups.map(({ keys, closedBy }) => [closedBy, ...keys])).toEqual([
      ['gas', 'step 1'],
      ['alone', 'step 2', 'step 3'],
      ['alone', 'step 4'],
      ['drained', 'step 5'],
    ])
  })

  test('a group says that conflicts kept its places empty', () => {
    const steps = [waiting(1, writing('a')), waiting(2, writing('a')), waiting(3)]
    const { groups } = schedule(steps, START, POLICY, NO_PASSES)
    expect(groups.map(({ closedBy }) => closedBy)).toEqual(['conflicts', 'drained'])
  })
})

describe('fairness', () => {
  test('P3: a low step goes however many urgent ones come, in plans of one place', () => {
    const low = waiting(0, { speed: 'economy', tier: 'basic' })
    let from: Passes = NO_PASSES
    for (let round = 1; round <= 18; round++) {
      const pressing = [3 * round, 3 * round + 1, 3 * round + 2].map((admitted, index) =>
        waiting(admitted, index === 0 ? { deadline: START } : { speed: index === 1 ? 'fast' : 'standard' }),
      )
      const result = schedule([low, ...pressing], START, { ...POLICY, mostSteps: 1, mostGroups: 1 }, from)
      if (result.groups[0]?.keys[0] === low.key) return
      from = result.passes
    }
    expect.fail('the low step did not go in eighteen plans')
  })

  test('P3: whoever else comes, a low step waits for at most seventeen places of others', () => {
    const others = fc.array(fc.record({ ...traits, speed: fc.constant('fast') }), {
      minLength: 4,
      maxLength: 8,
    })
    const rounds = fc.array(others, { minLength: 20, maxLength: 20 })
    holds(
      fc.property(rounds, policies, (arrivals, policy) => {
        const low = waiting(0, { speed: 'economy', tier: 'basic', gas: 900_000n })
        let inPool: readonly Waiting[] = [low]
        let from: Passes = NO_PASSES
        let passed = 0
        for (const [round, arrived] of arrivals.entries()) {
          const fresh = arrived.map((step, index) =>
            waiting(10 * (round + 1) + index, { ...step, canGo: true }),
          )
          inPool = [...inPool, ...fresh]
          const result = schedule(inPool, START, { ...policy, mostGroups: 1 }, from)
          const keys = result.groups.flatMap((group) => group.keys)
          if (keys.includes(low.key)) return
          passed += keys.length
          expect(passed).toBeLessThanOrEqual(17)
          from = result.passes
          inPool = inPool.filter(({ key }) => !keys.includes(key))
        }
        expect.fail('the low step did not go in twenty plans')
      }),
    )
  })

  test('P3: a step that is too large for what is left of a group is not passed by for ever', () => {
    const large = waiting(0, { speed: 'economy', tier: 'basic', gas: 90n })
    let from: Passes = NO_PASSES
    for (let round = 1; round <= 40; round++) {
      const small = Array.from({ length: 8 }, (_, index) =>
        waiting(8 * round + index, { speed: 'fast', gas: 20n }),
      )
      const result = schedule([large, ...small], START, { ...POLICY, mostGas: 100n, mostGroups: 1 }, from)
      if (result.groups[0]?.keys.includes(large.key)) return
      from = result.passes
    }
    expect.fail('the large step did not go in forty plans')
  })

  test('P4: chains that go on for ever overtake a step of their lane, and then no more', () => {
    const single = waiting(0)
    const chain = (from: number) =>
      Array.from({ length: 40 }, (_, index) => waiting(from + index, writing('chain')))
    const oneByOne = { mostSteps: 256, mostGroups: 1, mostGas: 30_000n }
    const firstWith = (from: number) =>
      schedule([single, ...chain(from)], START, { ...POLICY, ...oneByOne }, NO_PASSES).groups[0]?.keys
    expect(firstWith(AHEAD_MOST_STEPS - 1)).toEqual([`step ${AHEAD_MOST_STEPS - 1}`])
    expect(firstWith(AHEAD_MOST_STEPS + 1)).toEqual([single.key])
  })

  test('P5: a step goes in the lane of the most pressing one that depends on it', () => {
    const steps = [
      ...Array.from({ length: 20 }, (_, index) => waiting(index, { speed: 'fast' })),
      waiting(20, { speed: 'economy', ...writing('a') }),
      waiting(21, { speed: 'economy', ...writing('a', 'b') }),
      waiting(22, { deadline: addMs(START, 1_000), ...writing('b') }),
    ]
    const groups = keysOf(steps, { mostSteps: 2 })
    expect(groups.slice(0, 3)).toEqual([
      ['step 20', 'step 0'],
      ['step 21', 'step 1'],
      ['step 22', 'step 2'],
    ])
  })

  test('P3: lanes share places by their weights', () => {
    const steps = Array.from({ length: 400 }, (_, index) => {
      const lane = LANES[index % LANES.length]
      if (lane === 'urgent') return waiting(index, { deadline: START })
      if (lane === 'high') return waiting(index, { speed: 'fast' })
      return waiting(index, lane === 'normal' ? {} : { speed: 'economy', tier: 'basic' })
    })
    const [first = []] = keysOf(steps, { mostSteps: 150, mostGas: 10n ** 12n })
    const counts = LANES.map((_, lane) => first.filter((key) => Number(key.slice(5)) % 4 === lane).length)
    expect(counts).toEqual([80, 40, 20, 10])
  })
})

// Guarantee: what an endpoint did is what it costs: slow, failing, unreadable and late ones cost more, and verdicts about a
// transaction cost nothing; what was bad is forgotten, and no endpoint alone makes another one look late.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultOf } from '../../../src/shared/adapters/routing/fault-of.ts'
import { addMs } from '../../../src/shared/lib/time.ts'
import { FAULTS, type Fault } from '../../../src/shared/routing/fault.ts'
import {
  costOf,
  type Health,
  headSeen,
  isPaused,
  lagOf,
  observed,
  tailMs,
  UNKNOWN_HEALTH,
} from '../../../src/shared/routing/health.ts'
import { adapted, FIRST_LIMIT, isWithin } from '../../../src/shared/routing/limit.ts'
import { referenceHead } from '../../../src/shared/routing/reference-head.ts'
import { informed, merged, reportOf, withReport } from '../../../src/shared/routing/report.ts'
import { START } from '../../support/domain-values.ts'
import { REFUSALS } from '../../support/fault-proxy/refusals.ts'
import { holds } from '../../support/property.ts'

describe('cost', () => {
  test.each(FAULTS)('of one with a fifth of %s is higher', (fault) => {
    const failing = healthAfter(50, (at) => (at % 5 === 0 ? fault : null))
    expect(costOf(failing, 1, START)).toBeGreaterThan(1.3 * costOf(healthAfter(50), 1, START))
  })

  test('goes up with latency and lag, down with weight', () => {
    const well = healthAfter(50)
    const slow = healthAfter(50, () => null, 300)
    const late = headSeen(well, { head: 90, is: 'there' }, 94, START)
    expect(costOf(slow, 1, START)).toBeGreaterThan(2 * costOf(well, 1, START))
    expect(costOf(late, 1, START)).toBeGreaterThan(2 * costOf(well, 1, START))
    expect(costOf(well, 4, START)).toBeCloseTo(costOf(well, 1, START) / 4)
  })

  test('of one that is not asked for it comes back to that of an unknown one', () => {
    const bad = healthAfter(50, () => 'timeout', 5_000)
    const [now, later] = [costOf(bad, 1, START), costOf(bad, 1, addMs(START, 600_000))]
    expect(later).toBeLessThan(now / 100)
    expect(later).toBeCloseTo(costOf(UNKNOWN_HEALTH, 1, START), 0)
  })

  test('is a number above nothing, whatever happened', () => {
    const seen = fc.record({
      tookMs: fc.nat(60_000),
      fault: fc.constantFrom<Fault | null>(null, ...FAULTS),
      retryAfterMs: fc.option(fc.nat(4_000_000)),
      underWay: fc.nat(100),
    })
    holds(
      fc.property(fc.array(seen), fc.nat(1_000_000), (all, laterMs) => {
        const health = all.reduce((before, one) => observed(before, one, START), UNKNOWN_HEALTH)
        const cost = costOf(health, 1, addMs(START, laterMs))
        expect(Number.isFinite(cost) && cost > 0).toBe(true)
        expect(tailMs(health)).toBeGreaterThanOrEqual(50)
        expect(tailMs(health)).toBeLessThanOrEqual(3_000)
        expect(isWithin(health.limit, 0)).toBe(true)
        expect(isPaused(health, addMs(START, 60_000))).toBe(false)
      }),
    )
  })
})

test('what a node says about a transaction is no fault of its own, but a refused rate in whatever form is one', () => {
  for (const [verdict, errors] of Object.entries(REFUSALS)) {
    for (const { code, message } of verdict === 'congested' ? [] : errors) {
      const failure = { reason: 'rpc', code, message, data: null } as const
      expect(faultOf(failure).fault, message).toBeNull()
    }
  }
  const rpc = (code: number, message: string) => ({ reason: 'rpc', code, message, data: null }) as const
  expect(faultOf(rpc(-32005, 'limit exceeded')).fault).toBe('rate_limited')
  expect(faultOf(rpc(-32000, 'Too Many Requests')).fault).toBe('rate_limited')
  expect(faultOf({ reason: 'held_back', why: 'rate' }).fault).toBeNull()
  const busy = { reason: 'http', status: 503, retry_after_ms: 7_000 } as const
  expect(faultOf(busy)).toEqual({ fault: 'http', retryAfterMs: 7_000 })
})

describe('lag', () => {
  test('is measured against what two operators have reached, so that a head which is made up makes nobody late', () => {
    const honest = { operator: 'north', head: 100 }
    expect(referenceHead([honest, { operator: 'liar', head: 1_000_000 }], 2)).toBe(100)
    const south = { operator: 'south', head: 101 }
    expect(referenceHead([honest, south, { operator: 'liar', head: 9_999 }], 3)).toBe(101)
    expect(referenceHead([honest, { operator: 'north', head: 104 }], 1)).toBe(104)
    expect(referenceHead([honest, { operator: 'north', head: 104 }], 2)).toBeNull()
    expect(referenceHead([], 1)).toBeNull()
  })

  test('is at least that of a null, at most that of a block that is there, and nothing of a block long gone', () => {
    const seen = (
      health: Health,
      head: number,
      is: 'there' | 'no_lower' | 'no_higher',
      reference: number | null,
    ) => headSeen(health, { head, is }, reference, START)
    const well = seen(UNKNOWN_HEALTH, 100, 'there', 100)
    const late = seen(well, 103, 'no_higher', 110)
    expect(lagOf(late, START)).toBe(7)
    expect(lagOf(seen(late, 109, 'no_lower', 110), START)).toBe(1)
    expect(lagOf(seen(late, 106, 'there', null), START)).toBe(7)
    expect(lagOf(seen(well, 40, 'no_lower', 110), START)).toBe(0)
    expect(lagOf(seen(UNKNOWN_HEALTH, -1, 'no_higher', 5_000), START)).toBeNull()
    expect(lagOf(late, addMs(START, 60_000))).toBeNull()
  })
})

test('the limit grows only where it is used, and one bad moment halves it once', () => {
  const idle = Array.from({ length: 100 }).reduce<typeof FIRST_LIMIT>(
    (l) => adapted(l, null, 1, START),
    FIRST_LIMIT,
  )
  expect(idle).toEqual(FIRST_LIMIT)
  const used = Array.from({ length: 100 }).reduce<typeof FIRST_LIMIT>(
    (l) => adapted(l, null, 16, START),
    FIRST_LIMIT,
  )
  expect(used.requests).toBeGreaterThan(18)
  const failed = ['timeout', 'timeout', 'rate_limited'] as const
  const halved = failed.reduce<typeof FIRST_LIMIT>((l, fault) => adapted(l, fault, 16, START), FIRST_LIMIT)
  expect(halved.requests).toBe(8)
  expect(adapted(halved, 'timeout', 1, addMs(START, 1_000)).requests).toBe(4)
})

test('holders hear of each other: a pause at once, a measure where they have none', () => {
  const paused = observed(
    healthAfter(20),
    { tookMs: 5, fault: 'rate_limited', retryAfterMs: 30_000, underWay: 1 },
    START,
  )
  const told = [
    { holder: 'a', at: START, endpoints: [reportOf('x', paused, 4, START)] },
    {
      holder: 'b',
      at: START,
      endpoints: [
        reportOf(
          'x',
          healthAfter(60, () => null, 40),
          2,
          START,
        ),
      ],
    },
  ]
  const reports = told.reduce<typeof told>((all, one) => [...withReport(all, one, START)] as typeof told, [])
  const all = merged(reports, 'x', START)
  if (all === null) throw new Error('somebody asked it')
  expect(all).toMatchObject({ perSecond: 6, requests: 81, breaker: 'closed' })
  expect(merged(reports, 'y', START)).toBeNull()
  expect(isPaused(informed(UNKNOWN_HEALTH, all, START), addMs(START, 20_000))).toBe(true)
  expect(informed(UNKNOWN_HEALTH, all, START).meanMs).toBeCloseTo(all.meanMs ?? 0)
  const own = healthAfter(9, () => null, 77)
  expect(informed(own, all, START)).toMatchObject({ meanMs: 77, faults: own.faults })
})

/** After so many requests. */
function healthAfter(count: number, fault: (at: number) => Fault | null = () => null, tookMs = 10): Health {
  let health = UNKNOWN_HEALTH
  for (let at = 0; at < count; at++) {
    health = observed(health, { tookMs, fault: fault(at), retryAfterMs: null, underWay: 1 }, START)
  }
  return health
}

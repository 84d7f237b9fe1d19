// Guarantee: over all holders together an endpoint gets no more than its rate in any second, whoever comes, goes, dies, is not
// answered, hears late or loses an answer; and nobody who asks is left without for long.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMs, type UnixMs } from '../../../src/shared/lib/time.ts'
import { fallbackOf, granted, LEASE_MS, type Lease } from '../../../src/shared/routing/leases.ts'
import { booked, FRESH_PACE, type Pace } from '../../../src/shared/routing/pace.ts'
import { START } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'

const SECOND_MS = 1_000
const LEASED_SHARE = 3 / 4

describe('a rate', () => {
  test('goes to one who is alone, in three quarters', () => {
    expect(granted([], 20, 'a', START).perSecond).toBe(15)
    expect(granted([], 1, 'a', START).perSecond).toBe(0.75)
  })

  test('is split evenly once older leases are over, also where a smaller one was given after them', () => {
    let { leases } = granted([], 20, 'a', START)
    const first = granted(leases, 20, 'b', addMs(START, 100))
    expect(first.perSecond).toBe(0)
    const renewed = granted(first.leases, 20, 'a', addMs(START, 3_000))
    expect(renewed.perSecond).toBe(7)
    // The answer to `a` may be lost: until its first lease is over by every clock, it counts.
    expect(granted(renewed.leases, 20, 'b', addMs(START, 4_000)).perSecond).toBe(0)
    leases = granted(renewed.leases, 20, 'a', addMs(START, 6_000)).leases
    expect(granted(leases, 20, 'b', addMs(START, 8_001)).perSecond).toBe(7)
  })

  test('goes round where more ask than it has requests', () => {
    const holders = ['a', 'b', 'c', 'd', 'e']
    const served = new Set<string>()
    let leases: readonly Lease[] = []
    for (let ms = 0; ms < 120_000; ms += 1_000) {
      for (const holder of holders) {
        const grant = granted(leases, 4, holder, addMs(START, ms))
        leases = grant.leases
        if (grant.perSecond > 0) served.add(holder)
      }
    }
    expect([...served].sort()).toEqual(holders)
  })
})

test('what is leased is never more than three quarters, whatever is asked when by whom', () => {
  const ask = fc.record({ afterMs: fc.nat(5_000), holder: fc.nat(8) })
  holds(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.array(ask, { maxLength: 60 }), (rate, asks) => {
      let leases: readonly Lease[] = []
      let now = START
      for (const { afterMs, holder } of asks) {
        now = addMs(now, afterMs)
        leases = granted(leases, rate, `h${holder}`, now).leases
        expect(leasedOf(leases)).toBeLessThanOrEqual(rate * LEASED_SHARE + 1e-6)
      }
    }),
  )
})

/** Whoever is eager asks the object and then sends as often as it may. */
type Holder = { lease: { perSecond: number; until: UnixMs } | null; pace: Pace; sent: UnixMs[] }

test('in no second more than the rate is sent, with answers lost and late', () => {
  const event = fc.record({
    afterMs: fc.nat(700),
    holder: fc.nat(3),
    what: fc.constantFrom('send', 'send', 'send', 'ask', 'ask unheard', 'unasked'),
    tries: fc.integer({ min: 1, max: 12 }),
  })
  holds(
    fc.property(fc.integer({ min: 16, max: 80 }), fc.array(event, { maxLength: 150 }), (rate, events) => {
      const holders: Holder[] = [0, 1, 2, 3].map(() => ({ lease: null, pace: FRESH_PACE, sent: [] }))
      let leases: readonly Lease[] = []
      let now = START
      for (const { afterMs, holder: at, what, tries } of events) {
        now = addMs(now, afterMs)
        const holder = holders[at]
        if (holder === undefined) continue
        if (what.startsWith('ask')) {
          const grant = granted(leases, rate, `h${at}`, now)
          leases = grant.leases
          if (what === 'ask') holder.lease = { perSecond: grant.perSecond, until: addMs(now, LEASE_MS) }
        }
        if (what === 'send') for (let one = 0; one < tries; one++) send(holder, rate, now)
      }
      expect(busiestSecond(holders.flatMap(({ sent }) => sent))).toBeLessThanOrEqual(rate)
    }),
    300,
  )
})

/** As a gate does: by the lease while it holds, else by the fallback. */
function send(holder: Holder, rate: number, now: UnixMs): void {
  const { lease, pace } = holder
  const isLeased = lease !== null && now < lease.until
  if (isLeased && lease.perSecond === 0) return
  const leased = isLeased ? booked(pace, lease.perSecond, now, 500) : null
  if (isLeased && leased === null) return
  const isWithin = leased !== null && lease !== null && leased.at < lease.until
  const booking = isWithin ? leased : booked(pace, fallbackOf(rate), now, 500)
  if (booking === null) return
  holder.pace = booking.pace
  holder.sent.push(booking.at)
}

function busiestSecond(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b)
  let most = 0
  let from = 0
  for (const [to, time] of sorted.entries()) {
    while ((sorted[from] ?? 0) <= time - SECOND_MS) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

function leasedOf(leases: readonly Lease[]): number {
  const holders = Map.groupBy(leases, ({ holder }) => holder)
  return [...holders.values()].reduce(
    (sum, own) => sum + Math.max(...own.map(({ perSecond }) => perSecond)),
    0,
  )
}

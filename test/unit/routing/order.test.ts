// Guarantee: who is well is asked before who is late, and who is late before who must be left alone; nobody is left out; load
// follows weight; and what belongs to one account meets at one endpoint, wherever it is asked from.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Candidate, inOrder, secondOf, tierOf } from '../../../src/shared/routing/order.ts'
import { holds } from '../../support/property.ts'
import { randomFrom } from '../../support/random.ts'

const candidates = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z]{1,6}$/),
    weight: fc.integer({ min: 1, max: 10 }),
    tier: fc.constantFrom('sound' as const, 'lagging' as const, 'held_back' as const),
    cost: fc.integer({ min: 1, max: 10_000 }),
  }),
  { selector: ({ name }) => name, maxLength: 6 },
)
const TIERS = ['sound', 'lagging', 'held_back']

test('all are there, tier by tier, with chance and with a key', () => {
  holds(
    fc.property(candidates, fc.nat(), fc.string(), (all, seed, key) => {
      const draw = randomFrom(seed)
      for (const names of [inOrder(all, { by: 'chance', draw }), inOrder(all, { by: 'key', key })]) {
        expect([...names].sort()).toEqual(all.map(({ name }) => name).sort())
        const ranks = names.map((name) => TIERS.indexOf(all.find((one) => one.name === name)?.tier ?? ''))
        expect(ranks).toEqual([...ranks].sort())
      }
    }),
  )
})

test('the dearest of three is never first, and its weight makes a cheap one come more often', () => {
  const draw = randomFrom(7)
  const firsts = new Map<string, number>()
  const all = [sound('cheap', 10, 1), sound('heavy', 11, 5), sound('dear', 900, 1)]
  for (let one = 0; one < 2_000; one++) {
    const [first = ''] = inOrder(all, { by: 'chance', draw })
    firsts.set(first, (firsts.get(first) ?? 0) + 1)
  }
  expect(firsts.get('dear') ?? 0).toBe(0)
  expect(firsts.get('heavy') ?? 0).toBeGreaterThan(200)
})

test('the same account has the same first, and accounts are spread over all', () => {
  const all = ['a', 'b', 'c'].map((name) => sound(name, 50, 1))
  const firsts = Array.from({ length: 300 }, (_, index) => inOrder(all, { by: 'key', key: `0x${index}` })[0])
  for (const name of ['a', 'b', 'c'])
    expect(firsts.filter((first) => first === name).length).toBeGreaterThan(60)
  const again = Array.from({ length: 300 }, (_, index) => inOrder(all, { by: 'key', key: `0x${index}` })[0])
  expect(again).toEqual(firsts)
})

test('an account stays until its endpoint costs a third more, and comes back', () => {
  const key = '0xabc'
  const of = (first: number, second: number) => [sound('a', first, 1), sound('b', second, 1)]
  const [home = ''] = inOrder(of(50, 50), { by: 'key', key })
  const dearer = (by: number) => (home === 'a' ? of(50 * by, 50) : of(50, 50 * by))
  expect(inOrder(dearer(1.3), { by: 'key', key })[0]).toBe(home)
  expect(inOrder(dearer(4), { by: 'key', key })[0]).not.toBe(home)
  expect(inOrder(dearer(1), { by: 'key', key })[0]).toBe(home)
})

test('three blocks are late, two are not, and who is left alone is last', () => {
  expect([tierOf(false, 2), tierOf(false, 3), tierOf(false, null), tierOf(true, 0)]).toEqual([
    'sound',
    'lagging',
    'sound',
    'held_back',
  ])
})

test('a copy goes to another operator, where there is one', () => {
  const [a, b, c] = [{ operator: 'north' }, { operator: 'north' }, { operator: 'south' }] as const
  expect(secondOf(a, [b, c])).toBe(c)
  expect(secondOf(a, [b])).toBe(b)
  expect(secondOf(a, [])).toBeNull()
})

function sound(name: string, cost: number, weight: number): Candidate {
  return { name, weight, tier: 'sound', cost }
}

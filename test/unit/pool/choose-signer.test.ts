// Guarantee (src/shared/pool/SPEC.md, L1 to L4): who is chosen of a pool follows from how its members stand and from the
// transfer's id; a member that cannot sign never is, and equal ones share evenly.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseSigner, type PoolMember, withChoice } from '../../../src/shared/pool/choose-signer.ts'
import type { SignerLoad } from '../../../src/shared/signer/load.ts'
import { addressOf, transferIdOf } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'

const READY: SignerLoad = { status: 'ready', steps: 0, window: 16, funds: 1_000_000n }
const PUBLIC = { visibility: 'public' } as const
const [A, B, C] = [addressOf(0xa1), addressOf(0xa2), addressOf(0xa3)]

const load: fc.Arbitrary<SignerLoad> = fc.record({
  status: fc.constantFrom('ready' as const, 'paused' as const, 'fenced' as const),
  steps: fc.nat(40),
  window: fc.integer({ min: 1, max: 16 }),
  funds: fc.option(fc.bigInt({ min: -2_000n, max: 4_000n })),
})
const members = fc
  .array(fc.option(load), { maxLength: 8 })
  .map((loads) =>
    loads.map((one, index): PoolMember => ({ ...PUBLIC, address: addressOf(0xa0 + index), load: one })),
  )

const wishOf = (number: number, amount = 1_000n) => ({
  ...PUBLIC,
  transfer: transferIdOf(number),
  action: { type: 'native' as const, to: addressOf(0xb), amount },
})
const of = (...loads: readonly Partial<SignerLoad>[]): readonly PoolMember[] =>
  loads.map((one, index) => ({ ...PUBLIC, address: addressOf(0xa1 + index), load: { ...READY, ...one } }))

test('what is private goes from private accounts alone, and nothing else from them', () => {
  const [open, hidden] = of({ steps: 9 }, {})
  if (open === undefined || hidden === undefined) throw new Error('two')
  const pool: readonly PoolMember[] = [open, { ...hidden, visibility: 'private' }]
  expect(chooseSigner(wishOf(1), pool)).toBe(open.address)
  expect(chooseSigner({ ...wishOf(1), visibility: 'private' }, pool)).toBe(hidden.address)
  expect(chooseSigner({ ...wishOf(1), visibility: 'private' }, [open])).toBeNull()
})

describe('of any members', () => {
  test('the order in which they are named changes nothing', () => {
    holds(
      fc.property(members, fc.nat(99), (pool, number) => {
        const wish = wishOf(number)
        expect(chooseSigner(wish, pool.toReversed())).toBe(chooseSigner(wish, pool))
      }),
    )
  })

  test('one is chosen where one can sign, and never one that is fenced or silent', () => {
    holds(
      fc.property(members, fc.nat(99), (pool, number) => {
        const able = pool.filter((one) => one.load !== null && one.load.status !== 'fenced')
        const chosen = chooseSigner(wishOf(number), pool)
        expect(able.map(({ address }) => address).includes(chosen ?? A)).toBe(able.length > 0)
        expect(chosen === null).toBe(able.length === 0)
      }),
    )
  })

  test('none that is paused or cannot pay, while a ready one can; none that is busier than such a one', () => {
    holds(
      fc.property(members, fc.nat(99), (pool, number) => {
        const isGood = (one: SignerLoad | null): one is SignerLoad =>
          one?.status === 'ready' && (one.funds === null || one.funds > 1_000n)
        const good = pool.flatMap((one) => (isGood(one.load) ? [one.load] : []))
        if (good.length === 0) return
        const chosen = chooseSigner(wishOf(number), pool)
        const taken = pool.find(({ address }) => address === chosen)?.load ?? null
        if (!isGood(taken)) return expect.fail('a ready member that can pay was passed over')
        expect(taken.steps / taken.window).toBe(Math.min(...good.map(({ steps, window }) => steps / window)))
      }),
      300,
    )
  })
})

describe('of equal members', () => {
  const equal = (count: number) => of(...Array.from({ length: count }, () => ({})))

  test.each([2, 3, 7])('%i of them get even shares of many transfers', (count) => {
    const shares = new Map<string, number>()
    const transfers = 300 * count
    for (let number = 0; number < transfers; number++) {
      const chosen = chooseSigner(wishOf(number), equal(count)) ?? ''
      shares.set(chosen, (shares.get(chosen) ?? 0) + 1)
    }
    // Four times the standard deviation of fair shares.
    const most = 4 * Math.sqrt(300 * (1 - 1 / count))
    expect(shares.size).toBe(count)
    for (const share of shares.values()) expect(Math.abs(share - 300)).toBeLessThan(most)
  })

  test('counted one after the other, no member has two more than another', () => {
    let pool = equal(3)
    for (let number = 0; number < 100; number++) {
      const wish = wishOf(number, 1n)
      const chosen = chooseSigner(wish, pool)
      if (chosen === null) return expect.fail('one can take it')
      pool = withChoice(pool, chosen, wish)
      const steps = pool.map((one) => one.load?.steps ?? 0)
      expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1)
    }
  })

  test('a new member takes its share from all, and moves nothing between the others', () => {
    const moved = Array.from({ length: 200 }, (_, number) => {
      const before = chooseSigner(wishOf(number), equal(2))
      const after = chooseSigner(wishOf(number), equal(3))
      return before === after || after === C
    })
    expect(moved).not.toContain(false)
  })
})

describe('of members that differ', () => {
  test.each<[string, readonly PoolMember[], string]>([
    ['the one with fewer steps', of({ steps: 5 }, { steps: 4 }), B],
    ['the one with fewer steps for its window', of({ steps: 2, window: 1 }, { steps: 9, window: 16 }), B],
    ['a busy one before one that is paused', of({ status: 'paused' }, { steps: 90 }), B],
    ['a paused one that can pay before a ready one that cannot', of({ funds: 9n }, { status: 'paused' }), B],
    ['not the one with the very amount: gas comes on top', of({ funds: 1_000n }, { funds: 1_001n }), B],
    ['one whose balance is not known before one that cannot pay', of({ funds: 9n }, { funds: null }), B],
    ['of those that cannot pay any, so that it is told why it waits', of({ funds: 9n }), A],
  ])('%s', (_name, pool, expected) => {
    for (let number = 0; number < 20; number++) expect(chooseSigner(wishOf(number), pool)).toBe(expected)
  })

  test('what was chosen before is spent: the next one goes where there is money', () => {
    const pool = of({ funds: 1_500n }, { funds: 1_500n, steps: 1 }, { funds: 0n })
    const first = wishOf(1)
    expect(chooseSigner(first, pool)).toBe(A)
    expect(chooseSigner(wishOf(2), withChoice(pool, A, first))).toBe(B)
  })
})

// Guarantee (S3, S4, S9): a step is admitted once, a step that was given back never becomes money, and both answers stay
// the same however often and late the question comes.

import { describe, expect, test } from 'vitest'
import { addMs, DAY_MS, HOUR_MS } from '../../../src/shared/lib/time.ts'
import { ADMISSION_VALID_MS, POOL_MAX_STEPS } from '../../../src/shared/signer/state/limits.ts'
import { START, stepKeyOf } from '../../support/domain-values.ts'
import { admission, FIRST_NONCE, included, REVERTS, SignerBench } from '../../support/signer-bench.ts'
import { STRANGER } from '../../support/standings.ts'

const WITHDRAWN = { result: 'withdrawn' } as const
const IN_SLOT = { result: 'in_slot', nonce: FIRST_NONCE } as const

describe('an admission', () => {
  test('is taken once: the same one again is known, in one call and in later ones', () => {
    const bench = new SignerBench()
    expect(bench.admit(1, 2, 1)).toEqual(['admitted', 'admitted', 'known'])
    expect(bench.admit(2, 1)).toEqual(['known', 'known'])
    expect([...bench.state.pool.values()].map(({ key }) => key)).toEqual([stepKeyOf(1), stepKeyOf(2)])
  })

  test('is known in a slot, on the chain and after its end', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan()
    expect(bench.admit(1)).toEqual(['known'])
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(bench.admit(1)).toEqual(['known'])
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)], finalized: 100 })
    expect(bench.admit(1)).toEqual(['known'])
  })

  test('of another generation is another step', () => {
    const bench = new SignerBench()
    bench.admit(1)
    expect(bench.admitAll([admission(1, { key: stepKeyOf(1, 1) })])).toEqual(['admitted'])
    expect(bench.state.pool.size).toBe(2)
  })

  test.each([
    ['as old as may be', ADMISSION_VALID_MS, 'admitted'],
    ['older', ADMISSION_VALID_MS + 1, 'refused'],
    ['from a clock that is ahead', -ADMISSION_VALID_MS, 'admitted'],
    ['from a clock that is far ahead', -ADMISSION_VALID_MS - 1, 'refused'],
  ])('that was agreed to %s is %s', (_, ageMs, result) => {
    const bench = new SignerBench().after(DAY_MS)
    expect(bench.admitAll([admission(1, { bound_at: addMs(bench.now, -ageMs) })])).toEqual([result])
  })

  test('that is stale says so only of a step that is new', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.after(HOUR_MS)
    expect(bench.admitAll([admission(1), admission(2)])).toEqual(['known', 'refused'])
  })

  test('into a full pool is refused, also where the same call filled it; what is known stays known', () => {
    const bench = new SignerBench()
    const numbers = Array.from({ length: POOL_MAX_STEPS - 1 }, (_, number) => number + 10)
    bench.admit(...numbers)
    expect(bench.admit(1, 2, 1, 10)).toEqual(['admitted', 'refused', 'known', 'known'])
    bench.withdraw(10)
    expect(bench.admit(2)).toEqual(['admitted'])
  })
})

describe('a withdrawal', () => {
  test('of a step that waits gives it back, and gives the same answer again', () => {
    const bench = new SignerBench()
    bench.admit(1)
    expect([bench.withdraw(1), bench.withdraw(1)]).toEqual([WITHDRAWN, WITHDRAWN])
    expect(bench.report(1).standing).toEqual({ at: 'withdrawn' })
    expect(bench.log.filter(({ record }) => record.kind === 'withdrawn')).toHaveLength(1)
  })

  test('of a step that was never admitted refuses it for ever', () => {
    const bench = new SignerBench()
    expect(bench.withdraw(1)).toEqual(WITHDRAWN)
    expect(bench.admit(1, 1)).toEqual(['refused', 'refused'])
    bench.after(2 * ADMISSION_VALID_MS)
    // The reason that lasts is told, not that it is stale besides.
    expect(bench.admitAll([admission(1, { bound_at: START })])).toEqual(['refused'])
    expect(bench.plan()).toEqual([])
  })

  test('of a step in a slot names the slot, from its reservation to its end', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.planOnly()
    expect(bench.withdraw(1)).toEqual(IN_SLOT)
    bench.sign()
    expect(bench.withdraw(1)).toEqual(IN_SLOT)
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(bench.withdraw(1)).toEqual(IN_SLOT)
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)], finalized: 100 })
    expect(bench.withdraw(1)).toEqual(IN_SLOT)
  })

  test('of a step whose slot was closed names the slot: the transfer has to hear of the close', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan()
    const stranger = included(FIRST_NONCE, 100, { hash: STRANGER })
    bench.facts({ inclusions: [stranger], finalized: 100 })
    expect(bench.withdraw(1)).toEqual(IN_SLOT)
  })

  test('of a rejected step is done already', () => {
    const bench = new SignerBench()
    bench.admit(1)
    for (const number of [100, 102]) {
      bench.plan({
        estimate: () => REVERTS,
        account: { at: { number, hash: included(0, number).receipt.block_hash } },
      })
    }
    expect(bench.report(1).standing).toEqual({ at: 'rejected', failure: 'would_revert' })
    expect(bench.withdraw(1)).toEqual(WITHDRAWN)
    expect(bench.report(1).standing).toEqual({ at: 'rejected', failure: 'would_revert' })
  })
})

test('a step that was forgotten cannot come back: its admission is stale by then', () => {
  const bench = new SignerBench()
  bench.admit(1)
  bench.withdraw(1)
  bench.commit([{ kind: 'acknowledged', keys: [stepKeyOf(1)] }])
  bench.after(DAY_MS)
  bench.commit([{ kind: 'forgotten', keys: [stepKeyOf(1)] }])
  expect(bench.report(1).standing).toEqual({ at: 'unknown' })
  expect(bench.admitAll([admission(1, { bound_at: START })])).toEqual(['refused'])
})

// Guarantee (S8, S10): what the chain says of the account becomes what the log says, whatever was lost on the way; and
// what is not ours is seen, told, and never taken for ours.

import { describe, expect, test } from 'vitest'
import { touchedSteps, unacknowledgedSteps } from '../../../src/shared/signer/state/touched.ts'
import { stepKeyOf, txHashOf } from '../../support/domain-values.ts'
import { FIRST_NONCE, hashOf, included, SignerBench } from '../../support/signer-bench.ts'
import { STRANGER } from '../../support/standings.ts'

const OTHER_STRANGER = txHashOf(0xdead)
const kindsOf = (records: readonly { readonly kind: string }[]) => records.map(({ kind }) => kind)

/** Two steps, in slots 5 and 6, signed. */
function signed(): SignerBench {
  const bench = new SignerBench()
  bench.admit(1, 2)
  bench.plan()
  return bench
}

describe('our transaction in a block', () => {
  test('is mined, once, with what it did and what it cost', () => {
    const bench = signed()
    const facts = { inclusions: [included(FIRST_NONCE, 100)] }
    expect(bench.facts(facts)).toEqual([
      {
        kind: 'mined',
        nonce: FIRST_NONCE,
        view: 1,
        inclusion: {
          hash: hashOf(FIRST_NONCE),
          block_number: 100,
          block_hash: included(FIRST_NONCE, 100).receipt.block_hash,
          outcome: 'success',
          delivered_amount: 1_000n,
          gas_used: 21_000n,
          fee_paid: 21_000n * 11n,
        },
      },
    ])
    expect(bench.facts(facts)).toEqual([])
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', sent: 'broadcast', final: false })
    expect(bench.report(2).standing).toMatchObject({ at: 'slot', inclusion: null })
  })

  test.each([
    ['reverted', { status: 'reverted' }],
    ['no_effect', { to: null }],
  ] as const)('that is %s delivered nothing', (outcome, change) => {
    const bench = signed()
    bench.facts({ inclusions: [included(FIRST_NONCE, 100, change)] })
    expect(bench.slot(1).inclusion?.results).toEqual([{ outcome, delivered_amount: null }])
  })

  test('is final where the block is, also where nothing was told of it before', () => {
    const bench = signed()
    const inclusions = [included(FIRST_NONCE, 100), included(FIRST_NONCE + 1, 101)]
    expect(kindsOf(bench.facts({ inclusions, finalized: 99 }))).toEqual(['mined', 'mined'])
    expect(kindsOf(bench.facts({ inclusions, finalized: 100 }))).toEqual(['finalized'])
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', final: true })
    expect(kindsOf(signed().facts({ inclusions, finalized: 101 }))).toEqual([
      'mined',
      'finalized',
      'mined',
      'finalized',
    ])
  })

  test('that a reorg undid waits again', () => {
    const bench = signed()
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(bench.facts({ inclusions: [] })).toEqual([{ kind: 'orphaned', nonce: FIRST_NONCE, view: 2 }])
    expect(bench.slot(1)).toMatchObject({ inclusion: null, sent: 'broadcast' })
    expect(bench.facts({ inclusions: [] })).toEqual([])
  })

  test('that a reorg moved was undone and is mined: same height, higher, and final at once', () => {
    for (const [block, fork, finalized] of [
      [100, 1, -1],
      [101, 0, -1],
      [101, 0, 101],
    ] as const) {
      const bench = signed()
      bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
      const records = bench.facts({ inclusions: [included(FIRST_NONCE, block, { fork })], finalized })
      expect(kindsOf(records)).toEqual(['orphaned', 'mined', ...(finalized < 0 ? [] : ['finalized'])])
    }
  })
})

describe("a stranger's transaction", () => {
  const stranger = (block: number, hash = STRANGER) => included(FIRST_NONCE, block, { hash })

  test('at the nonce of a slot is told, and is no end before it is final', () => {
    const bench = signed()
    expect(bench.facts({ inclusions: [stranger(100)] })).toEqual([
      { kind: 'usurped', nonce: FIRST_NONCE, hash: STRANGER, view: 1 },
    ])
    expect(bench.facts({ inclusions: [stranger(100)] })).toEqual([])
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', inclusion: null, final: false })
    expect(bench.facts({ inclusions: [stranger(100)], finalized: 100 })).toEqual([
      { kind: 'closed', nonce: FIRST_NONCE, hash: STRANGER, view: 3 },
    ])
    expect(bench.report(1).standing).toEqual({ at: 'closed', nonce: FIRST_NONCE, by: STRANGER })
    expect(bench.report(2).standing).toMatchObject({ at: 'slot' })
  })

  test('that another one replaced is told anew', () => {
    const bench = signed()
    bench.facts({ inclusions: [stranger(100)] })
    expect(bench.facts({ inclusions: [stranger(100, OTHER_STRANGER)] })).toMatchObject([
      { kind: 'usurped', hash: OTHER_STRANGER },
    ])
  })

  test('that a reorg undid leaves the slot to ours', () => {
    const bench = signed()
    bench.facts({ inclusions: [stranger(100)] })
    expect(kindsOf(bench.facts({ inclusions: [] }))).toEqual(['orphaned'])
    expect(kindsOf(bench.facts({ inclusions: [included(FIRST_NONCE, 101)] }))).toEqual(['mined'])
  })

  test('that a reorg exchanged for ours, and ours for it', () => {
    const bench = signed()
    bench.facts({ inclusions: [stranger(100)] })
    expect(kindsOf(bench.facts({ inclusions: [included(FIRST_NONCE, 100)] }))).toEqual(['orphaned', 'mined'])
    expect(kindsOf(bench.facts({ inclusions: [stranger(100)] }))).toEqual(['usurped'])
    expect(bench.slot(1).inclusion).toBeNull()
  })

  test('takes a slot that was reserved and not yet signed', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.planOnly()
    expect(kindsOf(bench.facts({ inclusions: [included(FIRST_NONCE, 100)], finalized: 100 }))).toEqual([
      'closed',
    ])
  })

  test.each([
    ['at the end of our line', 2],
    ['beyond it', 9],
  ])('%s moves the line behind it', (_, ahead) => {
    const bench = signed()
    const nonce = FIRST_NONCE + ahead
    const far = included(nonce, 100, { hash: STRANGER })
    expect(bench.facts({ inclusions: [far] })).toEqual([{ kind: 'skipped', nonce: nonce + 1, view: 1 }])
    expect(bench.facts({ inclusions: [far] })).toEqual([])
    bench.admit(3)
    bench.plan()
    expect(bench.slot(3).nonce).toBe(nonce + 1)
  })

  test('before our line began is nothing to us', () => {
    const bench = new SignerBench()
    expect(bench.facts({ inclusions: [included(0, 100)], finalized: 100 })).toEqual([])
  })
})

describe('old facts', () => {
  test('of a lower view than was written down change nothing', () => {
    const bench = signed()
    bench.facts({ view: 9, inclusions: [included(FIRST_NONCE, 100)] })
    expect(bench.facts({ view: 8, inclusions: [] })).toEqual([])
    expect(bench.facts({ view: 8, inclusions: [included(FIRST_NONCE, 99)], finalized: 99 })).toEqual([])
    expect(kindsOf(bench.facts({ view: 9, inclusions: [], finalized: 99 }))).toEqual(['orphaned'])
  })

  test('that were lost are made up for by the next ones', () => {
    const all = signed()
    const last = signed()
    const early = [included(FIRST_NONCE, 100)]
    const late = [included(FIRST_NONCE, 101), included(FIRST_NONCE + 1, 102, { hash: STRANGER })]
    all.facts({ inclusions: early })
    all.facts({ inclusions: [] })
    all.facts({ inclusions: late, finalized: 102 })
    last.facts({ view: 3, inclusions: late, finalized: 102 })
    for (const number of [1, 2]) {
      expect(last.report(number).standing).toEqual(all.report(number).standing)
    }
  })
})

test('every step that news is about is told of it, and those whose end is acknowledged need no more', () => {
  const bench = signed()
  bench.admit(3)
  expect(unacknowledgedSteps(bench.state)).toEqual([stepKeyOf(3), stepKeyOf(1), stepKeyOf(2)])
  const facts = { inclusions: [included(FIRST_NONCE, 100)] }
  const [mined] = bench.facts(facts)
  if (mined === undefined) throw new Error('a record')
  expect(touchedSteps(bench.state, mined)).toEqual([stepKeyOf(1)])
  bench.facts({ ...facts, finalized: 100 })
  expect(unacknowledgedSteps(bench.state)).toContainEqual(stepKeyOf(1))
  bench.commit([{ kind: 'acknowledged', keys: [stepKeyOf(1)] }])
  expect(unacknowledgedSteps(bench.state)).toEqual([stepKeyOf(3), stepKeyOf(2)])
})

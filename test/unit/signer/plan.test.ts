// Guarantee (S1, S10): a step takes a slot only where it can go now, in a line without holes; what cannot go waits, says
// why, and is given back only after it was looked at twice.

import { describe, expect, test } from 'vitest'
import { addMs, MINUTE_MS } from '../../../src/shared/lib/time.ts'
import { candidates } from '../../../src/shared/signer/plan/candidates.ts'
import { newTurnMemory } from '../../../src/shared/signer/plan/turn.ts'
import { DOUBT_BLOCKS, HELD_LOOKED_AT } from '../../../src/shared/signer/state/limits.ts'
import { highestBid, stepsOf } from '../../../src/shared/signer/state/slot.ts'
import { addressOf, blockHashOf, RECIPIENT, START, stepKeyOf } from '../../support/domain-values.ts'
import {
  admission,
  BLOCK_TIME_MS,
  FIRST_NONCE,
  included,
  NO_ANSWER,
  OK_GAS,
  REVERTS,
  SignerBench,
} from '../../support/signer-bench.ts'

const TOKEN = addressOf(0x7)
const kindsOf = (records: readonly { readonly kind: string }[]) => records.map(({ kind }) => kind)
const block = (number: number) => ({ at: { number, hash: blockHashOf(number) } })
const held = (number: number, reason: string) => ({ kind: 'held', key: stepKeyOf(number), reason })

describe('the line', () => {
  test('begins where the account is, and only where nobody else has a transaction under way', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    expect(bench.plan({ account: { latest_nonce: 5, pending_nonce: 6 } })).toEqual([
      held(1, 'fenced'),
      held(2, 'fenced'),
    ])
    expect(bench.plan({ account: { latest_nonce: 5, pending_nonce: 6 } })).toEqual([])
    const records = bench.plan({ account: { latest_nonce: 6, pending_nonce: 6 } })
    expect(records).toMatchObject([
      { kind: 'adopted', nonce: 6 },
      { kind: 'reserved', nonce: 6, key: stepKeyOf(1) },
      { kind: 'reserved', nonce: 7, key: stepKeyOf(2) },
    ])
  })

  test('is dense over plans, and does not ask again whether somebody else is pending', () => {
    const bench = new SignerBench()
    for (const number of [1, 2, 3]) {
      bench.admit(number)
      bench.plan({ account: { latest_nonce: FIRST_NONCE, pending_nonce: number === 1 ? FIRST_NONCE : 99 } })
    }
    expect([...bench.state.slots.keys()]).toEqual([FIRST_NONCE, FIRST_NONCE + 1, FIRST_NONCE + 2])
    expect(bench.state.nextNonce).toBe(FIRST_NONCE + 3)
  })

  test('goes on behind what somebody else used', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan()
    bench.admit(2)
    const latest_nonce = FIRST_NONCE + 4
    expect(bench.plan({ account: { latest_nonce } })).toMatchObject([
      { kind: 'skipped', nonce: latest_nonce, view: null },
      { kind: 'reserved', nonce: latest_nonce },
    ])
  })

  test('stands still while a node is behind it', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan()
    bench.admit(2)
    expect(bench.plan({ account: { latest_nonce: 0 } })).toMatchObject([{ nonce: FIRST_NONCE + 1 }])
  })

  test('without a key is not begun: nothing is promised that cannot be signed', () => {
    const bench = new SignerBench()
    bench.admit(1)
    expect(bench.plan({ policy: { canSign: false } })).toEqual([held(1, 'fenced')])
    expect(bench.plan({ policy: { canSign: false } })).toEqual([])
    expect(kindsOf(bench.plan())).toEqual(['adopted', 'reserved'])
  })
})

describe('the window', () => {
  test('is as many slots as are not mined, filled in the order of admission', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3, 4)
    bench.plan({ policy: { window: 2 } })
    expect([...bench.state.slots.values()].flatMap(stepsOf).map(({ key }) => key)).toEqual([
      stepKeyOf(1),
      stepKeyOf(2),
    ])
    expect(bench.plan({ policy: { window: 2 } })).toEqual([])
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(bench.plan({ policy: { window: 2 } })).toMatchObject([{ kind: 'reserved', key: stepKeyOf(3) }])
  })

  test('that a reorg overfilled takes nothing more until there is room', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    bench.plan({ policy: { window: 1 } })
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    bench.plan({ policy: { window: 1 } })
    bench.facts({ inclusions: [] })
    bench.admit(3)
    expect(bench.plan({ policy: { window: 1 } })).toEqual([])
  })

  test('is looked into with as many fresh steps as have room, and a bounded number of held ones', () => {
    const bench = new SignerBench()
    const many = Array.from({ length: HELD_LOOKED_AT + 5 }, (_, index) => index)
    bench.admit(...many)
    bench.plan({ account: { balance: 0n }, policy: { window: 100 } })
    bench.admit(100, 101, 102)
    const policy = { window: 2, canSign: true, batch: null, blockTimeMs: BLOCK_TIME_MS }
    const { steps } = candidates(bench.state, { kind: 'none' }, bench.now, policy, newTurnMemory())
    expect(steps).toHaveLength(HELD_LOOKED_AT + 2)
    expect(steps.map(({ held: reason }) => reason).slice(-3)).toEqual(['funds', null, null])
  })
})

describe('a trial run that reverts', () => {
  const revert = { estimate: () => REVERTS }

  test('is a doubt, and a verdict only some blocks later', () => {
    const bench = new SignerBench()
    bench.admit(1)
    expect(bench.plan({ ...revert, account: block(100) })).toMatchObject([
      { kind: 'adopted' },
      { kind: 'doubted', key: stepKeyOf(1), block_number: 100 },
    ])
    expect(bench.report(1).standing).toEqual({ at: 'pool', held: null })
    expect(bench.plan({ ...revert, account: block(99 + DOUBT_BLOCKS) })).toEqual([])
    expect(bench.plan({ ...revert, account: block(100 + DOUBT_BLOCKS) })).toEqual([
      { kind: 'rejected', key: stepKeyOf(1), failure: 'would_revert' },
    ])
    expect(bench.report(1).standing).toEqual({ at: 'rejected', failure: 'would_revert' })
  })

  test('of a node that lags is no verdict where another one sees it go', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan({ ...revert, account: block(100) })
    expect(bench.plan({ account: block(101) })).toMatchObject([{ kind: 'reserved' }])
  })

  test('where no node answered is no doubt', () => {
    const bench = new SignerBench()
    bench.admit(1)
    expect(kindsOf(bench.plan({ estimate: () => NO_ANSWER }))).toEqual(['adopted'])
  })

  test('is what a token that is none is taken for', () => {
    const bench = new SignerBench()
    const action = { type: 'erc20', token: TOKEN, to: RECIPIENT, amount: 60n } as const
    bench.admitAll([admission(1, { action })])
    const none = { token_balances: [null] }
    bench.plan({ account: { ...block(100), ...none } })
    bench.plan({ account: { ...block(200), ...none } })
    expect(bench.report(1).standing).toEqual({ at: 'rejected', failure: 'would_revert' })
  })
})

describe('not before its time', () => {
  test('a step waits and says so, once; then it goes', () => {
    const bench = new SignerBench()
    bench.admitAll([admission(1, { not_before: addMs(START, MINUTE_MS) }), admission(2)])
    bench.plan()
    expect(bench.report(1).standing).toEqual({ at: 'pool', held: 'not_before' })
    expect(bench.report(2).standing).toMatchObject({ at: 'slot' })
    expect(bench.after(MINUTE_MS - 1).plan()).toEqual([])
    expect(bench.log.filter(({ record }) => record.kind === 'held')).toHaveLength(1)
    expect(bench.after(1).plan()).toMatchObject([{ kind: 'reserved', key: stepKeyOf(1) }])
  })
})

describe('what changed between the question and the plan', () => {
  test('a step that was given back takes no slot', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    bench.plan({ meanwhile: () => bench.withdraw(1) })
    expect(bench.report(1).standing).toEqual({ at: 'withdrawn' })
    expect(bench.slot(2).nonce).toBe(FIRST_NONCE)
  })

  test('a step that came later waits for the next plan', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan({ meanwhile: () => bench.admit(2), estimate: () => OK_GAS })
    expect(bench.report(2).standing).toEqual({ at: 'pool', held: null })
  })
})

test('gas is what was estimated and a fifth more; a plain transfer costs exactly what it costs', () => {
  const bench = new SignerBench()
  bench.admit(1, 2)
  const gasOf = new Map([
    [stepKeyOf(1).transfer, 21_000n],
    [stepKeyOf(2).transfer, 21_001n],
  ])
  bench.plan({ estimate: ({ transfer }) => ({ ok: true, gas: gasOf.get(transfer) ?? 0n }) })
  expect([bench.slot(1), bench.slot(2)].map((slot) => highestBid(slot).gas_limit)).toEqual([21_000n, 25_201n])
})

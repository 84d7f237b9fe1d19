// Guarantee (S36): an account is private from its first private step on, for good; whatever it hands out says so, and it neither
// delegates nor batches.

import { describe, expect, test } from 'vitest'
import { admit } from '../../../src/shared/signer/admit.ts'
import { askDelegation } from '../../../src/shared/signer/ask-delegation.ts'
import { attemptsOf } from '../../../src/shared/signer/broadcasts.ts'
import { addressOf, stepKeyOf } from '../../support/domain-values.ts'
import { admission, FIRST_NONCE, SignerBench } from '../../support/signer-bench.ts'

const EXECUTOR = addressOf(0xe8ec)
const POLICY = { batch: { executor: EXECUTOR, delegate: 'on_need', delegate_from: 3 } } as const
const DELEGATED = { code: { kind: 'delegated', to: EXECUTOR } } as const

const hidden = (number: number) => admission(number, { visibility: 'private' })

function handedOut({ state }: SignerBench): readonly (string | undefined)[] {
  return attemptsOf(state, () => true).map(({ visibility }) => visibility)
}

describe('the first private step', () => {
  test('makes its account private, once, before it is taken', () => {
    const bench = new SignerBench()
    expect(bench.admitAll([admission(1), hidden(2), hidden(3)])).toEqual(['admitted', 'admitted', 'admitted'])
    bench.admitAll([hidden(4)])
    expect(bench.log.map(({ record }) => record.kind).slice(1)).toEqual([
      'admitted',
      'made_private',
      'admitted',
      'admitted',
      'admitted',
    ])
    bench.expectReplay()
  })

  test('is any, of an account that the settings name', () => {
    const { state, now } = new SignerBench()
    const kinds = admit(state, [admission(1)], now, 'private').records.map(({ kind }) => kind)
    expect(kinds).toEqual(['made_private', 'admitted'])
  })

  test('changes nothing where it is not taken', () => {
    const bench = new SignerBench()
    bench.withdraw(1)
    expect(bench.admitAll([hidden(1)])).toEqual(['refused'])
    expect(bench.state.isPrivate).toBe(false)
  })

  test('makes all that is under way private, what was signed in public as well', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan()
    expect(handedOut(bench)).toEqual(['public'])
    bench.admitAll([hidden(2)])
    bench.plan()
    expect(handedOut(bench)).toEqual(['private', 'private'])
  })
})

describe('a private account', () => {
  test('delegates neither of itself nor by a command, and takes its code back when it is told to', () => {
    const bench = new SignerBench()
    bench.admitAll([1, 2, 3, 4].map(hidden))
    const kinds = bench.plan({ policy: POLICY }).map(({ kind }) => kind)
    expect(kinds).toEqual(['adopted', 'reserved', 'reserved', 'reserved', 'reserved'])
    const { state } = bench
    expect(askDelegation(state, 'executor', 'c1', POLICY.batch).answer).toEqual({ result: 'private' })
    expect(askDelegation(state, 'none', 'c2', POLICY.batch).answer).toEqual({ result: 'asked' })
  })

  test('with code of before sends one by one, and gives nothing to others', () => {
    const bench = new SignerBench()
    bench.admitAll([1, 2, 3, 4].map(hidden))
    const policy = { ...POLICY, carriers: [addressOf(0xca)], carryFrom: 1 }
    const records = bench.plan({ policy, account: DELEGATED })
    expect(records).toMatchObject([
      { kind: 'adopted' },
      { kind: 'reserved', nonce: FIRST_NONCE, key: stepKeyOf(1) },
    ])
    expect(bench.plan({ policy, account: DELEGATED })).toEqual([])
  })

  test('holds what only code can run', () => {
    const bench = new SignerBench()
    const pay = { type: 'native', to: addressOf(0xb), amount: 1n } as const
    bench.admitAll([hidden(1), admission(2, { action: { type: 'batch', actions: [pay, pay] } })])
    const records = bench.plan({ policy: POLICY })
    expect(records).toContainEqual({ kind: 'held', key: stepKeyOf(2), reason: 'policy' })
  })
})

// Guarantee (src/shared/batch/SPEC.md, "What a conflict is"): payments are independent, calls of one contract are not until they were
// seen to be, and an approval comes before what it is for.

import { describe, expect, test } from 'vitest'
import { APPROVE, LearnedConflicts, RECEIVE, TRANSFER } from '../../../src/shared/batch/learned-conflicts.ts'
import { learnFrom, touchesOf } from '../../../src/shared/batch/touches.ts'
import type { Action } from '../../../src/shared/transfer/request.ts'
import { transferIdOf } from '../../support/domain-values.ts'
import { isConflict, waiting } from '../../support/waiting-steps.ts'
import { address, hex } from '../adapters/chain-values.ts'

const TOKEN = address('11')
const OTHER_TOKEN = address('12')
const VAULT = address('21')
const OTHER_VAULT = address('22')
const ANNA = address('31')
const BEN = address('32')

const native = (to = ANNA): Action => ({ type: 'native', to, amount: 1n })
const erc20 = (token = TOKEN, to = ANNA): Action => ({ type: 'erc20', token, to, amount: 1n })
const call = (to = VAULT, data = '0x01020304'): Action => ({ type: 'call', to, data: hex(data), value: 0n })
const approve = (token = TOKEN, spender = VAULT): Action =>
  call(token, `${APPROVE}${spender.slice(2).padStart(64, '0')}${'ff'.repeat(32)}`)

function inConflict(
  one: Action,
  other: Action,
  learned = new LearnedConflicts(),
  isOneTransfer = false,
): boolean {
  const step = (admitted: number, transfer: number, action: Action) => {
    const key = { transfer: transferIdOf(transfer), step: admitted, generation: 0 }
    return waiting(admitted, { touches: touchesOf(key, action, learned) })
  }
  return isConflict(step(0, 1, one), step(1, isOneTransfer ? 1 : 2, other))
}

test.each<[string, Action, Action, boolean]>([
  ['two payments to one account', native(), native(), false],
  ['two payments of one token', erc20(), erc20(TOKEN, BEN), false],
  ['two payments of one token to one account', erc20(), erc20(), false],
  ['a payment to a contract and a call of it', native(VAULT), call(), true],
  ['a token payment to a contract and a call of it', erc20(TOKEN, VAULT), call(), true],
  ['a token payment and an unknown call of the token', erc20(), call(TOKEN), true],
  ['two calls of one contract', call(), call(), true],
  ['two calls of different contracts', call(), call(OTHER_VAULT), false],
  ['an approval and a call of its spender', approve(), call(), true],
  ['an approval and a call of another contract', approve(), call(OTHER_VAULT), false],
  ['an approval and a payment of the token', approve(), erc20(), false],
  ['two approvals of one token for one spender', approve(), approve(), true],
  ['two approvals of one token for different spenders', approve(), approve(TOKEN, OTHER_VAULT), false],
  ['approvals of different tokens for one spender', approve(), approve(OTHER_TOKEN), false],
  ['a call without data and a payment', call(ANNA, '0x'), native(), false],
  ['a token payment as a call, and one as a token action', call(TOKEN, `${TRANSFER}00`), erc20(), false],
])('%s', (_, one, other, expected) => {
  expect(inConflict(one, other)).toBe(expected)
  expect(inConflict(other, one)).toBe(expected)
})

test('steps of one transfer stay in order, whatever they do', () => {
  expect(inConflict(native(), erc20(), undefined, true)).toBe(true)
})

test('what was cut off an approval is no spender', () => {
  expect(inConflict(call(TOKEN, `${APPROVE}0011`), call())).toBe(false)
})

describe('what was learned', () => {
  const [one, other] = ['0x01020304', '0x0a0b0c0d']
  function learnedFrom(...times: readonly (readonly [string, string, boolean, number])[]): LearnedConflicts {
    const learned = new LearnedConflicts()
    for (const [a, b, cameTrue, count] of times)
      for (let time = 0; time < count; time++) learned.observe(VAULT, a, b, cameTrue)
    return learned
  }

  test('calls of a template share their contract after four trial runs in a row that came true', () => {
    expect(inConflict(call(), call(), learnedFrom([one, one, true, 3]))).toBe(true)
    expect(inConflict(call(), call(), learnedFrom([one, one, true, 4]))).toBe(false)
  })

  test('one that did not come true parts them until the next four', () => {
    expect(inConflict(call(), call(), learnedFrom([one, one, true, 9], [one, one, false, 1]))).toBe(true)
    expect(
      inConflict(call(), call(), learnedFrom([one, one, true, 9], [one, one, false, 1], [one, one, true, 4])),
    ).toBe(false)
  })

  test('two templates that share each with itself share with each other only when that was seen', () => {
    const each = [
      [one, one, true, 4],
      [other, other, true, 4],
    ] as const
    expect(inConflict(call(), call(VAULT, other), learnedFrom(...each))).toBe(true)
    expect(inConflict(call(), call(VAULT, other), learnedFrom(...each, [other, one, true, 4]))).toBe(false)
  })

  test('a payment before a call that counts what came in is a conflict as soon as it was seen to be', () => {
    const clean = learnedFrom([one, one, true, 4])
    expect(inConflict(native(VAULT), call(), clean)).toBe(false)
    clean.observe(VAULT, RECEIVE, one, false)
    expect(inConflict(native(VAULT), call(), clean)).toBe(true)
  })

  test('it is learned from two steps that touch one contract, and of that contract only', () => {
    const learned = new LearnedConflicts()
    for (let time = 0; time < 4; time++) learnFrom(learned, call(), call(), true)
    for (let time = 0; time < 4; time++) learnFrom(learned, call(OTHER_VAULT), call(), true)
    expect(inConflict(call(), call(), learned)).toBe(false)
    expect(inConflict(call(OTHER_VAULT), call(OTHER_VAULT), learned)).toBe(true)
    learnFrom(learned, erc20(TOKEN, VAULT), call(), false)
    expect(inConflict(native(VAULT), call(), learned)).toBe(true)
    expect(inConflict(erc20(), erc20(), learned)).toBe(false)
  })

  test('what is known of one contract says nothing of another', () => {
    const learned = learnedFrom([one, one, true, 4])
    expect(inConflict(call(OTHER_VAULT), call(OTHER_VAULT), learned)).toBe(true)
  })
})

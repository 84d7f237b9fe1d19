// Guarantee (S33): what is sure of its gas is not asked about, and no step is lost by it: one that reverts untried is closed, and
// tried when it comes again. Limits lie as far above estimates as such estimates move.

import { describe, expect, test } from 'vitest'
import { addMs, MINUTE_MS } from '../../../src/shared/lib/time.ts'
import type { GasEstimate } from '../../../src/shared/signer/account/account.ts'
import { GasQuestions } from '../../../src/shared/signer/account/gas-questions.ts'
import { GasTemplates } from '../../../src/shared/signer/account/gas-templates.ts'
import type { Action } from '../../../src/shared/transfer/request.ts'
import { addressOf, hexOf, START, stepKeyOf } from '../../support/domain-values.ts'
import { ranBatch } from '../../support/executor-logs.ts'
import {
  admission,
  FIRST_NONCE,
  GAS,
  hashOf,
  included,
  OK_GAS,
  REVERTS,
  SignerBench,
} from '../../support/signer-bench.ts'

const TOKEN = addressOf(0x70)
const EXECUTOR = addressOf(0xe8ec)
const KEPT = 1_024

const native = (to: number): Action => ({ type: 'native', to: addressOf(to), amount: 1n })
const payment = (to: number): Action => ({ type: 'erc20', token: TOKEN, to: addressOf(to), amount: 1n })
const call = (data: string): Action => ({ type: 'call', to: TOKEN, data: hexOf(data), value: 0n })
const gas = (amount: number): GasEstimate => ({ ok: true, gas: BigInt(amount) })
const UNTRIED: GasEstimate = { ok: true, gas: GAS, isUntried: true }

function learned(...estimates: readonly (readonly [Action, GasEstimate])[]): GasTemplates {
  const templates = new GasTemplates()
  for (const [action, estimate] of estimates) templates.learn(action, estimate, START)
  return templates
}

function many(action: Action, ...amounts: readonly number[]) {
  return amounts.map((amount) => [action, gas(amount)] as const)
}

describe('is sure', () => {
  test('of value for an account that had no code, and of no other account', () => {
    const templates = learned([native(1), OK_GAS], [native(2), gas(27_000)])
    expect(templates.sure(native(1), START)).toEqual({ ok: true, gas: 21_000n, isUntried: true })
    expect(templates.sure(native(2), START)).toBeNull()
    expect(templates.sure(native(3), START)).toBeNull()
  })

  test('of payments of a token after sixteen, at what the dearest took', () => {
    const amounts = Array.from({ length: 16 }, (_, index) => (index === 3 ? 51_000 : 34_000))
    expect(learned(...many(payment(1), ...amounts.slice(1))).sure(payment(9), START)).toBeNull()
    expect(learned(...many(payment(1), ...amounts)).sure(payment(9), START)).toMatchObject({ gas: 51_000n })
  })

  test('of no call of a contract, nor of a batch of actions', () => {
    const amounts = Array.from({ length: 50 }, () => 40_000)
    const batch: Action = { type: 'batch', actions: [{ type: 'native', to: addressOf(1), amount: 1n }] }
    expect(learned(...many(call('0x12345678'), ...amounts)).sure(call('0x12345678'), START)).toBeNull()
    expect(learned(...many(batch, ...amounts)).sure(batch, START)).toBeNull()
  })

  test('for ten minutes, and not after a trial that reverts', () => {
    const templates = learned([native(1), OK_GAS])
    expect(templates.sure(native(1), addMs(START, 10 * MINUTE_MS - 1))).not.toBeNull()
    expect(templates.sure(native(1), addMs(START, 10 * MINUTE_MS))).toBeNull()
    templates.learn(native(1), REVERTS, START)
    expect(templates.sure(native(1), START)).toBeNull()
  })

  test('no more once it was wrong', () => {
    const templates = learned([native(1), OK_GAS])
    templates.forget(native(1))
    expect(templates.sure(native(1), START)).toBeNull()
  })
})

describe('a margin', () => {
  const marginOf = (templates: GasTemplates, action: Action) => templates.withMargin(action, gas(40_000))

  test('is a fifth until it is learned, and then twice what estimates moved by, within bounds', () => {
    const action = call('0x12345678')
    const steady = Array.from({ length: 8 }, () => 40_000)
    expect(marginOf(learned(...many(action, ...steady.slice(1))), action)).toMatchObject({ margin: 120n })
    expect(marginOf(learned(...many(action, ...steady)), action)).toMatchObject({ margin: 105n })
    expect(marginOf(learned(...many(action, ...steady, 44_000)), action)).toMatchObject({ margin: 120n })
    expect(marginOf(learned(...many(action, ...steady, 90_000)), action)).toMatchObject({ margin: 150n })
  })

  test('is of calls of one shape', () => {
    const templates = learned(...many(call('0x12345678'), ...Array.from({ length: 8 }, () => 40_000)))
    expect(marginOf(templates, call('0x1234567890'))).not.toHaveProperty('margin')
  })
})

test('what is kept is bounded, and who is used often stays', () => {
  const templates = learned([native(1), OK_GAS])
  for (let use = 0; use < 20; use++) templates.sure(native(1), START)
  for (let other = 2; other < 3 * KEPT; other++) templates.learn(native(other), OK_GAS, START)
  expect(templates.size).toBe(KEPT)
  expect(templates.sure(native(1), START)).not.toBeNull()
  expect(templates.sure(native(2), START)).toBeNull()
  expect(templates.sure(native(3 * KEPT - 1), START)).not.toBeNull()
})

describe('questions of a look', () => {
  function stepsOf(actions: readonly Action[]) {
    const bench = new SignerBench()
    bench.admitAll(actions.map((action, index) => admission(index + 1, { action })))
    return [...bench.state.pool.values()]
  }

  test('a hundred payments to ten accounts are ten questions, and then none', () => {
    const templates = new GasTemplates()
    const steps = stepsOf(Array.from({ length: 10 }, (_, index) => native(index + 1)))
    const first = new GasQuestions(steps, [], templates, START)
    expect(first.asked).toHaveLength(10)
    first.learn(
      steps.map(() => OK_GAS),
      START,
    )
    const again = new GasQuestions(
      stepsOf(Array.from({ length: 90 }, (_, index) => native((index % 10) + 1))),
      [],
      templates,
      START,
    )
    expect(again.asked).toHaveLength(0)
    expect(again.answers([])).toEqual(Array.from({ length: 90 }, () => UNTRIED))
  })

  test('answers stand in the order of the steps', () => {
    const steps = stepsOf([native(1), call('0x12345678'), native(2)])
    const questions = new GasQuestions(steps, [], learned([native(1), OK_GAS]), START)
    expect(questions.asked.map(({ action }) => action.type)).toEqual(['call', 'native'])
    expect(questions.answers([gas(50_000), gas(30_000)])).toEqual([UNTRIED, gas(50_000), gas(30_000)])
  })

  test('what was admitted anew, or is in doubt, is tried', () => {
    const templates = learned([native(1), OK_GAS])
    const [step] = stepsOf([native(1)])
    if (step === undefined) throw new Error('a step waits')
    const asked = (change: Partial<typeof step>) =>
      new GasQuestions([{ ...step, ...change }], [], templates, START).asked.length
    expect(asked({})).toBe(0)
    expect(asked({ key: { ...step.key, generation: 1 } })).toBe(1)
    expect(asked({ doubtedAt: 4 })).toBe(1)
    expect(asked({ held: 'funds' })).toBe(1)
  })

  test('what others are to bring is tried', () => {
    const questions = new GasQuestions(stepsOf([native(1)]), [], learned([native(1), OK_GAS]), START, true)
    expect(questions.asked).toHaveLength(1)
  })

  test('what is tried only to learn from is tried', () => {
    const questions = new GasQuestions([], stepsOf([native(1)]), learned([native(1), OK_GAS]), START)
    expect(questions.asked).toHaveLength(1)
  })
})

describe('a step that reverts untried', () => {
  test('has not failed: its slot is closed for it when that is final, and it may come again', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan({ estimate: () => UNTRIED })
    const reverted = included(FIRST_NONCE, 100, { status: 'reverted' })
    bench.facts({ inclusions: [reverted] })
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', inclusion: null, final: false })
    bench.facts({ inclusions: [reverted], finalized: 100 })
    expect(bench.report(1).standing).toEqual({ at: 'closed', nonce: FIRST_NONCE, by: hashOf(FIRST_NONCE) })
    bench.expectReplay()
  })

  test('and one that was tried has', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan()
    bench.facts({ inclusions: [included(FIRST_NONCE, 100, { status: 'reverted' })], finalized: 100 })
    expect(bench.report(1).standing).toMatchObject({
      at: 'slot',
      final: true,
      inclusion: { outcome: 'reverted' },
    })
  })

  test('the same in a batch, where the others are what they are', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3)
    const batch = { executor: EXECUTOR, delegate: 'on_need', delegate_from: 2 } as const
    bench.plan({
      policy: { batch },
      account: { code: { kind: 'delegated', to: EXECUTOR } },
      estimate: (key) => (key.transfer === stepKeyOf(2).transfer ? UNTRIED : OK_GAS),
    })
    const ran = ranBatch(bench, FIRST_NONCE, { done: 0b101n, failed: 0b010n })
    bench.facts({ inclusions: [ran], finalized: 100 })
    expect([1, 2, 3].map((step) => bench.report(step).standing.at)).toEqual(['slot', 'closed', 'slot'])
    bench.expectReplay()
  })
})

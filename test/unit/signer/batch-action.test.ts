// Guarantee (S22): a step of several actions runs by the account's own code and in no other way: all of its actions, or none.

import { describe, expect, test } from 'vitest'
import type { SignerRecord } from '../../../src/shared/signer/state/records.ts'
import type { BatchAction, SingleAction } from '../../../src/shared/transfer/request.ts'
import { addressOf, hexOf, RECIPIENT, stepKeyOf } from '../../support/domain-values.ts'
import { ranBatch, transferLog } from '../../support/executor-logs.ts'
import {
  admission,
  FIRST_NONCE,
  included,
  NO_ANSWER,
  OK_GAS,
  type PlanChange,
  REVERTS,
  SignerBench,
} from '../../support/signer-bench.ts'

const EXECUTOR = addressOf(0xe8ec)
const TOKEN = addressOf(0x7)
const POLICY = { batch: { executor: EXECUTOR, delegate: 'on_need', delegate_from: 8 } } as const

function pay(amount: bigint): SingleAction {
  return { type: 'native', to: RECIPIENT, amount }
}

function give(amount: bigint): SingleAction {
  return { type: 'erc20', token: TOKEN, to: RECIPIENT, amount }
}

function several(...actions: readonly SingleAction[]): BatchAction {
  return { type: 'batch', actions }
}

function waiting(...actions: readonly (SingleAction | BatchAction)[]): SignerBench {
  const bench = new SignerBench()
  bench.admitAll(actions.map((action, index) => admission(index, { action })))
  return bench
}

/** One plan of an account that has the executor's code. */
function planned(bench: SignerBench, change: PlanChange = {}): readonly SignerRecord[] {
  const account = { code: { kind: 'delegated', to: EXECUTOR }, ...change.account } as const
  return bench.plan({ policy: POLICY, ...change, account }).filter(({ kind }) => kind !== 'adopted')
}

describe('a step of several actions', () => {
  test('makes its account delegate, alone as it is', () => {
    const bench = waiting(several(pay(1n), pay(2n)))
    expect(bench.plan({ policy: POLICY })).toMatchObject([{ kind: 'adopted' }, { kind: 'delegating' }])
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(planned(bench)).toMatchObject([{ kind: 'batched', steps: [{ key: stepKeyOf(0), number: 0n }] }])
  })

  test.each([
    ['delegates only by a command', { batch: { ...POLICY.batch, delegate: 'by_command' } } as const],
    ['cannot be delegated', POLICY],
  ])('waits where the account %s, told so, and others pass it by', (why, policy) => {
    const bench = waiting(several(pay(1n), pay(2n)), pay(3n))
    if (why === 'cannot be delegated') {
      bench.planOnly({ policy })
      bench.commit([{ kind: 'released', nonce: FIRST_NONCE }])
    }
    bench.plan({ policy })
    expect(bench.report(0).standing).toEqual({ at: 'pool', held: 'policy' })
    expect(bench.report(1).standing).toMatchObject({ at: 'slot' })
    bench.commit([{ kind: 'delegation_asked', to: EXECUTOR, command: 'one' }])
  })

  test('waits for funds where the account cannot pay for its delegation', () => {
    const bench = waiting(several(pay(1n), pay(2n)))
    bench.plan({ policy: POLICY, account: { balance: 100n } })
    expect(bench.report(0).standing).toEqual({ at: 'pool', held: 'funds' })
  })

  test('shares a batch with others, and stands alone where it asked to', () => {
    const bench = new SignerBench()
    bench.admitAll([
      admission(0, { action: several(pay(1n), pay(2n)) }),
      admission(1),
      admission(2, { action: several(pay(3n)), batch: 'never' }),
      admission(3),
    ])
    expect(planned(bench)).toMatchObject([{ steps: [{ key: stepKeyOf(0) }, { key: stepKeyOf(1) }] }])
    const first = ranBatch(bench, FIRST_NONCE)
    bench.facts({ inclusions: [first] })
    expect(planned(bench)).toMatchObject([{ kind: 'batched', steps: [{ key: stepKeyOf(2) }] }])
    bench.facts({ inclusions: [first, ranBatch(bench, FIRST_NONCE + 1)] })
    expect(planned(bench)).toMatchObject([{ kind: 'reserved', key: stepKeyOf(3) }])
  })

  test('is given back where no transaction can hold it', () => {
    const bench = waiting(several(pay(1n), pay(2n)))
    const estimate = () => ({ ok: true, gas: 20_000_000n }) as const
    expect(planned(bench, { estimate })).toMatchObject([{ kind: 'rejected', failure: 'would_revert' }])
  })

  test('may be larger than a batch may, where it stands alone', () => {
    const bench = waiting(several(pay(1n), pay(2n)))
    const room = { gas_limit: 30_000_000n, gas_used: 15_000_000n }
    const estimate = () => ({ ok: true, gas: 10_000_000n }) as const
    expect(planned(bench, { account: { room }, estimate })).toMatchObject([{ kind: 'batched' }])
  })

  test('that no node can try yet waits unjudged', () => {
    const bench = waiting(several(pay(1n), pay(2n)))
    expect(planned(bench, { estimate: () => NO_ANSWER })).toEqual([])
    expect(bench.report(0).standing).toEqual({ at: 'pool', held: null })
  })

  test('may send tokens that it gets before: where its trial run succeeds, it has enough', () => {
    const swap = { type: 'call', to: addressOf(0xdeb), data: hexOf('0x12345678'), value: 0n } as const
    const bench = waiting(several(swap, give(50n)))
    expect(planned(bench, { account: { token_balances: [0n] } })).toMatchObject([{ kind: 'batched' }])
  })

  test('waits for tokens where its trial run fails and they are short, all of them counted', () => {
    const bench = waiting(several(give(50n), give(51n)))
    planned(bench, { account: { token_balances: [100n] }, estimate: () => REVERTS })
    expect(bench.report(0).standing).toEqual({ at: 'pool', held: 'funds' })
    const other = waiting(several(give(50n), give(50n)))
    planned(other, { account: { token_balances: [100n] }, estimate: () => REVERTS })
    expect(other.report(0).standing).toEqual({ at: 'pool', held: null })
  })

  test('keeps what it sends from the steps beside it', () => {
    const bench = waiting(several(give(50n), give(40n)), give(20n))
    planned(bench, { account: { token_balances: [100n] }, estimate: () => OK_GAS })
    expect(bench.report(0).standing).toMatchObject({ at: 'slot' })
    expect(bench.report(1).standing).toEqual({ at: 'pool', held: 'funds' })
  })
})

describe('a step of several actions in a block', () => {
  test.each([
    ['succeeds when the executor says so and each token has told', 0b1n, [5n, 7n], 'success'],
    ['came to nothing when one of its tokens told of nothing', 0b1n, [5n], 'no_effect'],
    ['failed as a whole when the executor says so', 0n, [], 'reverted'],
  ])('%s', (_, done, amounts, outcome) => {
    const bench = waiting(several(give(5n), pay(1n), give(7n)))
    planned(bench, { account: { token_balances: [100n] } })
    const logs = amounts.map((amount) => transferLog(TOKEN, amount))
    const mined = ranBatch(bench, FIRST_NONCE, { done, failed: done ^ 1n, logs })
    bench.facts({ inclusions: [mined], finalized: 100 })
    const inclusion = { outcome, delivered_amount: null }
    expect(bench.report(0).standing).toMatchObject({ at: 'slot', inclusion, final: true })
    bench.expectReplay()
  })

  test('takes no log of a step beside it, and leaves it its own', () => {
    const bench = waiting(several(give(5n), give(5n)), give(5n))
    planned(bench, { account: { token_balances: [100n] } })
    const logs = [5n, 5n].map((amount) => transferLog(TOKEN, amount))
    bench.facts({ inclusions: [ranBatch(bench, FIRST_NONCE, { logs })], finalized: 100 })
    const outcomes = [0, 1].map((step) => bench.report(step).standing)
    expect(outcomes).toMatchObject([
      { inclusion: { outcome: 'success' } },
      { inclusion: { outcome: 'no_effect' } },
    ])
  })
})

// Guarantee (S17, S18, S20): steps of a delegated account share one transaction, each under a number that is never given
// twice; each ends by the executor's own word, and where there is none, none of them was run.

import { describe, expect, test } from 'vitest'
import { BATCH_STEPS_MAX } from '../../../src/shared/batch/encode-steps.ts'
import { assert, assertDefined } from '../../../src/shared/lib/assert.ts'
import type { SignerRecord } from '../../../src/shared/signer/state/records.ts'
import { highestBid } from '../../../src/shared/signer/state/slot.ts'
import { addressOf, RECIPIENT, SIGNER, stepKeyOf } from '../../support/domain-values.ts'
import { batchDone, ranBatch, transferLog } from '../../support/executor-logs.ts'
import {
  AMOUNT,
  admission,
  COST,
  FIRST_NONCE,
  included,
  MAX_FEE,
  type PlanChange,
  SignerBench,
} from '../../support/signer-bench.ts'

const EXECUTOR = addressOf(0xe8ec)
const TOKEN = addressOf(0x7)
const POLICY = { batch: { executor: EXECUTOR, delegate: 'on_need', delegate_from: 3 } } as const
const DELEGATED = { code: { kind: 'delegated', to: EXECUTOR } } as const

type Batched = Extract<SignerRecord, { kind: 'batched' }>

/** One plan of an account that is delegated to our executor. */
function planned(bench: SignerBench, change: PlanChange = {}): readonly SignerRecord[] {
  return bench.plan({ ...change, policy: POLICY, account: { ...DELEGATED, ...change.account } })
}

function batchOf(records: readonly SignerRecord[]): Batched {
  return assertDefined(
    records.find((record) => record.kind === 'batched'),
    'there is a batch',
  )
}

test('a batch is judged anew where its block is told otherwise: an endpoint had lied, and nobody took it back', () => {
  const bench = new SignerBench()
  bench.admit(1, 2)
  planned(bench)
  const truth = ranBatch(bench, FIRST_NONCE)
  const lie = { ...truth, receipt: { ...truth.receipt, logs: [] } }
  bench.facts({ inclusions: [lie] })
  bench.facts({ inclusions: [truth], finalized: truth.receipt.block_number })
  for (const step of [1, 2])
    expect(bench.report(step).standing).toMatchObject({
      at: 'slot',
      final: true,
      inclusion: { outcome: 'success' },
    })
})

describe('a batch', () => {
  test('is all that can go, in the order of admission, numbered without a hole', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3)
    const { steps, nonce } = batchOf(planned(bench))
    expect(nonce).toBe(FIRST_NONCE)
    expect(steps.map(({ key }) => key)).toEqual([1, 2, 3].map((step) => stepKeyOf(step)))
    expect(steps.map(({ number }) => number)).toEqual([0n, 1n, 2n])
  })

  test('is one at a time', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    planned(bench)
    bench.admit(3, 4)
    expect(planned(bench)).toEqual([])
    bench.facts({ inclusions: [ranBatch(bench, FIRST_NONCE)] })
    expect(batchOf(planned(bench)).steps.map(({ number }) => number)).toEqual([2n, 3n])
  })

  test('has at most as many steps as the executor reports of', () => {
    const bench = new SignerBench()
    bench.admit(...Array.from({ length: BATCH_STEPS_MAX + 1 }, (_, index) => index))
    expect(batchOf(planned(bench)).steps).toHaveLength(BATCH_STEPS_MAX)
    expect(bench.state.pool.size).toBe(1)
  })

  test('ends where its gas would be more than a transaction may use', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3)
    const account = { room: { gas_limit: 10n ** 9n, gas_used: 0n } }
    const estimate = () => ({ ok: true, gas: 6_000_000n }) as const
    const { steps, gas_limit } = batchOf(planned(bench, { account, estimate }))
    expect(steps).toHaveLength(2)
    expect(gas_limit).toBeLessThanOrEqual(2n ** 24n)
  })

  test('bids no more than the lowest cap in it', () => {
    const bench = new SignerBench()
    bench.admitAll([
      admission(1, { max_fee_per_gas: 15n }),
      admission(2),
      admission(3, { max_fee_per_gas: 5n }),
    ])
    const records = planned(bench)
    expect(batchOf(records)).toMatchObject({ max_fee_per_gas: 15n })
    expect(bench.report(3).standing).toMatchObject({ at: 'pool', held: 'fee_cap' })
  })

  test('promises no more than the balance', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3)
    const whole = batchOf(planned(bench))
    const least = 3n * AMOUNT + whole.gas_limit * MAX_FEE
    const poor = new SignerBench()
    poor.admit(1, 2, 3)
    expect(batchOf(planned(poor, { account: { balance: least - 1n } })).steps).toHaveLength(2)
    expect(poor.report(3).standing).toEqual({ at: 'pool', held: 'funds' })
    expect(highestBid(bench.slot(1))).toMatchObject({ gas_limit: whole.gas_limit })
  })

  test('passes over numbers that the chain calls used', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    const { steps } = batchOf(planned(bench, { account: { used: new Map([[0n, 0b1011n]]) } }))
    expect(steps.map(({ number }) => number)).toEqual([2n, 4n])
  })

  test('of one is a plain transaction', () => {
    const bench = new SignerBench()
    bench.admit(1)
    expect(planned(bench)).toMatchObject([{ kind: 'adopted' }, { kind: 'reserved', gas_limit: 21_000n }])
  })

  test.each([
    ['to the last wei', COST],
    ['as far as a batch would cost', COST + 300_000n * MAX_FEE],
  ])('of one goes where the balance covers it, %s', (_, balance) => {
    const bench = new SignerBench()
    bench.admit(1)
    const records = planned(bench, { account: { balance } })
    expect(records).toMatchObject([{ kind: 'adopted' }, { kind: 'reserved', key: stepKeyOf(1) }])
  })

  test('of one is held where the balance is a wei short, and others pass it by', () => {
    const bench = new SignerBench()
    bench.admitAll([admission(1, { action: { type: 'native', to: RECIPIENT, amount: COST } }), admission(2)])
    planned(bench, { account: { balance: COST } })
    expect(bench.report(1).standing).toEqual({ at: 'pool', held: 'funds' })
    expect(bench.report(2).standing).toMatchObject({ at: 'slot' })
  })

  test('ends before a step that goes alone, which goes next', () => {
    const bench = new SignerBench()
    bench.admitAll([admission(1), admission(2), admission(3, { batch: 'never' }), admission(4)])
    expect(batchOf(planned(bench)).steps.map(({ key }) => key)).toEqual([stepKeyOf(1), stepKeyOf(2)])
    bench.facts({ inclusions: [ranBatch(bench, FIRST_NONCE)] })
    expect(planned(bench)).toMatchObject([{ kind: 'reserved', key: stepKeyOf(3) }])
  })

  test('of an account with other code is none: one transaction at a time', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    const account = { code: { kind: 'delegated', to: addressOf(0xbad) } } as const
    expect(bench.plan({ policy: POLICY, account })).toMatchObject([{ kind: 'adopted' }, { kind: 'reserved' }])
    expect(bench.plan({ policy: POLICY, account })).toEqual([])
  })
})

describe('a batch in a block', () => {
  test('ends each step by its own bit, and shares gas and fee to the last unit', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3, 4)
    planned(bench)
    const mined = ranBatch(bench, FIRST_NONCE, { done: 0b0101n, failed: 0b0010n, gas_used: 100_003n })
    bench.facts({ inclusions: [mined], finalized: 100 })
    const ends = [1, 2, 3, 4].map((step) => inclusionOf(bench, step))
    expect(ends.map(({ outcome }) => outcome)).toEqual(['success', 'reverted', 'success', 'number_used'])
    expect(ends.map(({ delivered_amount }) => delivered_amount)).toEqual([AMOUNT, null, AMOUNT, null])
    expect(ends.reduce((sum, { gas_used }) => sum + gas_used, 0n)).toBe(100_003n)
    bench.expectReplay()
  })

  test.each([
    ['says nothing', []],
    ['is of another batch', [batchDone(SIGNER, 9n, 0b11n, 0n)]],
    ['is of another account', [batchDone(RECIPIENT, 0n, 0b11n, 0n)]],
    ['says it twice', [batchDone(SIGNER, 0n, 0b11n, 0n), batchDone(SIGNER, 0n, 0b11n, 0n)]],
  ])('whose log %s ran nothing: its steps go back when that is final', (_, logs) => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    planned(bench)
    const mined = included(FIRST_NONCE, 100, { to: SIGNER, logs })
    bench.facts({ inclusions: [mined] })
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', inclusion: null })
    bench.facts({ inclusions: [mined], finalized: 100 })
    expect(bench.report(1).standing).toEqual({ at: 'closed', nonce: FIRST_NONCE, by: mined.receipt.hash })
  })

  test('tells what tokens say they moved, step by step', () => {
    const bench = new SignerBench()
    const pay = (amount: bigint) => ({ type: 'erc20', token: TOKEN, to: RECIPIENT, amount }) as const
    bench.admitAll([5n, 7n, 9n].map((amount, index) => admission(index, { action: pay(amount) })))
    planned(bench, { account: { token_balances: [100n] } })
    const logs = [transferLog(TOKEN, 7n), transferLog(TOKEN, 4n), batchDone(SIGNER, 0n, 0b111n, 0n)]
    bench.facts({ inclusions: [included(FIRST_NONCE, 100, { to: SIGNER, logs })], finalized: 100 })
    const ends = [0, 1, 2].map((step) => inclusionOf(bench, step))
    expect(ends.map(({ outcome, delivered_amount }) => [outcome, delivered_amount])).toEqual([
      ['success', 4n],
      ['success', 7n],
      ['no_effect', null],
    ])
  })

  test('that a reorg undid waits again', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    planned(bench)
    bench.facts({ inclusions: [ranBatch(bench, FIRST_NONCE)] })
    bench.facts({ inclusions: [] })
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', inclusion: null, sent: 'broadcast' })
  })
})

function inclusionOf(bench: SignerBench, step: number) {
  const { standing } = bench.report(step)
  assert(standing.at === 'slot' && standing.inclusion !== null, `step ${step} is in a block`)
  return standing.inclusion
}

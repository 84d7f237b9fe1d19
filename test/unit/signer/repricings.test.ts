// Guarantee (S23): bytes that blocks pass by, because the market rose above them, get a better offer, within every cap; and a
// step whose cap forbids that does not keep the others waiting for ever.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeeSuggestion } from '../../../src/shared/fees/suggestion.ts'
import { hasten } from '../../../src/shared/signer/hasten.ts'
import { addressOf, stepKeyOf } from '../../support/domain-values.ts'
import { ranBatch } from '../../support/executor-logs.ts'
import { holds } from '../../support/property.ts'
import {
  AMOUNT,
  admission,
  BLOCK_TIME_MS,
  FIRST_NONCE,
  GAS,
  hashOf,
  included,
  MAX_FEE,
  SignerBench,
} from '../../support/signer-bench.ts'

/** The bench bids 20 and 2: twice a base fee of 9. */
const CALM: FeeSuggestion = { next_base_fee: 9n, priority_fee: 2n }
const DEAR: FeeSuggestion = { next_base_fee: 50n, priority_fee: 3n }
const PATIENCE_MS = 3 * BLOCK_TIME_MS
const BLOCKING_MS = 24 * BLOCK_TIME_MS
const EXECUTOR = addressOf(0xe8ec)
const BATCHING = {
  policy: { batch: { executor: EXECUTOR, delegate: 'on_need', delegate_from: 3 } },
  account: { code: { kind: 'delegated', to: EXECUTOR } },
} as const

function sent(...caps: readonly (bigint | null)[]): SignerBench {
  const bench = new SignerBench()
  bench.admitAll(caps.map((cap, index) => admission(index + 1, { max_fee_per_gas: cap })))
  bench.plan()
  return bench
}

function looked(bench: SignerBench, afterMs: number, fees: FeeSuggestion) {
  return bench.after(afterMs).plan({ account: { fees } })
}

describe('a transaction that blocks pass by', () => {
  test('gets the price of the market, in the same nonce, and runs the same', () => {
    const bench = sent(null)
    expect(looked(bench, PATIENCE_MS, DEAR)).toEqual([
      {
        kind: 'replacing',
        nonce: FIRST_NONCE,
        steps: [stepKeyOf(1)],
        gas_limit: GAS,
        max_fee_per_gas: 103n,
        max_priority_fee_per_gas: 4n,
      },
    ])
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', attempts: [{ index: 0 }, { index: 1 }] })
    bench.expectReplay()
  })

  test('is given three blocks before', () => {
    expect(looked(sent(null), PATIENCE_MS - 1, DEAR)).toEqual([])
  })

  test('is left as it is while its price is right: then it is not money that is missing', () => {
    expect(looked(sent(null), 100 * BLOCK_TIME_MS, CALM)).toEqual([])
  })

  test('gets more of the tip alone where only that is short, and by what nodes ask for', () => {
    const fees = { next_base_fee: 9n, priority_fee: 10n }
    const [offer] = looked(sent(null), PATIENCE_MS, fees)
    expect(offer).toMatchObject({ max_fee_per_gas: 28n, max_priority_fee_per_gas: 10n })
  })

  test('is not touched in a block, nor before its own bytes are signed', () => {
    const bench = sent(null)
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(looked(bench, PATIENCE_MS, DEAR)).toEqual([])
  })

  test('goes on being paid by any of its offers', () => {
    const bench = sent(null)
    looked(bench, PATIENCE_MS, DEAR)
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)], finalized: 100 })
    expect(bench.report(1).standing).toMatchObject({
      at: 'slot',
      final: true,
      inclusion: { hash: hashOf(FIRST_NONCE) },
    })
  })

  test('keeps its price where the balance does not cover a better one', () => {
    const bench = sent(null)
    bench.after(PATIENCE_MS)
    const account = { fees: DEAR, balance: AMOUNT + GAS * MAX_FEE + 1n }
    expect(bench.plan({ account })).toEqual([])
  })
})

describe('a step that is to go sooner', () => {
  function hastened(bench: SignerBench, command = 'one') {
    return bench.commit(hasten(bench.state, stepKeyOf(1), command))
  }

  test('gets a better offer at once, though its price is right: an eighth more, or the market', () => {
    const bench = sent(null)
    hastened(bench)
    expect(looked(bench, 0, CALM)).toMatchObject([
      { kind: 'replacing', max_fee_per_gas: 24n, max_priority_fee_per_gas: 4n },
    ])
    hastened(bench, 'two')
    expect(looked(bench, BLOCK_TIME_MS, DEAR)).toMatchObject([{ max_fee_per_gas: 103n }])
    bench.expectReplay()
  })

  test('gets one for each command, and no more than one a block', () => {
    const bench = sent(null)
    expect(hastened(bench)).toHaveLength(1)
    expect(hastened(bench)).toEqual([])
    expect(looked(bench, 0, CALM)).toHaveLength(1)
    expect(looked(bench, BLOCK_TIME_MS, CALM)).toEqual([])
    expect(hastened(bench, 'two')).toHaveLength(1)
    expect(looked(bench, 0, CALM)).toHaveLength(1)
    hastened(bench, 'three')
    expect(looked(bench, BLOCK_TIME_MS - 1, CALM)).toEqual([])
    expect(looked(bench, 1, CALM)).toHaveLength(1)
  })

  test('and waits goes as a fast one, and the command is not counted again in its slot', () => {
    const bench = new SignerBench()
    bench.admit(1)
    hastened(bench)
    expect(bench.state.pool.values().next().value).toMatchObject({ speed: 'fast' })
    bench.plan()
    expect(hastened(bench)).toEqual([])
  })

  test('is bid no more than its cap', () => {
    const bench = sent(22n)
    hastened(bench)
    expect(looked(bench, 0, CALM)).toEqual([])
  })

  test('gives its nonce up for nobody while its price is right', () => {
    const bench = sent(22n, null)
    hastened(bench)
    expect(looked(bench, BLOCKING_MS, CALM)).toEqual([])
  })

  test('and is gone from here is left alone', () => {
    const bench = sent(null)
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)], finalized: 100 })
    expect(hastened(bench)).toEqual([])
  })
})

describe('a cap', () => {
  test('is the most that is bid', () => {
    expect(looked(sent(70n), PATIENCE_MS, DEAR)).toMatchObject([
      { max_fee_per_gas: 70n, steps: [stepKeyOf(1)] },
    ])
  })

  test('below the market leaves the bytes alive: when the market falls they go', () => {
    const bench = sent(40n)
    const cap = { by: 'transfer', most: 40n }
    expect(looked(bench, PATIENCE_MS, DEAR)).toEqual([{ kind: 'capped', nonce: FIRST_NONCE, cap }])
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', cap })
    // Told once, and once more when it keeps nothing any more.
    expect(looked(bench, PATIENCE_MS, DEAR)).toEqual([])
    expect(looked(bench, PATIENCE_MS, CALM)).toEqual([{ kind: 'capped', nonce: FIRST_NONCE, cap: null }])
    expect(looked(bench, PATIENCE_MS, DEAR)).toEqual([{ kind: 'capped', nonce: FIRST_NONCE, cap }])
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', inclusion: { outcome: 'success' } })
    expect(bench.report(1).standing).not.toHaveProperty('cap')
    bench.expectReplay()
  })

  test('of the account keeps all of a batch, one of a step only that step', () => {
    const bench = sent(null)
    const policy = { caps: { signer: 40n, chain: null } }
    const records = bench.after(PATIENCE_MS).plan({ account: { fees: DEAR }, policy })
    expect(records).toEqual([{ kind: 'capped', nonce: FIRST_NONCE, cap: { by: 'signer', most: 40n } }])
    const batching = new SignerBench()
    batching.admitAll([40n, null, null].map((cap, at) => admission(at + 1, { max_fee_per_gas: cap })))
    batching.plan(BATCHING)
    batching.after(PATIENCE_MS).plan({ ...BATCHING, account: { ...BATCHING.account, fees: DEAR } })
    const caps = [1, 2].map((step) => 'cap' in batching.report(step).standing)
    expect(caps).toEqual([true, false])
  })

  test('that keeps others waiting for long gives the nonce up: the step waits anew, the others go', () => {
    const bench = sent(40n, null)
    expect(looked(bench, PATIENCE_MS, DEAR)).toMatchObject([
      { kind: 'capped', nonce: FIRST_NONCE },
      { kind: 'replacing', nonce: FIRST_NONCE + 1 },
    ])
    const [filler] = looked(bench, BLOCKING_MS, DEAR)
    expect(filler).toMatchObject({ kind: 'replacing', nonce: FIRST_NONCE, steps: [], gas_limit: 21_000n })
    const closing = included(FIRST_NONCE, 100, { hash: hashOf(FIRST_NONCE, 1) })
    bench.facts({ inclusions: [closing], finalized: 100 })
    expect(bench.report(1).standing).toMatchObject({ at: 'closed', nonce: FIRST_NONCE })
  })

  test('that keeps nobody waiting does not', () => {
    const kinds = looked(sent(40n), 10 * BLOCKING_MS, DEAR).map(({ kind }) => kind)
    expect(kinds).toEqual(['capped'])
  })

  test('of one step of a batch takes that one out, and no other', () => {
    const bench = new SignerBench()
    bench.admitAll([admission(1), admission(2, { max_fee_per_gas: 40n }), admission(3)])
    bench.plan(BATCHING)
    bench.admit(4)
    const late = { ...BATCHING, account: { ...BATCHING.account, fees: DEAR } }
    expect(bench.after(PATIENCE_MS).plan(late)).toMatchObject([{ kind: 'capped' }])
    expect(bench.after(BLOCKING_MS).plan(late)).toMatchObject([
      { kind: 'replacing', steps: [stepKeyOf(1), stepKeyOf(3)], max_fee_per_gas: 103n },
    ])
    bench.facts({
      inclusions: [
        {
          ...ranBatch(bench, FIRST_NONCE),
          receipt: { ...ranBatch(bench, FIRST_NONCE).receipt, hash: hashOf(FIRST_NONCE, 1) },
        },
      ],
      finalized: 100,
    })
    expect([1, 2, 3].map((step) => bench.report(step).standing.at)).toEqual(['slot', 'closed', 'slot'])
  })
})

test('whatever the market does, offers of a slot rise strictly, by what nodes ask for, and end at the ceiling', () => {
  const market = fc.record({
    next_base_fee: fc.bigInt({ min: 1n, max: 10_000n }),
    priority_fee: fc.bigInt({ min: 1n, max: 50n }),
  })
  holds(
    fc.property(fc.array(market, { maxLength: 30 }), (markets) => {
      const bench = sent(null)
      for (const fees of markets) looked(bench, PATIENCE_MS, fees)
      const { attempts } = bench.slot(1)
      for (const [index, { max_fee_per_gas: fee, max_priority_fee_per_gas: tip }] of attempts.entries()) {
        const before = attempts[index - 1]
        expect(tip <= fee && fee <= 16n * MAX_FEE).toBe(true)
        if (before === undefined) continue
        expect(10n * fee > 11n * before.max_fee_per_gas).toBe(true)
        expect(10n * tip > 11n * before.max_priority_fee_per_gas).toBe(true)
      }
    }),
  )
})

// Guarantee (S21): what a transfer wants back out of a slot is kept out of the block where that can be, the others of the
// slot are untouched, and it is told so only when nothing can run it any more.

import { describe, expect, test } from 'vitest'
import { BATCH_DONE_TOPIC } from '../../../src/shared/signer/evidence/evidence.ts'
import { raised, replacements } from '../../../src/shared/signer/offers/replacements.ts'
import type { SignerRecord } from '../../../src/shared/signer/state/records.ts'
import { addressOf, SIGNER, stepKeyOf } from '../../support/domain-values.ts'
import { admission, FIRST_NONCE, hashOf, included, SignerBench } from '../../support/signer-bench.ts'

const EXECUTOR = addressOf(0xe8ec)
const POLICY = { batch: { executor: EXECUTOR, delegate: 'on_need', delegate_from: 3 } } as const
const DELEGATED = { code: { kind: 'delegated', to: EXECUTOR } } as const

const BLOCK_MS = 2_000

function replace(bench: SignerBench): readonly SignerRecord[] {
  const records = bench.commit(replacements(bench.state, bench.now, BLOCK_MS))
  bench.sign()
  return records
}

/** One step in a slot of its own, signed and with a node. */
function sentAlone(cap: bigint | null = null): SignerBench {
  const bench = new SignerBench()
  bench.admitAll([admission(1, { max_fee_per_gas: cap })])
  bench.plan()
  bench.sent(1, 'accepted')
  return bench
}

function batched(...caps: readonly (bigint | null)[]): SignerBench {
  const bench = new SignerBench()
  bench.admitAll(caps.map((cap, index) => admission(index, { max_fee_per_gas: cap })))
  bench.plan({ policy: POLICY, account: DELEGATED })
  return bench
}

describe('a step alone in its slot', () => {
  test('is asked back once, and its slot gets a filler that costs more by an eighth', () => {
    const bench = sentAlone()
    expect(bench.withdraw(1, 'cancel')).toEqual({ result: 'in_slot', nonce: FIRST_NONCE })
    expect(bench.withdraw(1, 'cancel')).toEqual({ result: 'in_slot', nonce: FIRST_NONCE })
    expect(bench.log.filter(({ record }) => record.kind === 'recalled')).toHaveLength(1)
    expect(replace(bench)).toEqual([
      {
        kind: 'replacing',
        nonce: FIRST_NONCE,
        steps: [],
        gas_limit: 21_000n,
        max_fee_per_gas: 24n,
        max_priority_fee_per_gas: 4n,
      },
    ])
    expect(replace(bench), 'only once').toEqual([])
  })

  test('is closed when the filler is final, and not before', () => {
    const bench = sentAlone()
    bench.withdraw(1, 'cancel')
    replace(bench)
    const filler = included(FIRST_NONCE, 100, { hash: hashOf(FIRST_NONCE, 1) })
    bench.facts({ inclusions: [filler] })
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', inclusion: null })
    bench.facts({ inclusions: [filler], finalized: 100 })
    expect(bench.report(1).standing).toEqual({
      at: 'closed',
      nonce: FIRST_NONCE,
      by: hashOf(FIRST_NONCE, 1),
    })
    bench.expectReplay()
  })

  test('was run where its own bytes came first', () => {
    const bench = sentAlone()
    bench.withdraw(1, 'cancel')
    replace(bench)
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)], finalized: 100 })
    expect(bench.report(1).standing).toMatchObject({
      at: 'slot',
      final: true,
      inclusion: { outcome: 'success' },
    })
  })

  test('shows only the attempts that run it', () => {
    const bench = sentAlone()
    bench.withdraw(1, 'cancel')
    replace(bench)
    expect(bench.report(1).standing).toMatchObject({ attempts: [{ index: 0, hash: hashOf(FIRST_NONCE) }] })
  })

  test('is not replaced while it stands in a block; when that is undone, it is', () => {
    const bench = sentAlone()
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    bench.withdraw(1, 'cancel')
    expect(replace(bench)).toEqual([])
    bench.facts({ inclusions: [] })
    expect(replace(bench)).toMatchObject([{ kind: 'replacing', steps: [] }])
  })

  test('is left alone by a deadline', () => {
    const bench = sentAlone()
    bench.withdraw(1, 'deadline')
    expect(replace(bench)).toEqual([])
  })

  test('with a cap gets its filler above it: the cap is the step’s, not the slot’s', () => {
    const bench = sentAlone(20n)
    bench.withdraw(1, 'cancel')
    expect(replace(bench)).toMatchObject([{ max_fee_per_gas: 24n }])
  })
})

describe('a step of a batch', () => {
  test('is left out, and the others are run', () => {
    const bench = batched(null, null, null)
    bench.withdraw(1, 'cancel')
    const { gas_limit } = bench.slot(1).attempts[0] ?? { gas_limit: 0n }
    expect(replace(bench)).toMatchObject([
      { kind: 'replacing', steps: [stepKeyOf(0), stepKeyOf(2)], gas_limit },
    ])
    bench.withdraw(2, 'cancel')
    bench.after(BLOCK_MS)
    expect(replace(bench)).toMatchObject([{ kind: 'replacing', steps: [stepKeyOf(0)] }])
  })

  test('stays where the replacement would be above the cap of another', () => {
    const bench = batched(null, 20n)
    bench.withdraw(0, 'cancel')
    expect(replace(bench)).toEqual([])
    bench.withdraw(1, 'cancel')
    expect(replace(bench)).toMatchObject([{ kind: 'replacing', steps: [] }])
  })

  test('that was left out is closed, also where the executor’s log has its place as done', () => {
    const bench = batched(null, null)
    bench.withdraw(0, 'cancel')
    replace(bench)
    const work = bench.slot(0).work
    if (work.kind !== 'batch') throw new Error('a batch')
    const both = `0x${'3'.padStart(64, '0')}${'0'.repeat(64)}` as const
    const topics = [BATCH_DONE_TOPIC, work.id] as const
    const logs = [{ address: SIGNER, topics, data: both }] as never
    const mined = included(FIRST_NONCE, 100, { to: SIGNER, hash: hashOf(FIRST_NONCE, 1), logs })
    bench.facts({ inclusions: [mined], finalized: 100 })
    expect(bench.report(0).standing).toMatchObject({ at: 'closed' })
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', final: true })
  })
})

test('a raise is above a tenth and an eighth of both fees, from one wei on', () => {
  for (const fee of [0n, 1n, 7n, 8n, 9n, 10n ** 9n, 123_456_789_123n]) {
    const after = raised({ gas_limit: 1n, max_fee_per_gas: fee, max_priority_fee_per_gas: fee }, 1n)
    for (const raisedFee of [after.max_fee_per_gas, after.max_priority_fee_per_gas]) {
      expect(raisedFee * 8n).toBeGreaterThan(fee * 9n)
      expect(raisedFee * 10n).toBeGreaterThan(fee * 11n)
    }
  }
})

// Guarantee (S19): an account delegates alone and on an empty line, once it has many steps that could share a transaction, and
// what becomes of that: refused by its key, by the nodes, or replaced by a stranger.

import { describe, expect, test } from 'vitest'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import { outcomes } from '../../../src/shared/signer/broadcasts.ts'
import { replacements } from '../../../src/shared/signer/offers/replacements.ts'
import type { SignerRecord } from '../../../src/shared/signer/state/records.ts'
import { addressOf, stepKeyOf, txHashOf } from '../../support/domain-values.ts'
import {
  COST,
  FIRST_NONCE,
  hashOf,
  included,
  type PlanChange,
  SignerBench,
} from '../../support/signer-bench.ts'

const EXECUTOR = addressOf(0xe8ec)
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

describe('the first need', () => {
  test('makes an account delegate: alone, two nonces long, and nothing above it before it is in a block', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3)
    expect(bench.plan({ policy: POLICY })).toMatchObject([
      { kind: 'adopted' },
      { kind: 'delegating', nonce: FIRST_NONCE, to: EXECUTOR, gas_limit: 46_000n },
    ])
    expect(bench.state.nextNonce).toBe(FIRST_NONCE + 2)
    expect(planned(bench)).toEqual([])
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(batchOf(planned(bench)).steps).toHaveLength(3)
  })

  test('is as many steps as the chain’s policy says, and fewer go one by one', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    const kinds = bench.plan({ policy: POLICY }).map(({ kind }) => kind)
    expect(kinds).toEqual(['adopted', 'reserved', 'reserved'])
  })

  test('waits until nothing is under way', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan({ policy: POLICY })
    bench.admit(2, 3, 4)
    expect(bench.plan({ policy: POLICY })).toEqual([])
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    expect(bench.plan({ policy: POLICY })).toMatchObject([{ kind: 'delegating', nonce: FIRST_NONCE + 1 }])
  })

  test('goes without a delegation that the balance does not cover', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3)
    const records = bench.plan({ policy: POLICY, account: { balance: COST } })
    expect(records).toMatchObject([{ kind: 'adopted' }, { kind: 'reserved', key: stepKeyOf(1) }])
  })

  test.each(['by_command', null] as const)('is none where the policy is %s', (delegate) => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3)
    const batch = delegate === null ? null : { ...POLICY.batch, delegate }
    expect(bench.plan({ policy: { batch } }).map(({ kind }) => kind)).not.toContain('delegating')
  })

  test('is over for good where the key does not sign it, and its nonces are free again', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3)
    bench.planOnly({ policy: POLICY })
    bench.commit([{ kind: 'released', nonce: FIRST_NONCE }])
    const next = bench.plan({ policy: POLICY })
    expect(next).toMatchObject([
      { kind: 'reserved', nonce: FIRST_NONCE },
      { kind: 'reserved', nonce: FIRST_NONCE + 1 },
      { kind: 'reserved', nonce: FIRST_NONCE + 2 },
    ])
  })
})

describe('the gas of a block', () => {
  /** Room for what two steps need, and not three. */
  const SMALL = { room: { gas_limit: 700_000n, gas_used: 0n } } as const
  const LARGE = { ok: true, gas: 400_000n } as const

  test('bounds a batch: what does not fit waits for the next one', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3, 4, 5)
    const { steps, gas_limit } = batchOf(planned(bench, { account: SMALL }))
    expect(gas_limit).toBeLessThanOrEqual(175_000n)
    expect(steps.length).toBeLessThan(5)
    expect(bench.report(5).standing).toEqual({ at: 'pool', held: null })
  })

  test('does not keep a single step back that needs more than a batch may: it goes alone', () => {
    const bench = new SignerBench()
    bench.admit(1, 2)
    const records = planned(bench, { account: SMALL, estimate: () => LARGE })
    expect(records.map(({ kind }) => kind)).toEqual(['adopted', 'reserved'])
  })

  test('is less where blocks are full', () => {
    const sizeAt = (gas_used: bigint): number => {
      const bench = new SignerBench()
      bench.admit(...Array.from({ length: 40 }, (_, index) => index))
      return batchOf(planned(bench, { account: { room: { gas_limit: 3_000_000n, gas_used } } })).steps.length
    }
    expect(sizeAt(3_000_000n)).toBeLessThan(sizeAt(1_500_000n))
  })
})

describe('a delegation that no node takes', () => {
  test('is given up when all refused it twice, and a filler takes its place', () => {
    const bench = new SignerBench()
    bench.admit(1, 2, 3)
    bench.plan({ policy: POLICY })
    const refusal = { hash: hashOf(FIRST_NONCE), endpoint: 'one', class: 'invalid', detail: null } as const
    bench.commit(outcomes(bench.state, [refusal]))
    expect(bench.commit(outcomes(bench.state, [refusal]))).toEqual([{ kind: 'given_up', nonce: FIRST_NONCE }])
    bench.commit(replacements(bench.state, bench.now, 0))
    bench.sign()
    bench.facts({
      inclusions: [included(FIRST_NONCE, 100, { hash: hashOf(FIRST_NONCE, 1) })],
      finalized: 100,
    })
    expect(bench.plan({ policy: POLICY })).toMatchObject([
      { kind: 'reserved', nonce: FIRST_NONCE + 1 },
      { kind: 'reserved', nonce: FIRST_NONCE + 2 },
      { kind: 'reserved', nonce: FIRST_NONCE + 3 },
    ])
    bench.expectReplay()
  })
})

describe('a delegation that a stranger’s transaction took the place of', () => {
  function delegating(): SignerBench {
    const bench = new SignerBench()
    bench.admit(1, 2, 3)
    bench.plan({ policy: POLICY })
    return bench
  }

  test('leaves its second nonce free', () => {
    const bench = delegating()
    bench.facts({ inclusions: [included(FIRST_NONCE, 100, { hash: txHashOf(9) })], finalized: 100 })
    expect(bench.state.nextNonce).toBe(FIRST_NONCE + 1)
  })

  test('after something was opened above it, gets a filler below that', () => {
    const bench = delegating()
    bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
    planned(bench)
    bench.facts({
      inclusions: [included(FIRST_NONCE, 101, { hash: txHashOf(9), fork: 1 })],
      finalized: 101,
    })
    expect([...bench.state.slots.values()].map(({ nonce, work }) => [nonce, work.kind])).toEqual([
      [FIRST_NONCE + 1, 'filler'],
      [FIRST_NONCE + 2, 'batch'],
    ])
    bench.sign()
    bench.facts({ inclusions: [included(FIRST_NONCE + 1, 102)], finalized: 102 })
    expect([...bench.state.slots.keys()]).toEqual([FIRST_NONCE + 2])
  })
})

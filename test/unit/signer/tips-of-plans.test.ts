// Guarantee: who has time bids a tip that is enough in that time; nobody in a hurry is kept by a lower tip before it.

import { describe, expect, test } from 'vitest'
import type { FeeSuggestion } from '../../../src/shared/fees/suggestion.ts'
import { addMs } from '../../../src/shared/lib/time.ts'
import type { Admission } from '../../../src/shared/signer/admission.ts'
import { addressOf, START } from '../../support/domain-values.ts'
import { admission, BLOCK_TIME_MS, FIRST_NONCE, SignerBench } from '../../support/signer-bench.ts'

/** Twenty blocks took tips of 1 to 20 and more. Nine tenths of them took 18. */
const FEES: FeeSuggestion = {
  next_base_fee: 9n,
  priority_fee: 18n,
  recent_tips: Array.from({ length: 20 }, (_, index) => BigInt(index + 1)),
}
const CONFLICTING = addressOf(0xc0)

function planned(...changes: readonly Partial<Admission>[]): SignerBench {
  const bench = new SignerBench()
  bench.admitAll(changes.map((change, index) => admission(index + 1, change)))
  bench.plan({ account: { fees: FEES } })
  return bench
}

function tips(bench: SignerBench): readonly bigint[] {
  return [...bench.state.slots.values()].map(
    ({ attempts }) => attempts.at(-1)?.max_priority_fee_per_gas ?? 0n,
  )
}

describe('the tip of a plan', () => {
  test.each([
    ['fast', {}, 18n],
    ['standard', {}, 14n],
    ['economy', {}, 14n],
    // One block left: it must be right.
    ['economy', { deadline: addMs(START, 1) }, 20n],
  ] as const)('%s with %j bids %i', (speed, change, tip) => {
    expect(tips(planned({ speed, ...change }))).toEqual([tip])
  })

  test('is that of the most hurried: they stand in one line', () => {
    expect(tips(planned({ speed: 'economy' }, { speed: 'fast' }, { speed: 'standard' }))).toEqual([
      18n,
      18n,
      18n,
    ])
  })

  test('is the one that is told where recent tips are not', () => {
    const bench = new SignerBench()
    bench.admit(1)
    bench.plan({ account: { fees: { next_base_fee: 9n, priority_fee: 18n } } })
    expect(tips(bench)).toEqual([18n])
  })
})

describe('a lower tip in the way of a higher one', () => {
  function inTheWay(): SignerBench {
    const bench = planned({ speed: 'economy' })
    bench.admitAll([admission(2, { speed: 'fast' })])
    bench.plan({ account: { fees: FEES } })
    expect(tips(bench)).toEqual([14n, 18n])
    return bench
  }

  test('is raised when one block passed it by, for what is behind cannot be mined before', () => {
    const bench = inTheWay()
    expect(bench.after(BLOCK_TIME_MS - 1).plan({ account: { fees: FEES } })).toEqual([])
    expect(bench.after(1).plan({ account: { fees: FEES } })).toMatchObject([
      { kind: 'replacing', nonce: FIRST_NONCE, max_priority_fee_per_gas: 18n },
    ])
  })

  test('is left where nobody is behind it, until three blocks passed it by', () => {
    const bench = planned({ speed: 'economy' })
    expect(bench.after(2 * BLOCK_TIME_MS).plan({ account: { fees: FEES } })).toEqual([])
    expect(bench.after(BLOCK_TIME_MS).plan({ account: { fees: FEES } })).toMatchObject([
      { kind: 'replacing', max_priority_fee_per_gas: 18n },
    ])
  })

  test('also of a batch that somebody in a hurry waits for', () => {
    const batch = { executor: CONFLICTING, delegate: 'on_need', delegate_from: 2 } as const
    const change = {
      policy: { batch },
      account: { fees: FEES, code: { kind: 'delegated', to: CONFLICTING } },
    } as const
    const bench = new SignerBench()
    bench.admitAll([admission(1, { speed: 'economy' }), admission(2, { speed: 'economy' })])
    bench.plan(change)
    bench.admitAll([admission(3, { speed: 'fast' })])
    expect(bench.after(BLOCK_TIME_MS).plan(change)).toMatchObject([
      { kind: 'replacing', nonce: FIRST_NONCE, max_priority_fee_per_gas: 18n },
    ])
  })
})

// Guarantee (F7, S23): nothing is bid above the lowest cap of transfer, signer and chain; what a cap keeps waits and says whose it
// is and its value, and goes when the market is below. The filler of a blocked slot is bounded by the account's caps alone.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeeSuggestion } from '../../../src/shared/fees/suggestion.ts'
import { hasten } from '../../../src/shared/signer/hasten.ts'
import { replacements } from '../../../src/shared/signer/offers/replacements.ts'
import { addressOf, stepKeyOf } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'
import { admission, BLOCK_TIME_MS, FIRST_NONCE, SignerBench } from '../../support/signer-bench.ts'

const CALM: FeeSuggestion = { next_base_fee: 9n, priority_fee: 2n }
const DEAR: FeeSuggestion = { next_base_fee: 50n, priority_fee: 3n }
const BLOCKING_MS = 24 * BLOCK_TIME_MS

type Caps = {
  readonly transfer?: bigint | null
  readonly signer?: bigint | null
  readonly chain?: bigint | null
}

function policyOf({ signer = null, chain = null }: Caps) {
  return { policy: { caps: { signer, chain } } }
}

function benchOf(caps: Caps): SignerBench {
  const bench = new SignerBench()
  bench.admitAll([admission(1, { max_fee_per_gas: caps.transfer ?? null })])
  return bench
}

describe('a cap below what the next block asks for', () => {
  test.each([
    {
      of: 'a transfer',
      caps: { transfer: 30n, signer: 40n, chain: 45n },
      cap: { by: 'transfer', most: 30n },
    },
    { of: 'a signer', caps: { signer: 40n, chain: 45n }, cap: { by: 'signer', most: 40n } },
    { of: 'a chain', caps: { transfer: 60n, chain: 45n }, cap: { by: 'chain', most: 45n } },
    // Of those that are the same: whose owner can change it first.
    { of: 'all', caps: { transfer: 40n, signer: 40n, chain: 40n }, cap: { by: 'transfer', most: 40n } },
  ] as const)('of $of holds, and is named', ({ caps, cap }) => {
    const bench = benchOf(caps)
    const change = policyOf(caps)
    expect(bench.plan({ account: { fees: DEAR }, ...change })).toContainEqual({
      kind: 'held',
      key: stepKeyOf(1),
      reason: 'fee_cap',
      cap,
    })
    expect(bench.report(1).standing).toEqual({ at: 'pool', held: 'fee_cap', cap })
    // Told once.
    expect(bench.plan({ account: { fees: DEAR }, ...change })).toEqual([])
    bench.plan({ account: { fees: CALM }, ...change })
    expect(bench.report(1).standing).toMatchObject({ at: 'slot' })
    bench.expectReplay()
  })

  test('is told anew when another one binds', () => {
    const bench = benchOf({ transfer: 40n })
    bench.plan({ account: { fees: DEAR }, ...policyOf({}) })
    const records = bench.plan({ account: { fees: DEAR }, ...policyOf({ chain: 20n }) })
    expect(records).toMatchObject([{ kind: 'held', cap: { by: 'chain', most: 20n } }])
  })

  test('keeps a delegation as well', () => {
    const batch = { executor: addressOf(0xe), delegate: 'on_need', delegate_from: 2 } as const
    const bench = new SignerBench()
    bench.admit(1, 2)
    const policy = { batch, caps: { signer: null, chain: 40n } }
    const records = bench.plan({ account: { fees: DEAR }, policy })
    expect(records).toMatchObject([{ kind: 'adopted' }, { kind: 'held', cap: { by: 'chain', most: 40n } }])
    bench.admit(3, 4)
    expect(bench.plan({ account: { fees: CALM }, policy })).toMatchObject([{ kind: 'delegating' }])
  })
})

test('nothing is ever bid above any of them', () => {
  const cap = fc.option(fc.bigInt({ min: 1n, max: 120n }))
  const fees = fc.record({
    next_base_fee: fc.bigInt({ min: 0n, max: 100n }),
    priority_fee: fc.bigInt({ min: 1n, max: 20n }),
  })
  const market = fc.array(fees, { minLength: 1, maxLength: 12 })
  holds(
    fc.property(fc.record({ transfer: cap, signer: cap, chain: cap }), market, (caps, prices) => {
      const bench = benchOf(caps)
      for (const [index, price] of prices.entries()) {
        const records = bench.plan({ account: { fees: price }, ...policyOf(caps) })
        for (const record of records) {
          if (record.kind !== 'reserved' && record.kind !== 'replacing') continue
          const isFiller = record.kind === 'replacing' && record.steps.length === 0
          const bound = [isFiller ? null : caps.transfer, caps.signer, caps.chain].filter(
            (one) => one !== null,
          )
          for (const most of bound) expect(record.max_fee_per_gas <= most).toBe(true)
        }
        bench.commit(hasten(bench.state, stepKeyOf(1), `command ${index}`))
        bench.after(3 * BLOCK_TIME_MS)
      }
    }),
  )
})

describe('a slot that a cap of its transfer keeps before others', () => {
  function blocked(): SignerBench {
    const bench = benchOf({ transfer: 20n })
    bench.plan({ account: { fees: CALM } })
    bench.admit(2)
    return bench.after(BLOCKING_MS)
  }

  test('is closed by a filler, exempt from that cap', () => {
    const bench = blocked()
    expect(bench.plan({ account: { fees: DEAR }, ...policyOf({ signer: 110n }) })).toContainEqual(
      expect.objectContaining({ kind: 'replacing', nonce: FIRST_NONCE, steps: [], max_fee_per_gas: 103n }),
    )
  })

  test('by one within the cap of the signer', () => {
    const records = blocked().plan({ account: { fees: DEAR }, ...policyOf({ signer: 60n }) })
    expect(records).toContainEqual(
      expect.objectContaining({ kind: 'replacing', steps: [], max_fee_per_gas: 60n }),
    )
  })

  test('and not at all where that is below the market: its bytes stay alive', () => {
    const bench = blocked()
    const records = bench.plan({ account: { fees: DEAR }, ...policyOf({ signer: 52n }) })
    expect(records.map(({ kind }) => kind)).not.toContain('replacing')
    expect(bench.report(1).standing).toMatchObject({ at: 'slot', attempts: [{ index: 0 }] })
  })
})

test('what is canceled in its slot is outbid within the caps of the account only', () => {
  const bench = benchOf({})
  bench.plan({ account: { fees: CALM } })
  bench.withdraw(1, 'cancel')
  const caps = { signer: 22n, chain: null }
  expect(replacements(bench.state, bench.now, BLOCK_TIME_MS, caps)).toEqual([])
  expect(replacements(bench.state, bench.now, BLOCK_TIME_MS, { ...caps, signer: 24n })).toMatchObject([
    { kind: 'replacing', steps: [], max_fee_per_gas: 24n },
  ])
})

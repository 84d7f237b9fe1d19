// Guarantee (S21): however many steps of a slot are wanted back, and however fast, its fees rise by an eighth a block at most,
// and to a stated multiple of its first bid at most; the wishes that come meanwhile share one replacement.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextLook } from '../../../src/shared/signer/offers/pacing.ts'
import { nextReplacement, raised, replacements } from '../../../src/shared/signer/offers/replacements.ts'
import type { SignerRecord } from '../../../src/shared/signer/state/records.ts'
import { addressOf, stepKeyOf } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'
import { admission, FIRST_NONCE, hashOf, included, SignerBench } from '../../support/signer-bench.ts'

const BLOCK_MS = 12_000
const STEPS = 40
/** Times the first bid. */
const CEILING = 16n
const EXECUTOR = addressOf(0xe8ec)
const POLICY = { batch: { executor: EXECUTOR, delegate: 'on_need', delegate_from: 3 } } as const
const DELEGATED = { code: { kind: 'delegated', to: EXECUTOR } } as const

function batchOf(steps: number): SignerBench {
  const bench = new SignerBench()
  bench.admitAll(Array.from({ length: steps }, (_, index) => admission(index)))
  bench.plan({ policy: POLICY, account: DELEGATED })
  return bench
}

function replace(bench: SignerBench): readonly SignerRecord[] {
  const records = bench.commit(replacements(bench.state, bench.now, BLOCK_MS))
  bench.sign()
  return records
}

describe('a slot out of which several steps are wanted back', () => {
  test('gets its first replacement at once', () => {
    const bench = batchOf(4)
    bench.withdraw(1, 'cancel')
    expect(replace(bench)).toMatchObject([{ kind: 'replacing', nonce: FIRST_NONCE }])
  })

  test('gets the next one when the first had the time of a block, for all that came meanwhile', () => {
    const bench = batchOf(4)
    bench.withdraw(1, 'cancel')
    replace(bench)
    bench.withdraw(2, 'cancel')
    expect(replace(bench.after(BLOCK_MS / 2))).toEqual([])
    bench.withdraw(3, 'cancel')
    expect(replace(bench.after(BLOCK_MS / 2 - 1))).toEqual([])
    expect(replace(bench.after(1))).toMatchObject([{ steps: [stepKeyOf(0)] }])
    expect(bench.slot(0).attempts).toHaveLength(3)
    bench.expectReplay()
  })

  test('has the signer look again when the next one may go, and never for one that is past', () => {
    const bench = batchOf(4)
    bench.withdraw(1, 'cancel')
    replace(bench)
    expect(nextReplacement(bench.state, BLOCK_MS)).toBeNull()
    bench.after(BLOCK_MS - 2_000)
    bench.withdraw(2, 'cancel')
    expect(nextLook(bench.state, bench.now, BLOCK_MS, false)).toBe(bench.now + 2_000)
    bench.after(2_000)
    expect(nextLook(bench.state, bench.now, BLOCK_MS, false)).toBe(bench.now + BLOCK_MS)
  })

  test('counts from its newest bytes also after a block was undone', () => {
    const bench = batchOf(4)
    bench.withdraw(1, 'cancel')
    replace(bench)
    bench.facts({ inclusions: [included(FIRST_NONCE, 100, { hash: hashOf(FIRST_NONCE) })] })
    bench.withdraw(2, 'cancel')
    bench.facts({ inclusions: [] })
    expect(replace(bench)).toEqual([])
    expect(replace(bench.after(BLOCK_MS))).toHaveLength(1)
  })
})

test('fees rise by an eighth a block at most and stay below the ceiling, whatever is canceled when', () => {
  const move = fc.record({ cancel: fc.nat(STEPS - 1), passMs: fc.oneof(fc.nat(500), fc.nat(3 * BLOCK_MS)) })
  holds(
    fc.property(fc.array(move, { minLength: 1, maxLength: 80, size: 'max' }), (moves) => {
      const bench = batchOf(STEPS)
      const since = bench.now
      for (const { cancel, passMs } of moves) {
        bench.withdraw(cancel, 'cancel')
        replace(bench)
        bench.after(passMs)
      }
      const { attempts } = bench.slot(0)
      const [first] = attempts
      for (const [index, attempt] of attempts.entries()) {
        const before = attempts[index - 1]
        if (before === undefined || first === undefined) continue
        expect(attempt).toMatchObject(raised(before, attempt.gas_limit))
        expect(attempt.max_fee_per_gas).toBeLessThanOrEqual(CEILING * first.max_fee_per_gas)
      }
      // One for the first wish, and then one for each block that passed.
      expect(attempts.length - 1).toBeLessThanOrEqual(1 + Math.floor((bench.now - since) / BLOCK_MS))
    }),
  )
})

test('above the ceiling the bytes before stay alive, and nobody is woken for more', () => {
  const bench = batchOf(STEPS)
  for (let step = 0; step < STEPS; step++) {
    bench.withdraw(step, 'cancel')
    replace(bench)
    bench.after(BLOCK_MS)
  }
  const { attempts } = bench.slot(0)
  expect(attempts.length).toBeLessThan(STEPS)
  expect(attempts.at(-1)?.steps.length).toBe(STEPS - attempts.length + 1)
  expect(nextReplacement(bench.state, BLOCK_MS)).toBeNull()
})

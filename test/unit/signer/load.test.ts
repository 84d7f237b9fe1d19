// Guarantee (src/shared/pool/SPEC.md, L2): what a pool is told of a signer counts what it still has to do, and the wei that
// this takes.

import { expect, test } from 'vitest'
import { addMs, DAY_MS } from '../../../src/shared/lib/time.ts'
import { loadOf, statusOf } from '../../../src/shared/signer/load.ts'
import { AMOUNT, admission, FIRST_NONCE, included, SignerBench } from '../../support/signer-bench.ts'

const SEEN = { status: 'ready', window: 4, balance: 100n * AMOUNT } as const
const loadNow = (bench: SignerBench, balance: bigint | null = SEEN.balance) =>
  loadOf(bench.state, bench.now, { ...SEEN, balance })

test('a step that waits or is in no block counts, with its wei; one in a block does not', () => {
  const bench = new SignerBench()
  expect(loadNow(bench)).toEqual({ status: 'ready', steps: 0, window: 4, funds: 100n * AMOUNT })
  bench.admit(1, 2)
  expect(loadNow(bench)).toMatchObject({ steps: 2, funds: 98n * AMOUNT })
  bench.plan()
  expect(loadNow(bench)).toMatchObject({ steps: 2, funds: 98n * AMOUNT })
  bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
  expect(loadNow(bench)).toMatchObject({ steps: 1, funds: 99n * AMOUNT })
})

test('a step for tomorrow is no load today, and its wei are promised', () => {
  const bench = new SignerBench()
  bench.admitAll([admission(1, { not_before: addMs(bench.now, DAY_MS) })])
  expect(loadNow(bench)).toMatchObject({ steps: 0, funds: 99n * AMOUNT })
  expect(loadNow(bench.after(DAY_MS))).toMatchObject({ steps: 1 })
})

test('it may have promised more than it has, and a balance that nobody knows stays unknown', () => {
  const bench = new SignerBench()
  bench.admit(1, 2)
  expect(loadNow(bench, AMOUNT).funds).toBe(-AMOUNT)
  expect(loadNow(bench, null).funds).toBeNull()
})

test.each([
  [null, 'ready'],
  ['funds', 'paused'],
  ['signing', 'paused'],
  ['fenced', 'fenced'],
] as const)('what keeps its steps from going (%s) makes it %s', (pause, status) => {
  expect(statusOf(pause)).toBe(status)
})

// Guarantee (S35): where a stranger had a nonce below ours and lost it to a reorg for good, the line goes on: the nonce is used
// up by nothing, once, and only where that is what the chain looks like after what is final.

import { expect, test } from 'vitest'
import { isRecent } from '../../../src/shared/signer/account/recent.ts'
import { isForGood } from '../../../src/shared/signer/account/second-opinion.ts'
import {
  accountOf,
  BLOCK_TIME_MS,
  FIRST_NONCE,
  hashOf,
  included,
  SignerBench,
} from '../../support/signer-bench.ts'

const HOLE = FIRST_NONCE + 1
/** Six blocks, and a moment. */
const LONG = 6 * BLOCK_TIME_MS + 1
const UNDONE = { latest_nonce: HOLE, pending_nonce: HOLE }

/** Ours at the first nonce is in a block, a stranger took the next one, and ours stands above it. */
function passedOver(): SignerBench {
  const bench = new SignerBench()
  bench.admit(1)
  bench.plan()
  const first = included(FIRST_NONCE, 90)
  const strange = included(HOLE, 91, { hash: hashOf(HOLE, 7) })
  bench.facts({ inclusions: [first, strange] })
  bench.admit(2)
  bench.plan()
  expect(bench.slot(2).nonce).toBe(HOLE + 1)
  bench.facts({ inclusions: [first] })
  return bench
}

const holesIn = (bench: SignerBench, account = UNDONE) =>
  bench.plan({ account }).filter(({ kind }) => kind === 'filling')

test('it is filled when ours has waited above it for six blocks, and then no more', () => {
  const bench = passedOver()
  expect(holesIn(bench.after(LONG - BLOCK_TIME_MS))).toEqual([])
  expect(holesIn(bench.after(BLOCK_TIME_MS))).toMatchObject([{ nonce: HOLE, gas_limit: 21_000n }])
  expect([...bench.state.slots.keys()]).toEqual([FIRST_NONCE, HOLE, HOLE + 1])
  expect(holesIn(bench.after(LONG))).toEqual([])
  bench.expectReplay()
})

test('not while a node keeps something pending there', () => {
  expect(holesIn(passedOver().after(LONG), { latest_nonce: HOLE, pending_nonce: HOLE + 1 })).toEqual([])
})

test('nor where the chain has used the nonce', () => {
  const used = { latest_nonce: HOLE + 1, pending_nonce: HOLE + 1 }
  expect(holesIn(passedOver().after(LONG), used)).toEqual([])
})

test('nor at a nonce at which a step has ended: that is no hole, finality was broken', () => {
  const bench = passedOver()
  bench.facts({ inclusions: [included(FIRST_NONCE, 90)], finalized: 90 })
  const broken = { latest_nonce: FIRST_NONCE, pending_nonce: FIRST_NONCE }
  expect(holesIn(bench.after(LONG), broken)).toEqual([])
})

test('what fills it ends as any slot does; who comes after all closes it', () => {
  const own = passedOver()
  holesIn(own.after(LONG))
  own.facts({ inclusions: [included(FIRST_NONCE, 90), included(HOLE, 95)], finalized: 99 })
  expect([...own.state.slots.keys()]).toEqual([HOLE + 1])
  const other = passedOver()
  holesIn(other.after(LONG))
  const strange = included(HOLE, 95, { hash: hashOf(HOLE, 7) })
  other.facts({ inclusions: [included(FIRST_NONCE, 90), strange], finalized: 99 })
  expect([...other.state.slots.keys()]).toEqual([HOLE + 1])
})

test('a look that shows it is later than what is final; else it is an old one, and two operators have to agree', () => {
  const bench = passedOver()
  bench.facts({ inclusions: [included(FIRST_NONCE, 90)], finalized: 90 })
  const look = accountOf(bench.state, UNDONE)
  const isUsable = (finalized: number | null) => isRecent(bench.state, look, 0, finalized)
  expect([null, 99, 100, 101].map(isUsable)).toEqual([false, true, false, false])
  const [filling] = holesIn(bench.after(LONG))
  expect(filling !== undefined && isForGood(filling)).toBe(true)
})

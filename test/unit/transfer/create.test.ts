// Guarantee: a transfer is accepted once, a repeated request gets the same answer, and an idempotency key that was used
// for something else says so before anything else is looked at.

import { describe, test } from 'vitest'
import { addMs, MINUTE_MS } from '../../../src/shared/lib/time.ts'
import { START } from '../../support/domain-values.ts'
import { final, inBlock } from '../../support/standings.ts'
import { scenario } from '../../support/transfer-scenario.ts'

const PAST = addMs(START, -1)

describe('the first request', () => {
  test('is accepted, and goes onto the queue', () => {
    scenario()
      .create()
      .expectAnswer({ result: 'created' })
      .expectRecords(['accepted'])
      .expectStatus('accepted')
      .expectEffects(['enqueue'])
      .expectState({ generation: 0, seen_view: 0, withdrawal: null, created_at: START })
  })

  test.each([
    'unknown_chain',
    'signer_not_found',
    'visibility_unavailable',
    'call_to_signer',
    'batch_unavailable',
  ] as const)('that policy refuses for %s leaves nothing behind', (refusal) => {
    scenario()
      .create({ deadline: PAST }, { refusal })
      .expectAnswer({ result: 'refused', reason: refusal })
      .expectRecords([])
      .expectState({ phase: 'none' })
  })

  test.each([
    ['before now', PAST],
    ['now', START],
  ])('with a deadline %s is refused, after policy', (_, deadline) => {
    scenario()
      .create({ deadline })
      .expectAnswer({ result: 'refused', reason: 'deadline_passed' })
      .expectRecords([])
      .expectState({ phase: 'none' })
  })

  test('with a deadline to come is accepted', () => {
    scenario()
      .create({ deadline: addMs(START, 1) })
      .expectAnswer({ result: 'created' })
  })

  test('that was refused can be made again under the same key', () => {
    scenario().create({ deadline: PAST }).create().expectAnswer({ result: 'created' })
  })
})

describe('the same request again', () => {
  test('is answered from the log, whatever time and policy say now', () => {
    scenario()
      .create({ deadline: addMs(START, MINUTE_MS) })
      .after(2 * MINUTE_MS)
      .create({ deadline: PAST }, { refusal: 'signer_not_found' })
      .expectAnswer({ result: 'repeated' })
      .expectRecords([])
      .expectEffects([])
  })

  test('is answered also when the transfer has ended', () => {
    scenario()
      .create()
      .bind()
      .report(final(100))
      .expectStatus('finalized')
      .create()
      .expectAnswer({ result: 'repeated' })
      .expectRecords([])
  })
})

describe('another request under the same key', () => {
  test('is a conflict, before policy and time are asked', () => {
    scenario()
      .create()
      .create({ deadline: PAST }, { fingerprint: 'other', refusal: 'unknown_chain' })
      .expectAnswer({ result: 'key_reused' })
      .expectRecords([])
  })

  test('is a conflict also when the transfer has ended', () => {
    scenario()
      .create()
      .cancel()
      .create({}, { fingerprint: 'other' })
      .expectAnswer({ result: 'key_reused' })
      .expectStatus('canceled')
  })
})

describe('bind', () => {
  test('names the signer and the admission, and gives the same answer again', () => {
    const answer = scenario().create().bind().expectRecords(['bound']).expectStatus('accepted')
    answer.bind().expectRecords([]).expectState({ phase: 'bound', generation: 0 })
  })

  test('gives the same admission while the step waits in the pool', () => {
    scenario()
      .create()
      .bind()
      .report({ at: 'pool', held: 'funds' })
      .bind()
      .expectState({ phase: 'held' })
      .expectRecords([])
  })

  test('refuses what was never created', () => {
    scenario().bind().expectAnswer({ result: 'refused', reason: 'unknown' }).expectState({ phase: 'none' })
  })

  test('refuses what has ended', () => {
    scenario().create().cancel().bind().expectAnswer({ result: 'refused', reason: 'final' })
    scenario().create().bind().report(final(100)).bind().expectAnswer({ result: 'refused', reason: 'final' })
  })

  test('refuses while the signer is asked to give it back', () => {
    scenario()
      .create()
      .bind()
      .cancel()
      .bind()
      .expectAnswer({ result: 'refused', reason: 'withdrawing' })
      .expectRecords([])
  })

  test('refuses from the slot on', () => {
    scenario()
      .create()
      .bind()
      .report(inBlock(100))
      .bind()
      .expectAnswer({ result: 'refused', reason: 'in_slot' })
      .expectRecords([])
  })

  test('past the deadline is the end: it is never admitted', () => {
    scenario()
      .create({ deadline: addMs(START, MINUTE_MS) })
      .after(MINUTE_MS)
      .bind()
      .expectAnswer({ result: 'refused', reason: 'final' })
      .expectRecords(['withdraw_requested', 'expired'])
      .expectStatus('expired')
  })
})

// Guarantee (T2, T6, T7): canceled and expired are said only when the step can no longer become money; the wish is in the
// log before the signer is asked, and repeating a command repeats its answer.

import { describe, test } from 'vitest'
import { addMs, MINUTE_MS } from '../../../src/shared/lib/time.ts'
import { START } from '../../support/domain-values.ts'
import { CLOSED, final, inBlock, NONCE, pool, rejected, slot, WITHDRAWN } from '../../support/standings.ts'
import { scenario } from '../../support/transfer-scenario.ts'

const DEADLINE = addMs(START, MINUTE_MS)
const pooled = () => scenario().create().bind().report(pool())

describe('a cancel before any signer was asked', () => {
  test('ends it at once', () => {
    scenario()
      .create()
      .cancel()
      .expectAnswer({ result: 'canceled' })
      .expectRecords(['withdraw_requested', 'canceled'])
      .expectEffects([])
      .expectStatus('canceled')
  })

  test('of a transfer that was never created is of nothing', () => {
    scenario().cancel().expectAnswer({ result: 'unknown' }).expectRecords([])
  })
})

describe('a cancel after bound', () => {
  test('is a wish: recorded first, then the signer is asked, and nothing is said before it answered', () => {
    pooled()
      .cancel()
      .expectAnswer({ result: 'awaited' })
      .expectRecords(['withdraw_requested'])
      .expectEffects(['withdraw'])
      .expectKeyAsked({ generation: 0 })
      .expectStatus('queued')
      .answered({ result: 'withdrawn' })
      .expectRecords(['canceled'])
      .expectStatus('canceled')
  })

  test('that finds it in a slot waits for the end of the slot, and is refused where that comes first', () => {
    pooled()
      .cancel()
      .answered({ result: 'in_slot', nonce: NONCE })
      .expectRecords([])
      .expectStatus('queued')
      .report(slot({ sent: 'broadcast' }))
      .expectRecords(['signed', 'broadcast'])
      .report(inBlock(100))
      .expectRecords(['mined', 'confirmed'])
      .report(final(100))
      .expectRecords(['withdraw_refused', 'finalized'])
      .cancel()
      .expectAnswer({ result: 'too_late' })
  })

  test('is fulfilled where the slot was closed for it', () => {
    pooled()
      .cancel()
      .answered({ result: 'in_slot', nonce: NONCE })
      .report(slot({ sent: 'broadcast' }))
      .report(CLOSED)
      .expectRecords(['closed', 'canceled'])
      .expectStatus('canceled')
  })

  test('whose success comes as news needs no answer any more', () => {
    pooled()
      .cancel()
      .report(WITHDRAWN)
      .expectRecords(['canceled'])
      .answered({ result: 'withdrawn' })
      .expectRecords([])
      .expectStatus('canceled')
  })

  test('whose answer was lost in a crash is asked for again, at the next wake', () => {
    pooled()
      .cancel()
      .after(MINUTE_MS)
      .wake()
      .expectRecords([])
      .expectEffects(['withdraw', 'pull'])
      .expectKeyAsked({ generation: 0 })
      .answered({ result: 'withdrawn' })
      .expectStatus('canceled')
  })

  test('of a step that the signer rejected meanwhile ends as the signer says it, once', () => {
    pooled()
      .cancel()
      .report(rejected())
      .expectRecords(['failed'])
      .answered({ result: 'withdrawn' })
      .expectRecords([])
      .expectStatus('failed')
  })

  test('of an unsent answer changes nothing where nothing was asked', () => {
    pooled()
      .answered({ result: 'withdrawn' })
      .expectRecords([])
      .answered({ result: 'in_slot', nonce: NONCE })
      .expectRecords([])
  })
})

describe('in a slot', () => {
  test.each([
    ['signed', slot()],
    ['broadcast', slot({ sent: 'broadcast' })],
    ['unclear', slot({ sent: 'unclear' })],
  ] as const)(
    'a cancel of what is %s is a wish, and is asked for again until the slot is at its end',
    (status, standing) => {
      pooled()
        .report(standing)
        .expectStatus(status)
        .cancel()
        .expectAnswer({ result: 'awaited' })
        .expectRecords(['withdraw_requested'])
        .expectEffects(['withdraw'])
        .answered({ result: 'in_slot', nonce: NONCE })
        .after(MINUTE_MS)
        .wake()
        .expectEffects(['withdraw', 'pull'])
        .report(CLOSED)
        .expectStatus('canceled')
    },
  )

  test.each([
    ['mined', inBlock(100, 'reverted')],
    ['confirmed', inBlock(100)],
    ['finalized', final(100)],
    ['failed', final(100, 'reverted')],
  ] as const)('a cancel of what is %s is too late, and nothing is written', (status, standing) => {
    pooled()
      .report(standing)
      .expectStatus(status)
      .cancel()
      .expectAnswer({ result: 'too_late' })
      .expectRecords([])
      .expectEffects([])
  })
})

describe('a repeated cancel', () => {
  test('with the same key: the same answer, and the signer is asked again, but nothing is written twice', () => {
    pooled()
      .cancel('a')
      .cancel('a')
      .expectAnswer({ result: 'awaited' })
      .expectRecords([])
      .expectEffects(['withdraw'])
      .answered({ result: 'withdrawn' })
      .cancel('a')
      .expectAnswer({ result: 'canceled' })
      .expectRecords([])
  })

  test('with another key: a conflict, while it is awaited and after it was done', () => {
    pooled()
      .cancel('a')
      .cancel('b')
      .expectAnswer({ result: 'other_command' })
      .expectEffects([])
      .answered({ result: 'withdrawn' })
      .cancel('b')
      .expectAnswer({ result: 'other_command' })
      .expectRecords([])
  })
})

describe('the deadline', () => {
  test('before any signer was asked ends it at the next wake', () => {
    scenario()
      .create({ deadline: DEADLINE })
      .after(MINUTE_MS)
      .wake()
      .expectRecords(['withdraw_requested', 'expired'])
      .expectEffects([])
      .expectStatus('expired')
  })

  test.each([
    ['bound', null],
    ['queued', pool()],
    ['held', pool('funds')],
  ])('after %s asks the signer first', (_, standing) => {
    const bound = scenario().create({ deadline: DEADLINE }).bind()
    const waiting = standing === null ? bound : bound.report(standing)
    waiting
      .after(MINUTE_MS - 1)
      .wake()
      .expectRecords([])
      .after(1)
      .wake()
      .expectRecords(['withdraw_requested'])
      .expectEffects(['withdraw'])
      .answered({ result: 'withdrawn' })
      .expectRecords(['expired'])
      .expectStatus('expired')
  })

  test('that finds it in a slot changes nothing', () => {
    scenario()
      .create({ deadline: DEADLINE })
      .bind()
      .report(slot({ sent: 'broadcast' }))
      .after(MINUTE_MS)
      .wake()
      .expectRecords([])
      .expectEffects(['pull'])
      .report(final(100))
      .expectStatus('finalized')
  })

  test('while a cancel is awaited leaves the cause to the cancel', () => {
    scenario()
      .create({ deadline: DEADLINE })
      .bind()
      .cancel()
      .after(MINUTE_MS)
      .wake()
      .expectRecords([])
      .answered({ result: 'withdrawn' })
      .expectStatus('canceled')
  })

  test('that is awaited becomes a cancel by one that comes later: that one also counts in a slot', () => {
    scenario()
      .create({ deadline: DEADLINE })
      .bind()
      .after(MINUTE_MS)
      .wake()
      .cancel('a')
      .expectAnswer({ result: 'awaited' })
      .expectRecords(['withdraw_requested'])
      .answered({ result: 'withdrawn' })
      .expectStatus('canceled')
      .cancel('a')
      .expectAnswer({ result: 'canceled' })
  })
})

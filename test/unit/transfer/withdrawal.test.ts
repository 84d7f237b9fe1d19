// Guarantee (T1, T2, T7): a wish to end a transfer is always answered, in every race with its slot, and never blocks it.

import { describe, test } from 'vitest'
import { addMs, MINUTE_MS } from '../../../src/shared/lib/time.ts'
import { SIGNER, START, stepKeyOf } from '../../support/domain-values.ts'
import { CLOSED, NONCE, pool, slot } from '../../support/standings.ts'
import { scenario } from '../../support/transfer-scenario.ts'

const DEADLINE = addMs(START, MINUTE_MS)
const pooled = () => scenario().create().bind().report(pool())

describe('a wish that is awaited when the slot is closed', () => {
  test('is fulfilled: nothing can run the step any more', () => {
    pooled()
      .cancel()
      .report(CLOSED)
      .expectStatus('canceled')
      .expectState({ withdrawal: { answer: 'done' } })
    scenario()
      .create({ deadline: DEADLINE })
      .bind()
      .after(MINUTE_MS)
      .wake()
      .report(CLOSED)
      .expectStatus('expired')
  })

  test('needs no late answer', () => {
    pooled().cancel().report(CLOSED).answered({ result: 'in_slot', nonce: NONCE }).expectStatus('canceled')
  })
})

describe('a wish of which the signer says that the step is in a slot, before there is other news of it', () => {
  const inSlot = () => pooled().cancel('a').answered({ result: 'in_slot', nonce: NONCE })

  test('is still a wish, also when it is repeated', () => {
    inSlot().cancel('a').expectAnswer({ result: 'awaited' }).expectRecords([]).expectEffects(['withdraw'])
  })

  test('is not that of another key', () => {
    inSlot().cancel('b').expectAnswer({ result: 'other_command' }).expectRecords([])
  })

  test('is fulfilled when the slot is closed', () => {
    inSlot().report(CLOSED).expectRecords(['closed', 'canceled']).expectStatus('canceled')
  })

  test('of a deadline is recorded once, and the signer is asked for the slot from then on', () => {
    scenario()
      .create({ deadline: DEADLINE })
      .bind()
      .after(MINUTE_MS)
      .wake()
      .answered({ result: 'in_slot', nonce: NONCE })
      .after(MINUTE_MS)
      .wake()
      .expectRecords([])
      .expectEffect({ do: 'pull', signer: SIGNER, key: stepKeyOf(1) })
      .report(slot())
      .expectStatus('signed')
  })
})

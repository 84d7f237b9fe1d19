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

describe('a wish that the signer refused, before the news of the slot is there', () => {
  const refused = () => pooled().cancel('a').answered({ result: 'in_slot', nonce: NONCE })

  test('is answered as too late, also when it is repeated', () => {
    refused().cancel('a').expectAnswer({ result: 'too_late' }).expectRecords([]).expectEffects([])
  })

  test('is too late under another key, too', () => {
    refused().cancel('b').expectAnswer({ result: 'too_late' }).expectRecords([])
  })

  test('may be made again for the next generation', () => {
    refused()
      .report(CLOSED)
      .bind()
      .report(pool())
      .cancel('a')
      .expectAnswer({ result: 'awaited' })
      .expectRecords(['withdraw_requested'])
      .expectEffects(['withdraw'])
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

// Guarantee (T11): a command to have a transfer sooner is in its log before the signer is told, and told again until the
// transfer is in a block; what it cannot change any more it refuses.

import { describe, test } from 'vitest'
import { CLOSED, final, inBlock, pool, slot } from '../../support/standings.ts'
import { scenario } from '../../support/transfer-scenario.ts'

const pooled = () => scenario().create().bind().report(pool())
const sent = () => pooled().report(slot({ sent: 'broadcast' }))

describe('a speed-up', () => {
  test('before any signer was asked makes it a fast one', () => {
    scenario()
      .create()
      .speedUp()
      .expectAnswer({ result: 'asked' })
      .expectRecords(['speed_up_requested'])
      .expectEffects([])
      .bind()
      .expectAnswerMatching({ result: 'bound', request: { speed: 'fast' } })
  })

  test.each([
    ['in a pool', pooled],
    ['with a node', sent],
  ])('of one that is %s is recorded, and its signer told', (_, make) => {
    make()
      .speedUp()
      .expectAnswer({ result: 'asked' })
      .expectRecords(['speed_up_requested'])
      .expectEffects(['hasten'])
      .expectKeyAsked({ generation: 0 })
  })

  test('is told again with each wake, until it is in a block', () => {
    sent()
      .speedUp()
      .wake()
      .expectEffects(['hasten', 'pull'])
      .report(inBlock(100))
      .wake()
      .expectEffects(['pull'])
  })

  test('twice under one key is one, under another key another', () => {
    sent()
      .speedUp('one')
      .speedUp('one')
      .expectAnswer({ result: 'asked' })
      .expectRecords([])
      .expectEffects(['hasten'])
      .speedUp('two')
      .expectRecords(['speed_up_requested'])
  })

  test('holds for the next generation as well', () => {
    sent()
      .speedUp()
      .report(CLOSED)
      .bind()
      .expectAnswerMatching({ result: 'bound', key: { generation: 1 }, request: { speed: 'fast' } })
  })

  test('comes too late for what is in a block or has ended; repeated it gets the answer that it had', () => {
    sent().report(inBlock(100)).speedUp().expectAnswer({ result: 'too_late' }).expectRecords([])
    sent().report(final(100)).speedUp().expectAnswer({ result: 'too_late' })
    sent()
      .speedUp('one')
      .report(final(100))
      .speedUp('one')
      .expectAnswer({ result: 'asked' })
      .expectEffects([])
  })

  test('of what is being taken back is refused', () => {
    pooled().cancel().speedUp().expectAnswer({ result: 'withdrawing' }).expectRecords([])
  })

  test('of nothing is of nothing', () => {
    scenario().speedUp().expectAnswer({ result: 'unknown' }).expectRecords([])
  })
})

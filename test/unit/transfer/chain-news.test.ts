// Guarantee (T3, T5): what the chain undoes is taken back, a slot that cannot run the step gives it back to the queue, and
// confirmed is said at the depth that was asked for.

import { describe, test } from 'vitest'
import { txHashOf } from '../../support/domain-values.ts'
import {
  attempt,
  CLOSED,
  final,
  inBlock,
  inclusionIn,
  NONCE,
  pool,
  STRANGER,
  slot,
} from '../../support/standings.ts'
import { type Scenario, scenario } from '../../support/transfer-scenario.ts'

const bound = (confirmations?: number): Scenario => scenario(confirmations).create().bind()

describe('a reorg', () => {
  test('takes back the block, and the transfer is with the nodes again', () => {
    bound()
      .report(inBlock(100))
      .report(slot({ sent: 'broadcast' }))
      .expectRecord({ kind: 'orphaned', inclusion: inclusionIn(100) })
      .expectRecords(['orphaned'])
      .expectStatus('broadcast')
      .report(inBlock(101))
      .expectRecords(['mined', 'confirmed'])
      .report(final(101))
      .expectStatus('finalized')
  })

  test('into another block is one turn, and is confirmed anew', () => {
    bound(2)
      .report(inBlock(100))
      .measured(2, 2)
      .expectStatus('confirmed')
      .report(inBlock(101))
      .expectRecords(['orphaned', 'mined'])
      .expectStatus('mined')
      .expectState({ inclusion: inclusionIn(101) })
  })

  test('into another block that is final at once is one turn', () => {
    bound()
      .report(inBlock(100))
      .report(final(101))
      .expectRecords(['orphaned', 'mined', 'confirmed', 'finalized'])
      .expectState({ phase: 'finalized', inclusion: inclusionIn(101) })
  })

  test('may change what came of it', () => {
    bound()
      .report(inBlock(100))
      .report(inBlock(101, 'reverted'))
      .expectRecords(['orphaned', 'mined'])
      .expectStatus('mined')
      .report(final(101, 'reverted'))
      .expectStatus('failed')
  })
})

describe('a slot that was closed', () => {
  test('sends the step back to the queue, under the next generation', () => {
    bound()
      .report(slot({ sent: 'broadcast' }))
      .report(CLOSED)
      .expectRecord({ kind: 'closed', nonce: NONCE, by: STRANGER })
      .expectEffects(['enqueue'])
      .expectAnswer({ acknowledged: true })
      .expectStatus('accepted')
      .expectState({ generation: 1 })
      .bind()
      .expectRecords(['bound'])
      .expectState({ generation: 1, seen_view: 0 })
  })

  test('takes back a block first', () => {
    bound().report(inBlock(100)).report(CLOSED).expectRecords(['orphaned', 'closed']).expectStatus('accepted')
  })

  test('of which nothing was known yet is closed all the same', () => {
    bound().report(CLOSED).expectRecords(['closed']).expectState({ phase: 'accepted', generation: 1 })
  })

  test('is told once: the same news again is of an earlier generation', () => {
    bound()
      .report(CLOSED)
      .report(CLOSED, { generation: 0 })
      .expectRecords([])
      .expectEffects([])
      .expectState({ generation: 1 })
  })

  test('begins the views anew: the next signer counts from its own beginning', () => {
    bound()
      .report(CLOSED, { view: 900 })
      .bind()
      .report(pool(), { view: 3 })
      .expectRecords(['queued'])
      .expectState({ seen_view: 3 })
  })

  test('can be canceled before it is admitted again', () => {
    bound().report(CLOSED).cancel().expectAnswer({ result: 'canceled' }).expectStatus('canceled')
  })
})

describe('attempts', () => {
  test('that joined since are told, each once', () => {
    const second = attempt(1, txHashOf(0x52))
    bound()
      .report(slot({ sent: 'broadcast' }))
      .report(slot({ sent: 'signed', attempts: [attempt(), second] }))
      .expectRecord({ kind: 'signed', nonce: NONCE, attempt: second })
      .expectRecords(['signed'])
      .expectStatus('broadcast')
      .expectState({ slot: { nonce: NONCE, attempts: [attempt(), second] } })
  })

  test('once with a node are never said to be less', () => {
    for (const sent of ['signed', 'unclear'] as const) {
      bound()
        .report(slot({ sent: 'broadcast' }))
        .report(slot({ sent }))
        .expectRecords([])
        .expectStatus('broadcast')
    }
  })
})

describe('confirmations', () => {
  test('of more than one are measured, and only at the depth asked for', () => {
    bound(3)
      .report(inBlock(100))
      .expectRecords(['signed', 'broadcast', 'mined'])
      .measured(3, 2)
      .expectRecords([])
      .measured(3, null)
      .expectRecords([])
      .measured(3, 4)
      .expectRecord({ kind: 'confirmed', confirmations: 4 })
      .expectStatus('confirmed')
      .measured(3, 5)
      .expectRecords([])
  })

  test("are the transfer's own where it asked, else the chain's", () => {
    scenario(5).create({ confirmations: 1 }).bind().report(inBlock(100)).expectStatus('confirmed')
    scenario(1).create({ confirmations: 5 }).bind().report(inBlock(100)).expectStatus('mined')
  })

  test('are not counted for what did not succeed', () => {
    bound(2).report(inBlock(100, 'reverted')).measured(2, 9).expectRecords([]).expectStatus('mined')
  })

  test('need not be reached: what is final is final', () => {
    bound(100).report(final(100)).expectRecords(['signed', 'broadcast', 'mined', 'finalized'])
  })

  test('of what is not mined are no news', () => {
    scenario().measured(1, 9).expectRecords([])
    bound().measured(1, 9).expectRecords([])
    bound().report(slot()).measured(1, 9).expectRecords([])
  })
})

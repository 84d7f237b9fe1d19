// Guarantee (T3, T4, T5): a signer's report is the whole truth as of a view, so late, doubled and lost ones change
// nothing but the time; and what is final was said to be final.

import { describe, expect, test } from 'vitest'
import { report } from '../../../src/shared/transfer/decide.ts'
import { NO_TRANSFER } from '../../../src/shared/transfer/state.ts'
import type { StepStanding } from '../../../src/shared/transfer/step-report.ts'
import { SIGNER, stepKeyOf } from '../../support/domain-values.ts'
import {
  attempt,
  CLOSED,
  final,
  HASH,
  inBlock,
  inclusionIn,
  NONCE,
  pool,
  rejected,
  slot,
  UNKNOWN,
  WITHDRAWN,
} from '../../support/standings.ts'
import { type Scenario, scenario } from '../../support/transfer-scenario.ts'

const bound = (confirmations?: number): Scenario => scenario(confirmations).create().bind()

describe('a good life', () => {
  test('is told step by step', () => {
    bound()
      .report(pool('funds'))
      .expectStatus('held')
      .expectState({ reason: 'funds' })
      .report(pool())
      .expectStatus('queued')
      .report(slot())
      .expectStatus('signed')
      .report(slot({ sent: 'unclear' }))
      .expectRecords(['unclear'])
      .expectStatus('unclear')
      .report(slot({ sent: 'broadcast' }))
      .expectRecord({ kind: 'broadcast', hash: HASH })
      .expectStatus('broadcast')
      .report(inBlock(100))
      .expectRecords(['mined', 'confirmed'])
      .expectStatus('confirmed')
      .report(final(100))
      .expectRecords(['finalized'])
      .expectAnswer({ acknowledged: true })
      .expectStatus('finalized')
  })

  test('says what keeps better bytes back, as long as it does, and new bytes and a block end that without a word', () => {
    const cap = { by: 'signer', most: 9n } as const
    bound()
      .report(slot({ sent: 'broadcast', cap }))
      .expectRecords(['signed', 'broadcast', 'capped'])
      .expectState({ phase: 'broadcast', slot: { cap } })
      .report(slot({ sent: 'broadcast', cap }))
      .expectRecords([])
      .report(slot({ sent: 'unclear', cap: { by: 'transfer', most: 8n } }))
      .expectRecords(['capped'])
      .report(slot({ sent: 'broadcast' }))
      .expectRecord({ kind: 'capped', cap: null })
      .report(slot({ sent: 'broadcast', cap }))
      .report(slot({ sent: 'broadcast', attempts: [attempt(), attempt(1)] }))
      .expectRecords(['signed'])
      .expectState({ slot: { cap: null } })
      .report(slot({ sent: 'broadcast', attempts: [attempt(), attempt(1)], cap }))
      .report(inBlock(100))
      .expectRecords(['mined', 'confirmed'])
      .expectState({ slot: { cap: null } })
  })

  test('is told by its last report alone', () => {
    bound()
      .report(final(100))
      .expectRecords(['signed', 'broadcast', 'mined', 'confirmed', 'finalized'])
      .expectAnswer({ acknowledged: true })
      .expectState({ slot: { nonce: NONCE, attempts: [attempt()] }, inclusion: inclusionIn(100) })
  })

  test('is not told twice by a report that comes twice', () => {
    for (const standing of [pool(), pool('fee_cap'), slot(), slot({ sent: 'unclear' }), inBlock(100)]) {
      bound().report(standing, { view: 5 }).report(standing, { view: 5 }).expectRecords([])
      bound().report(standing).report(standing).expectRecords([])
    }
  })

  test.each(['reverted', 'no_effect'] as const)('with outcome %s is a failure, at finality', (outcome) => {
    bound()
      .report(inBlock(100, outcome))
      .expectRecords(['signed', 'broadcast', 'mined'])
      .expectStatus('mined')
      .report(final(100, outcome))
      .expectRecord({ kind: 'failed', failure: outcome, inclusion: inclusionIn(100, outcome) })
      .expectState({ phase: 'failed', slot: { nonce: NONCE, attempts: [attempt()] } })
  })

  test('that ends without a slot failed without one', () => {
    bound()
      .report(pool())
      .report(rejected())
      .expectRecord({ kind: 'failed', failure: 'would_revert', inclusion: null })
      .expectAnswer({ acknowledged: true })
      .expectState({ phase: 'failed', slot: null, inclusion: null })
  })
})

describe('old news', () => {
  test.each<[string, StepStanding]>([
    ['the pool', pool('funds')],
    ['an earlier block', inBlock(99)],
  ])('of %s, from a lower view, changes nothing', (_, standing) => {
    bound()
      .report(inBlock(100), { view: 9 })
      .report(standing, { view: 8 })
      .expectRecords([])
      .expectStatus('confirmed')
  })

  test('of an end counts all the same: nothing undoes it, though the signer has lost what it said after that', () => {
    const inBlockThen = () => bound().report(inBlock(100), { view: 9 })
    inBlockThen()
      .report(final(100), { view: 8 })
      .expectAnswer({ acknowledged: true })
      .expectStatus('finalized')
    inBlockThen().report(CLOSED, { view: 8 }).expectRecords(['orphaned', 'closed'])
  })

  test('of an end for which the signer cannot vouch is none, and may not be forgotten', () => {
    bound().report(slot(), { view: 9 }).report(final(99), { view: 0 }).expectAnswer({ acknowledged: false })
  })

  test('of another generation changes nothing', () => {
    bound()
      .report(CLOSED)
      .bind()
      .expectState({ generation: 1 })
      .report(inBlock(100), { generation: 0 })
      .expectRecords([])
      .report(inBlock(100), { generation: 2 })
      .expectRecords([])
      .expectState({ phase: 'bound' })
  })

  test('of an end of an earlier generation may be forgotten; of a later one it may not', () => {
    const next = bound().report(CLOSED).bind()
    next.report(CLOSED, { generation: 0 }).expectAnswer({ acknowledged: true })
    next.report(CLOSED, { generation: 2 }).expectAnswer({ acknowledged: false })
  })

  test('after the end changes nothing, and may be forgotten', () => {
    const ended = bound().report(final(100))
    for (const standing of [pool(), slot(), inBlock(99), UNKNOWN]) {
      ended.report(standing).expectRecords([]).expectAnswer({ acknowledged: false })
    }
    for (const standing of [CLOSED, final(99), WITHDRAWN, rejected()]) {
      ended.report(standing).expectRecords([]).expectAnswer({ acknowledged: true })
    }
  })

  test('for a transfer that is not there is not acknowledged', () => {
    const news = { ...stepKeyOf(1), signer: SIGNER, view: 1, standing: final(100) }
    expect(report(NO_TRANSFER, news, 1)).toEqual({
      answer: { acknowledged: false },
      records: [],
      effects: [],
    })
  })

  test('of a step that the signer does not know changes nothing', () => {
    bound().report(UNKNOWN).expectRecords([]).expectAnswer({ acknowledged: false })
    bound().report(inBlock(100)).report(UNKNOWN).expectRecords([]).expectStatus('confirmed')
  })
})

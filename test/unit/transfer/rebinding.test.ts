// Guarantee (T16): a transfer from a pool leaves a signer that is in trouble for long, and never before that signer has given
// it back; so no two signers ever have it.

import { describe, expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/shared/lib/time.ts'
import { isOfLaterState } from '../../../src/shared/transfer/old-copy.ts'
import { REBIND_AFTER_MS } from '../../../src/shared/transfer/rebinding.ts'
import type { HoldReason } from '../../../src/shared/transfer/status.ts'
import { addressOf, poolOf, SIGNER, transferIdOf } from '../../support/domain-values.ts'
import { pool, slot, WITHDRAWN } from '../../support/standings.ts'
import { scenario } from '../../support/transfer-scenario.ts'

const [A, B] = [addressOf(0xa1), addressOf(0xa2)]
const held = (reason: HoldReason) =>
  scenario()
    .create({ from: poolOf('payroll') })
    .bind(A)
    .report(pool(reason))
const asked = () => held('funds').after(REBIND_AFTER_MS).wake()

describe('a transfer whose signer is in trouble for long', () => {
  test.each(['funds', 'fenced', 'policy'] as const)('asks for itself back: %s', (reason) => {
    held(reason)
      .after(REBIND_AFTER_MS - 1)
      .wake()
      .expectRecords([])
      .after(1)
      .wake()
      .expectRecord({ kind: 'withdraw_requested', cause: 'rebind', command: null })
      .expectEffects(['withdraw'])
      .expectKeyAsked({ generation: 0 })
  })

  test('also where that never answered', () => {
    scenario()
      .create({ from: poolOf('payroll') })
      .bind(A)
      .after(REBIND_AFTER_MS)
      .wake()
      .expectRecords(['withdraw_requested'])
  })

  test('is chosen for anew when it was given back, and not before', () => {
    asked()
      .bind(B)
      .expectAnswer({ result: 'refused', reason: 'withdrawing' })
      .answered({ result: 'withdrawn' })
      .expectRecords(['unbound'])
      .expectEffects(['enqueue'])
      .expectState({ phase: 'accepted', generation: 1, withdrawal: null })
      .bind(B)
      .expectRecord({ kind: 'bound', generation: 1, signer: B })
  })

  test('the same by the signer’s report, should its answer be lost', () => {
    asked().report(WITHDRAWN).expectRecords(['unbound']).expectEffects(['enqueue'])
  })

  test('asks again after a crash, and a signer that cannot say keeps it', () => {
    asked()
      .answered({ result: 'fenced' })
      .expectRecords([])
      .after(MINUTE_MS)
      .wake()
      .expectRecords([])
      .expectEffects(['withdraw', 'pull'])
  })

  test('stays where it has a slot meanwhile', () => {
    asked()
      .answered({ result: 'in_slot', nonce: 7 })
      .expectRecords(['withdraw_refused'])
      .report(slot())
      .expectState({ phase: 'signed', signer: A, generation: 0 })
    asked().report(slot()).expectRecords(['withdraw_refused', 'signed'])
  })

  test('waits twice as long with the next one', () => {
    asked()
      .answered({ result: 'withdrawn' })
      .bind(B)
      .report(pool('funds'), { view: 1 })
      .after(2 * REBIND_AFTER_MS - 1)
      .wake()
      .expectRecords([])
      .after(1)
      .wake()
      .expectRecords(['withdraw_requested'])
  })

  test('is canceled where that is wanted in between', () => {
    asked()
      .cancel()
      .expectRecords(['withdraw_requested'])
      .answered({ result: 'withdrawn' })
      .expectRecords(['canceled'])
  })
})

test('what it asked for itself moves no transfer, nor does a wait in the line, nor one that names its account', () => {
  for (const reason of ['not_before', 'fee_cap', 'approval'] as const)
    held(reason).after(REBIND_AFTER_MS).wake().expectRecords([])
  const waiting = scenario().create({ from: poolOf('payroll') })
  waiting.bind(A).report(pool()).after(REBIND_AFTER_MS).wake().expectRecords([])
  scenario()
    .create({ from: SIGNER })
    .bind()
    .report(pool('funds'))
    .after(REBIND_AFTER_MS)
    .wake()
    .expectRecords([])
})

test('a copy from before it asked knows by the signer’s word that it is one', () => {
  const news = { transfer: transferIdOf(1), step: 0, generation: 0, signer: A, view: 9, standing: WITHDRAWN }
  expect(isOfLaterState(held('funds').state, news)).toBe(true)
  expect(isOfLaterState(asked().state, news)).toBe(false)
})

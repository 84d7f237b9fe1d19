// Guarantee (T1): what was accepted ends, or has a time at which it wakes and drives itself on; a lost message costs time
// and nothing else.

import { describe, expect, test } from 'vitest'
import { addMs, HOUR_MS, MINUTE_MS } from '../../../src/shared/lib/time.ts'
import {
  CAUGHT_UP,
  isSealable,
  nextWake,
  WAKE_FIRST_MS,
  WAKE_MOST_MS,
} from '../../../src/shared/transfer/next-wake.ts'
import { NO_TRANSFER } from '../../../src/shared/transfer/state.ts'
import type { StepStanding } from '../../../src/shared/transfer/step-report.ts'
import { START } from '../../support/domain-values.ts'
import { CLOSED, final, inBlock, pool, slot } from '../../support/standings.ts'
import { BLOCK_TIME_MS, FINALITY_MS, type Scenario, scenario } from '../../support/transfer-scenario.ts'

const told = (standing: StepStanding, confirmations?: number): Scenario =>
  scenario(confirmations).create().bind().report(standing)

describe('a wake', () => {
  test.each<[string, () => Scenario, Parameters<Scenario['expectEffects']>[0]]>([
    ['accepted', () => scenario().create(), ['enqueue']],
    ['bound', () => scenario().create().bind(), ['pull', 'enqueue']],
    ['queued', () => told(pool()), ['pull', 'enqueue']],
    ['held', () => told(pool('funds')), ['pull', 'enqueue']],
    ['signed', () => told(slot()), ['pull']],
    ['broadcast', () => told(slot({ sent: 'broadcast' })), ['pull']],
    ['unclear', () => told(slot({ sent: 'unclear' })), ['pull']],
    ['mined', () => told(inBlock(100), 3), ['pull', 'measure']],
    ['confirmed', () => told(inBlock(100)), ['pull']],
    ['finalized', () => told(final(100)), []],
    ['canceled', () => scenario().create().cancel(), []],
  ])('in %s writes nothing and asks whoever knows more', (_, reach, effects) => {
    reach().after(HOUR_MS).wake().expectRecords([]).expectEffects(effects)
  })

  test('asks about the admission that is running', () => {
    told(CLOSED).bind().wake().expectKeyAsked({ generation: 1, step: 0 })
  })

  test('of a transfer that is not there does nothing', () => {
    scenario().wake().expectRecords([]).expectEffects([])
  })

  test('asks for the depth that the transfer wants, else the chain', () => {
    const mined = (confirmations: number | null) =>
      scenario(3).create({ confirmations }).bind().report(inBlock(100)).wake()
    mined(7).expectEffect({ do: 'measure', needed: 7 })
    mined(null).expectEffect({ do: 'measure', needed: 3 })
  })
})

describe('the next wake', () => {
  test('of a transfer that is not there is never', () => {
    const pace = { blockTimeMs: 1, confirmations: 1, finalityMs: 1 }
    expect(nextWake(NO_TRANSFER, START, CAUGHT_UP, pace)).toBeNull()
  })

  test.each<[string, () => Scenario]>([
    ['accepted', () => scenario().create()],
    ['bound', () => scenario().create().bind()],
    ['queued', () => told(pool())],
    ['held', () => told(pool('not_before'))],
    ['signed', () => told(slot())],
    ['broadcast', () => told(slot({ sent: 'broadcast' }))],
    ['unclear', () => told(slot({ sent: 'unclear' }))],
    ['confirmed', () => told(inBlock(100))],
    ['mined without success', () => told(inBlock(100, 'reverted'))],
    ['mined and deep enough at once', () => told(inBlock(100), 1)],
  ])('of %s comes soon after a change, and ever later while nothing changes', (_, reach) => {
    reach().expectNextWake(WAKE_FIRST_MS)
    reach().after(WAKE_FIRST_MS).expectNextWake(WAKE_FIRST_MS)
    reach().after(MINUTE_MS).expectNextWake(MINUTE_MS)
    reach().after(HOUR_MS).expectNextWake(WAKE_MOST_MS)
  })

  test('of what is mined and must lie deeper comes with every block, but not more than once a second', () => {
    told(inBlock(100), 3).expectNextWake(BLOCK_TIME_MS).after(HOUR_MS).expectNextWake(BLOCK_TIME_MS)
  })

  test('is the deadline where that comes first, while it can be given back', () => {
    const deadline = addMs(START, 3_000)
    scenario().create({ deadline }).expectNextWake(3_000)
    scenario().create({ deadline }).bind().expectNextWake(3_000)
    scenario().create({ deadline }).bind().report(pool('funds')).expectNextWake(3_000)
    scenario().create({ deadline }).bind().report(slot()).expectNextWake(WAKE_FIRST_MS)
    scenario().create({ deadline }).after(3_000).expectNextWake(WAKE_FIRST_MS)
  })

  test.each(['isProjected', 'isArchived', 'isSealedArchived'] as const)(
    'of an ended transfer comes again while it is not %s, and then never',
    (reader) => {
      for (const reach of [() => told(final(100)), () => scenario().create().cancel()]) {
        reach()
          .expectNextWake(null)
          .expectNextWake(WAKE_FIRST_MS, { [reader]: false })
        reach()
          .after(HOUR_MS)
          .expectNextWake(WAKE_MOST_MS, { [reader]: false })
      }
    },
  )

  test('of an ended transfer is when its log is sealed: twice the time to finality after its end', () => {
    const unsealed = { isSealed: false }
    told(final(100)).expectNextWake(2 * FINALITY_MS, unsealed)
    told(final(100))
      .after(HOUR_MS)
      .expectNextWake(2 * FINALITY_MS - HOUR_MS, unsealed)
    told(final(100))
      .after(2 * FINALITY_MS)
      .expectNextWake(WAKE_FIRST_MS, unsealed)
    // What the log's readers do not have comes first.
    told(final(100)).expectNextWake(WAKE_FIRST_MS, { ...unsealed, isArchived: false })
  })

  test('an ended transfer waits an hour with sealing also where finality comes at once', () => {
    const { state } = told(final(100))
    const pace = { blockTimeMs: 1, confirmations: 1, finalityMs: 0 }
    expect(isSealable(state, addMs(START, HOUR_MS - 1), pace)).toBe(false)
    expect(isSealable(state, addMs(START, HOUR_MS), pace)).toBe(true)
    expect(isSealable(told(slot()).state, addMs(START, 24 * HOUR_MS), pace)).toBe(false)
    expect(isSealable(NO_TRANSFER, START, pace)).toBe(false)
  })
})

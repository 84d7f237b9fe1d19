// What records of slots do: the part of evolve that is about nonces. Answers the steps that came to their end by it.

import { assert, assertNever } from '../../lib/assert.ts'
import type { UnixMs } from '../../lib/time.ts'
import { type StepInclusion, stepKeyText } from '../../transfer/step-report.ts'
import { recallCarried, spend } from './evolve-carried.ts'
import {
  changeSlot,
  close,
  fillHole,
  giveUp,
  include,
  inclusionOf,
  openSlot,
  orphan,
  recall,
  release,
  replace,
  type StepEnd,
  sent,
  settle,
  sign,
  slotAt,
} from './line.ts'
import type { SignerRecord } from './records.ts'
import type { Close, OpenSlot, SlotInclusion } from './slot.ts'
import type { SignerState } from './state.ts'
import { slottedFromPool } from './take-from-pool.ts'

type Recorded<Kind extends SignerRecord['kind']> = Extract<SignerRecord, { kind: Kind }>

export type SlotRecord = Recorded<
  | 'reserved'
  | 'batched'
  | 'delegating'
  | 'closing'
  | 'filling'
  | 'capped'
  | 'replacing'
  | 'released'
  | 'recalled'
  | 'given_up'
  | 'signed'
  | 'sent'
  | 'mined'
  | 'included'
  | 'settled'
  | 'orphaned'
  | 'usurped'
  | 'finalized'
  | 'closed'
>

const NO_ENDS: readonly StepEnd[] = []

export function evolveSlot(state: SignerState, record: SlotRecord, at: UnixMs): readonly StepEnd[] {
  if ('view' in record) state.chainView = record.view
  switch (record.kind) {
    case 'reserved':
      reserve(state, record)
      return NO_ENDS
    case 'batched':
      batch(state, record)
      return NO_ENDS
    case 'delegating':
      openSlot(state, record.nonce, { kind: 'delegation', to: record.to, fillersFrom: null }, record)
      return NO_ENDS
    case 'closing':
      openSlot(state, record.nonce, { kind: 'closing', id: record.batch, closes: record.closes }, record)
      return NO_ENDS
    case 'filling':
      fillHole(state, record)
      return NO_ENDS
    case 'capped':
      changeSlot(state, record.nonce, { cap: record.cap })
      return NO_ENDS
    case 'replacing':
      replace(state, record)
      return NO_ENDS
    case 'released':
      refuseDelegation(state)
      release(state, record.nonce)
      return NO_ENDS
    case 'recalled':
      if (state.carriedOf.has(stepKeyText(record.key))) recallCarried(state, record.key)
      else recall(state, record.key)
      return NO_ENDS
    case 'given_up':
      refuseDelegation(state)
      giveUp(state, record.nonce)
      return NO_ENDS
    case 'signed':
      sign(state, record, at)
      return NO_ENDS
    case 'sent':
      sent(state, record)
      return NO_ENDS
    case 'mined':
      include(state, record.nonce, alone(record.inclusion))
      return NO_ENDS
    case 'included':
      include(state, record.nonce, inclusionOf(state, record))
      return NO_ENDS
    case 'orphaned':
      orphan(state, record.nonce)
      return NO_ENDS
    case 'usurped':
      changeSlot(state, record.nonce, { inclusion: null, usurper: record.hash, cap: null })
      return NO_ENDS
    case 'finalized':
      include(state, record.nonce, alone(record.inclusion))
      return settle(state, record.nonce)
    case 'settled':
      spend(state, usedBefore(slotAt(state, record.nonce)))
      return settle(state, record.nonce)
    case 'closed':
      return close(state, record.nonce, record.hash)
    default:
      return assertNever(record)
  }
}

function refuseDelegation(state: SignerState): void {
  state.isDelegationRefused = true
  state.wantedCode = null
}

function reserve(state: SignerState, record: Recorded<'reserved'>): void {
  const step = slottedFromPool(state, record.key, record)
  openSlot(state, record.nonce, { kind: 'step', step }, record)
}

function batch(state: SignerState, record: Recorded<'batched'>): void {
  const steps = record.steps.map(({ key, number, gas, untried }) => {
    assert(number >= state.nextNumber, 'a number is never given twice')
    state.nextNumber = number + 1n
    return { ...slottedFromPool(state, key, { untried }), number, gas }
  })
  openSlot(state, record.nonce, { kind: 'batch', id: record.batch, steps }, record)
}

/** Numbers that a closing of ours found used up. */
function usedBefore({ work, inclusion }: OpenSlot): readonly Close[] {
  if (work.kind !== 'closing') return []
  return work.closes.filter((_, place) => inclusion?.results[place]?.outcome === 'number_used')
}

/** Of a transaction that is one step's own. */
function alone({ outcome, delivered_amount, ...inclusion }: StepInclusion): SlotInclusion {
  return { ...inclusion, results: [{ outcome, delivered_amount }] }
}

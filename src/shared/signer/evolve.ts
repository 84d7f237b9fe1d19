// evolve(state, record): the only way in which a signer changes. Owns and changes the state it is given.

import { assert, assertDefined, assertNever } from '../lib/assert.ts'
import type { UnixMs } from '../lib/time.ts'
import { type StepInclusion, type StepKey, stepKeyText } from '../transfer/step-report.ts'
import {
  changeSlot,
  close,
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
} from './line.ts'
import type { SignerRecord } from './records.ts'
import type { SlotInclusion, SlottedStep } from './slot.ts'
import type { EndedStep, PooledStep, SignerState } from './state.ts'

type Recorded<Kind extends SignerRecord['kind']> = Extract<SignerRecord, { kind: Kind }>

export function evolve(state: SignerState, record: SignerRecord, turn: { readonly at: UnixMs }): SignerState {
  switch (record.kind) {
    case 'opened':
      assert(state.identity === null, 'a signer is opened once')
      state.identity = { tenant: record.tenant, chain: record.chain, address: record.address }
      return state
    case 'adopted':
      assert(state.nextNonce === null, 'a nonce line is adopted once')
      state.nextNonce = record.nonce
      return state
    case 'admitted':
      return admit(state, record)
    case 'held':
      return changePooled(state, record.key, { held: record.reason })
    case 'doubted':
      return changePooled(state, record.key, { doubtedAt: record.block_number })
    case 'rejected':
      takeFromPool(state, record.key)
      return end(state, record.key, { at: 'rejected', failure: record.failure }, turn.at)
    case 'withdrawn':
      state.pool.delete(stepKeyText(record.key))
      return end(state, record.key, { at: 'withdrawn' }, turn.at)
    case 'reserved': {
      const { key, nonce } = record
      openSlot(state, nonce, { kind: 'step', step: slotted(takeFromPool(state, key)) }, record)
      return state
    }
    case 'batched':
      return batch(state, record)
    case 'delegating':
      openSlot(state, record.nonce, { kind: 'delegation', to: record.to, fillersFrom: null }, record)
      return state
    case 'replacing':
      replace(state, record)
      return state
    case 'released':
      release(state, record.nonce)
      state.isDelegationRefused = true
      return state
    case 'recalled':
      recall(state, record.key)
      return state
    case 'given_up':
      giveUp(state, record.nonce)
      state.isDelegationRefused = true
      return state
    case 'signed':
      sign(state, record)
      return state
    case 'sent':
      sent(state, record)
      return state
    case 'mined':
      state.chainView = record.view
      include(state, record.nonce, alone(record.inclusion))
      return state
    case 'included':
      state.chainView = record.view
      include(state, record.nonce, inclusionOf(state, record))
      return state
    case 'orphaned':
      state.chainView = record.view
      orphan(state, record.nonce)
      return state
    case 'usurped':
      state.chainView = record.view
      changeSlot(state, record.nonce, { inclusion: null, usurper: record.hash })
      return state
    case 'finalized':
      state.chainView = record.view
      include(state, record.nonce, alone(record.inclusion))
      return endAll(state, settle(state, record.nonce), turn.at)
    case 'settled':
      state.chainView = record.view
      return endAll(state, settle(state, record.nonce), turn.at)
    case 'closed':
      state.chainView = record.view
      return endAll(state, close(state, record.nonce, record.hash), turn.at)
    case 'skipped':
      assert(state.nextNonce !== null && record.nonce > state.nextNonce, 'a line only goes forward')
      state.nextNonce = record.nonce
      if (record.view !== null) state.chainView = record.view
      return state
    case 'acknowledged':
      for (const key of record.keys) acknowledge(state, key)
      return state
    case 'forgotten':
      for (const key of record.keys) state.ended.delete(stepKeyText(key))
      return state
    default:
      return assertNever(record)
  }
}

function admit(state: SignerState, record: Recorded<'admitted'>): SignerState {
  const text = stepKeyText(record.key)
  const isNew = !state.pool.has(text) && !state.slotOf.has(text) && !state.ended.has(text)
  assert(isNew, 'a step is admitted once')
  const { key, action, not_before, max_fee_per_gas, batch, speed, deadline } = record
  state.pool.set(text, {
    key,
    action,
    not_before,
    max_fee_per_gas,
    batch: batch ?? 'auto',
    speed: speed ?? 'standard',
    deadline: deadline ?? null,
    held: null,
    doubtedAt: null,
  })
  return state
}

function batch(state: SignerState, record: Recorded<'batched'>): SignerState {
  const { nonce, batch: id } = record
  const steps = record.steps.map(({ key, number, gas }) => {
    assert(number >= state.nextNumber, 'a number is never given twice')
    state.nextNumber = number + 1n
    return { ...slotted(takeFromPool(state, key)), number, gas }
  })
  openSlot(state, nonce, { kind: 'batch', id, steps }, record)
  return state
}

function slotted({ key, action, max_fee_per_gas: cap }: PooledStep): SlottedStep {
  return { key, action, cap, isRecalled: false }
}

/** Of a transaction that is one step's own. */
function alone({ outcome, delivered_amount, ...inclusion }: StepInclusion): SlotInclusion {
  return { ...inclusion, results: [{ outcome, delivered_amount }] }
}

function acknowledge(state: SignerState, key: StepKey): void {
  const text = stepKeyText(key)
  const step = assertDefined(state.ended.get(text), 'only an ended step is acknowledged')
  state.ended.set(text, { ...step, isAcknowledged: true })
}

function end(state: SignerState, key: StepKey, standing: EndedStep['standing'], at: UnixMs): SignerState {
  state.ended.set(stepKeyText(key), { key, standing, ended_at: at, isAcknowledged: false })
  return state
}

function endAll(state: SignerState, ends: readonly StepEnd[], at: UnixMs): SignerState {
  for (const { key, standing } of ends) end(state, key, standing, at)
  return state
}

function takeFromPool(state: SignerState, key: StepKey): PooledStep {
  const text = stepKeyText(key)
  const step = assertDefined(state.pool.get(text), 'the step waits in the pool')
  state.pool.delete(text)
  return step
}

function changePooled(state: SignerState, key: StepKey, change: Partial<PooledStep>): SignerState {
  const text = stepKeyText(key)
  const step = assertDefined(state.pool.get(text), 'the step waits in the pool')
  state.pool.set(text, { ...step, ...change })
  return state
}

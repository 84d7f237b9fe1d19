// evolve(state, record): the only way in which a signer changes. Owns and changes the state it is given.

import { assert, assertDefined, assertNever } from '../lib/assert.ts'
import type { UnixMs } from '../lib/time.ts'
import { type StepKey, stepKeyText } from '../transfer/step-report.ts'
import type { SignerRecord } from './records.ts'
import { slotStanding } from './standing.ts'
import type { EndedStep, OpenSlot, PooledStep, SignerState } from './state.ts'

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
    case 'reserved':
      return reserve(state, record)
    case 'signed':
      return sign(state, record)
    case 'sent':
      return changeSlot(state, record.nonce, sent(slotAt(state, record.nonce), record))
    case 'mined':
      state.chainView = record.view
      return changeSlot(state, record.nonce, {
        inclusion: record.inclusion,
        usurper: null,
        sent: 'broadcast',
      })
    case 'orphaned':
      state.chainView = record.view
      return changeSlot(state, record.nonce, { inclusion: null, usurper: null })
    case 'usurped':
      state.chainView = record.view
      return changeSlot(state, record.nonce, { inclusion: null, usurper: record.hash })
    case 'finalized':
      return finalize(state, record, turn.at)
    case 'closed':
      return close(state, record, turn.at)
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
  const { key, action, not_before, max_fee_per_gas } = record
  state.pool.set(text, { key, action, not_before, max_fee_per_gas, held: null, doubtedAt: null })
  return state
}

function reserve(state: SignerState, record: Recorded<'reserved'>): SignerState {
  assert(record.nonce === state.nextNonce, 'the nonce line is dense')
  const { action } = takeFromPool(state, record.key)
  const { nonce, key, gas_limit, max_fee_per_gas, max_priority_fee_per_gas } = record
  state.nextNonce = nonce + 1
  state.slotOf.set(stepKeyText(key), nonce)
  state.slots.set(nonce, {
    nonce,
    key,
    action,
    gas_limit,
    max_fee_per_gas,
    max_priority_fee_per_gas,
    attempts: [],
    sent: 'signed',
    answer: null,
    inclusion: null,
    usurper: null,
  })
  return state
}

function sign(state: SignerState, record: Recorded<'signed'>): SignerState {
  const slot = slotAt(state, record.nonce)
  assert(record.attempt.index === slot.attempts.length, 'attempts are counted')
  const attempts = [...slot.attempts, { ...record.attempt, raw: record.raw }]
  return changeSlot(state, record.nonce, { attempts, sent: 'signed', answer: null })
}

/** A later refusal takes nothing back: once a node had the bytes they may be anywhere. */
function sent(slot: OpenSlot, record: Recorded<'sent'>): Partial<OpenSlot> {
  const { class: answer } = record
  if (answer === 'accepted' || answer === 'known') return { sent: 'broadcast', answer }
  const isQuestion = answer === 'unclear' || answer === 'nonce_used' || answer === 'held_slot'
  return isQuestion && slot.sent === 'signed' ? { sent: 'unclear', answer } : { answer }
}

function finalize(state: SignerState, record: Recorded<'finalized'>, at: UnixMs): SignerState {
  state.chainView = record.view
  const slot = { ...slotAt(state, record.nonce), inclusion: record.inclusion }
  removeSlot(state, slot)
  return end(state, slot.key, { ...slotStanding(slot), final: true }, at)
}

function close(state: SignerState, record: Recorded<'closed'>, at: UnixMs): SignerState {
  state.chainView = record.view
  const slot = slotAt(state, record.nonce)
  removeSlot(state, slot)
  return end(state, slot.key, { at: 'closed', nonce: record.nonce, by: record.hash }, at)
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

function slotAt(state: SignerState, nonce: number): OpenSlot {
  return assertDefined(state.slots.get(nonce), `slot ${nonce} is open`)
}

function changeSlot(state: SignerState, nonce: number, change: Partial<OpenSlot>): SignerState {
  state.slots.set(nonce, { ...slotAt(state, nonce), ...change })
  return state
}

function removeSlot(state: SignerState, slot: OpenSlot): void {
  state.slots.delete(slot.nonce)
  state.slotOf.delete(stepKeyText(slot.key))
}

// evolve(state, record): the only way in which a signer changes. Owns and changes the state it is given.

import { assert, assertDefined } from '../../lib/assert.ts'
import type { UnixMs } from '../../lib/time.ts'
import { type StepKey, stepKeyText } from '../../transfer/step-report.ts'
import { evolveCarried } from './evolve-carried.ts'
import { evolveSlot } from './evolve-slot.ts'
import { changeStep, isNoCode, type StepEnd } from './line.ts'
import type { SignerRecord } from './records.ts'
import type { EndedStep, PooledStep, SignerState } from './state.ts'
import { takeFromPool } from './take-from-pool.ts'

type Recorded<Kind extends SignerRecord['kind']> = Extract<SignerRecord, { kind: Kind }>

export function evolve(state: SignerState, record: SignerRecord, turn: { readonly at: UnixMs }): SignerState {
  switch (record.kind) {
    case 'opened':
      assert(state.identity === null, 'a signer is opened once')
      state.identity = { tenant: record.tenant, chain: record.chain, address: record.address }
      return state
    case 'made_private':
      state.isPrivate = true
      return state
    case 'adopted':
      assert(state.nextNonce === null, 'a nonce line is adopted once')
      state.nextNonce = record.nonce
      return state
    case 'admitted':
      return admit(state, record, turn.at)
    case 'held':
      return changePooled(state, record.key, { held: record.reason, cap: record.cap ?? null })
    case 'doubted':
      return changePooled(state, record.key, { doubtedAt: record.block_number })
    case 'rejected':
      takeFromPool(state, record.key)
      return end(state, record.key, { at: 'rejected', failure: record.failure }, turn.at)
    case 'withdrawn':
      state.pool.delete(stepKeyText(record.key))
      return end(state, record.key, { at: 'withdrawn' }, turn.at)
    case 'hastened':
      return hastened(state, record)
    case 'delegation_asked':
      state.wantedCode = record.to
      state.delegationCommand = record.command
      state.isDelegationRefused = isNoCode(record.to)
      return state
    case 'delegation_met':
      state.wantedCode = null
      return state
    case 'skipped':
      assert(state.nextNonce !== null && record.nonce > state.nextNonce, 'a line only goes forward')
      state.nextNonce = record.nonce
      if (record.view !== null) state.chainView = record.view
      return state
    case 'acknowledged':
      for (const key of record.keys) acknowledge(state, key)
      return state
    case 'forgotten':
      for (const key of record.keys) forget(state, stepKeyText(key))
      return state
    case 'entrusted':
    case 'authorized':
    case 'brought':
    case 'unbrought':
    case 'delivered':
    case 'annulled':
      return endAll(state, evolveCarried(state, record), turn.at)
    default:
      return endAll(state, evolveSlot(state, record, turn.at), turn.at)
  }
}

function admit(state: SignerState, record: Recorded<'admitted'>, at: UnixMs): SignerState {
  const text = stepKeyText(record.key)
  const isUnderWay = state.slotOf.has(text) || state.carriedOf.has(text)
  const isNew = !state.pool.has(text) && !isUnderWay && !state.ended.has(text)
  assert(isNew, 'a step is admitted once')
  const { key, action, not_before, max_fee_per_gas, batch, speed, deadline, carriage_gas } = record
  if (carriage_gas !== undefined) state.carriages.add(text)
  state.pool.set(text, {
    key,
    action,
    not_before,
    max_fee_per_gas,
    batch: batch ?? 'auto',
    speed: speed ?? 'standard',
    hastenedBy: null,
    deadline: deadline ?? null,
    admitted_at: at,
    held: null,
    carriageGas: carriage_gas ?? null,
    cap: null,
    doubtedAt: null,
  })
  return state
}

function hastened(state: SignerState, { key, command }: Recorded<'hastened'>): SignerState {
  if (state.pool.has(stepKeyText(key)))
    return changePooled(state, key, { speed: 'fast', hastenedBy: command })
  changeStep(state, key, { hastenedBy: command }, { isHastened: true })
  return state
}

function acknowledge(state: SignerState, key: StepKey): void {
  const text = stepKeyText(key)
  const step = assertDefined(state.ended.get(text), 'only an ended step is acknowledged')
  state.ended.set(text, { ...step, isAcknowledged: true })
}

/** Of what brings a batch of another account nobody has to be told: who wants to know asks. */
function end(state: SignerState, key: StepKey, standing: EndedStep['standing'], at: UnixMs): SignerState {
  const text = stepKeyText(key)
  state.ended.set(text, { key, standing, ended_at: at, isAcknowledged: state.carriages.has(text) })
  return state
}

function forget(state: SignerState, text: string): void {
  state.ended.delete(text)
  state.carriages.delete(text)
}

function endAll(state: SignerState, ends: readonly StepEnd[], at: UnixMs): SignerState {
  for (const { key, standing } of ends) end(state, key, standing, at)
  return state
}

function changePooled(state: SignerState, key: StepKey, change: Partial<PooledStep>): SignerState {
  const text = stepKeyText(key)
  const step = assertDefined(state.pool.get(text), 'the step waits in the pool')
  state.pool.set(text, { ...step, ...change })
  return state
}

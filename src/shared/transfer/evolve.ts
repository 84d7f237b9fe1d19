// evolve(state, record) -> state: the only way in which a transfer changes. No clock, no I/O; replaying the log gives
// the same state on every machine.

import type { Address } from '../chain/address.ts'
import { assert, assertNever } from '../lib/assert.ts'
import type { UnixMs } from '../lib/time.ts'
import type { By } from '../wal/by.ts'
import type { TransferRecord } from './records.ts'
import type { ExistingTransfer, Slot, TransferBase, TransferState } from './state.ts'
import { TRANSITIONS } from './transitions.ts'

type Recorded<Kind extends TransferRecord['kind']> = Extract<TransferRecord, { kind: Kind }>

/** What a record's group says of all its records. */
export type Turn = { readonly at: UnixMs; readonly by: By }

export function evolve(state: TransferState, record: TransferRecord, turn: Turn): TransferState {
  const { at, by } = turn
  const next = TRANSITIONS[state.phase][record.kind]
  assert(next !== null, `${record.kind} cannot follow in phase ${state.phase}`)
  if (record.kind === 'accepted') return accept(record, at)
  assert(state.phase !== 'none', 'only accepted begins a transfer')
  const seen_view = by.source === 'signer' ? by.view : state.seen_view
  const base = { ...baseOf(state), updated_at: at, seen_view }
  switch (record.kind) {
    case 'bound':
      // Another generation may have another signer, whose views count from their own beginning.
      return { ...base, generation: record.generation, seen_view: 0, phase: 'bound', signer: record.signer }
    case 'queued':
      return { ...base, phase: 'queued', signer: signerOf(state) }
    case 'held':
      return { ...base, phase: 'held', signer: signerOf(state), ...holdOf(record) }
    case 'signed':
      return sign(state, base, record)
    case 'carried':
      return { ...base, phase: 'signed', signer: signerOf(state), slot: carriedSlot(record) }
    case 'capped':
      return capped(state, base, record)
    case 'broadcast':
    case 'unclear':
      return { ...base, phase: record.kind, signer: signerOf(state), slot: slotOf(state) }
    case 'mined':
    case 'finalized':
      return include(state, base, record)
    case 'confirmed':
      assert(state.phase === 'mined', 'only a mined transfer is confirmed')
      return { ...state, ...base, phase: 'confirmed' }
    case 'orphaned':
      return { ...base, phase: 'broadcast', signer: signerOf(state), slot: slotOf(state) }
    case 'failed':
      return {
        ...base,
        phase: 'failed',
        signer: signerOf(state),
        failure: record.failure,
        slot: 'slot' in state ? state.slot : null,
        inclusion: record.inclusion,
      }
    case 'closed':
      // A refusal was about the slot that is gone: the next generation can be given back again.
      return again({ ...base, withdrawal: base.withdrawal?.answer === 'refused' ? null : base.withdrawal })
    case 'unbound':
      return again({ ...base, withdrawal: null })
    case 'retried':
      return again({ ...base, retries: base.retries + 1 })
    case 'speed_up_requested':
      return { ...state, ...base, speed_up: record.command }
    case 'withdraw_requested':
      return {
        ...state,
        ...base,
        withdrawal: { cause: record.cause, command: record.command, answer: 'awaited' },
      }
    case 'withdraw_refused':
      return { ...state, ...base, withdrawal: answered(base, 'refused') }
    case 'expired':
    case 'canceled':
      return { ...base, phase: record.kind, withdrawal: answered(base, 'done') }
    default:
      return assertNever(record)
  }
}

function accept(record: Recorded<'accepted'>, at: UnixMs): TransferState {
  return {
    id: record.transfer,
    tenant: record.tenant,
    fingerprint: record.fingerprint,
    request: record.request,
    created_at: at,
    updated_at: at,
    generation: 0,
    retries: 0,
    speed_up: null,
    seen_view: 0,
    withdrawal: null,
    phase: 'accepted',
  }
}

function holdOf({ reason, cap }: Recorded<'held'>) {
  return cap === undefined ? { reason } : { reason, cap }
}

/** A first attempt opens the slot; a later one joins it and changes nothing else. */
function sign(state: ExistingTransfer, base: TransferBase, record: Recorded<'signed'>): TransferState {
  if (state.phase === 'signed' || state.phase === 'broadcast' || state.phase === 'unclear') {
    assert(state.slot.nonce === record.nonce, 'an attempt belongs to the slot of its step')
    const slot = { ...state.slot, attempts: [...state.slot.attempts, record.attempt], cap: null }
    return { ...base, phase: state.phase, signer: state.signer, slot }
  }
  const slot = { nonce: record.nonce, attempts: [record.attempt], number: record.number ?? null, cap: null }
  return { ...base, phase: 'signed', signer: signerOf(state), slot }
}

function include(
  state: ExistingTransfer,
  base: TransferBase,
  { kind: phase, inclusion }: Recorded<'mined' | 'finalized'>,
): TransferState {
  return { ...base, phase, signer: signerOf(state), slot: { ...slotOf(state), cap: null }, inclusion }
}

function capped(state: ExistingTransfer, base: TransferBase, { cap }: Recorded<'capped'>): TransferState {
  assert(
    state.phase === 'signed' || state.phase === 'broadcast' || state.phase === 'unclear',
    'what is capped is out, and in no block',
  )
  return { ...state, ...base, slot: { ...state.slot, cap } }
}

/** Under the next generation. */
function again(base: TransferBase): TransferState {
  return { ...base, generation: base.generation + 1, phase: 'accepted' }
}

/** Whoever brings it has a nonce and attempts of his own. */
function carriedSlot({ number }: Recorded<'carried'>): Slot {
  return { nonce: null, attempts: [], number, cap: null }
}

function answered(base: TransferBase, answer: 'refused' | 'done'): TransferBase['withdrawal'] {
  return base.withdrawal === null ? null : { ...base.withdrawal, answer }
}

function baseOf(state: ExistingTransfer): TransferBase {
  const { id, tenant, fingerprint, request, created_at, updated_at } = state
  const { generation, retries, speed_up, seen_view, withdrawal } = state
  return {
    id,
    tenant,
    fingerprint,
    request,
    created_at,
    updated_at,
    generation,
    retries,
    speed_up,
    seen_view,
    withdrawal,
  }
}

function signerOf(state: ExistingTransfer): Address {
  assert('signer' in state, `no signer in phase ${state.phase}`)
  return state.signer
}

function slotOf(state: ExistingTransfer): Slot {
  assert('slot' in state && state.slot !== null, `no slot in phase ${state.phase}`)
  return state.slot
}

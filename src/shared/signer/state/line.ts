// The slots of a signer as its records change them: opened at the end of the line, signed, told of, and taken away when
// the chain has decided. Owns and changes the state it is given; only evolve calls it.

import { type Address, isAddress } from '../../chain/address.ts'
import type { TxHash } from '../../chain/hash.ts'
import { assert, assertDefined } from '../../lib/assert.ts'
import type { UnixMs } from '../../lib/time.ts'
import { type StepKey, type StepStanding, sameStep, stepKeyText } from '../../transfer/step-report.ts'
import type { SignerRecord } from './records.ts'
import { resultsOf } from './results.ts'
import {
  type Bid,
  FILLER_GAS,
  highestBid,
  isFiller,
  type OpenSlot,
  runs,
  type SlotInclusion,
  type SlottedStep,
  type SlotWork,
  stepsOf,
  widthOf,
} from './slot.ts'
import { slotStanding } from './standing.ts'
import type { SignerState } from './state.ts'

type Recorded<Kind extends SignerRecord['kind']> = Extract<SignerRecord, { kind: Kind }>
/** A delegation to it takes the code away again (EIP-7702). */
export const NO_CODE = noCode()

function noCode(): Address {
  const zero = `0x${'0'.repeat(40)}`
  assert(isAddress(zero), 'zero is an address')
  return zero
}

export function isNoCode(address: Address): boolean {
  return address === NO_CODE
}

export type StepEnd = {
  readonly key: StepKey
  readonly standing: Exclude<StepStanding, { at: 'pool' | 'unknown' }>
}

export function openSlot(state: SignerState, nonce: number, work: SlotWork, bid: Bid): void {
  assert(nonce === state.nextNonce, 'the nonce line is dense')
  state.nextNonce = nonce + widthOf(work)
  for (const { key } of stepsOf({ work })) state.slotOf.set(stepKeyText(key), nonce)
  state.slots.set(nonce, newSlot(nonce, work, bid))
}

/** Below others. */
export function fillHole(state: SignerState, { nonce, ...bid }: Recorded<'filling'>): void {
  const above = [...state.slots.values()].filter((slot) => slot.nonce > nonce)
  assert(above.length > 0 && !state.slots.has(nonce), 'a hole is below what is open')
  for (const slot of above) state.slots.delete(slot.nonce)
  state.slots.set(nonce, newSlot(nonce, { kind: 'filler' }, bid))
  for (const slot of above) state.slots.set(slot.nonce, slot)
}

function newSlot(nonce: number, work: SlotWork, bid: Bid): OpenSlot {
  const { gas_limit, max_fee_per_gas, max_priority_fee_per_gas } = bid
  const steps = stepsOf({ work }).map(({ key }) => key)
  return {
    nonce,
    work,
    next: { steps, gas_limit, max_fee_per_gas, max_priority_fee_per_gas },
    attempts: [],
    signedAt: null,
    cap: null,
    isHastened: false,
    sent: 'signed',
    answer: null,
    inclusion: null,
    usurper: null,
  }
}

export function sign(state: SignerState, record: Recorded<'signed'>, at: UnixMs): void {
  const slot = slotAt(state, record.nonce)
  const { attempt, raw, steps } = record
  assert(attempt.index === slot.attempts.length, 'attempts are counted')
  const [last] = slot.attempts.slice(-1)
  // What was left out once stays out: its transfer may have been told so.
  if (last !== undefined)
    assert(
      steps.every((key) => runs(last, key)),
      'a replacement runs nothing new',
    )
  const attempts = [...slot.attempts, { ...attempt, raw, steps }]
  changeSlot(state, record.nonce, {
    attempts,
    signedAt: at,
    cap: null,
    next: null,
    sent: 'signed',
    answer: null,
    isHastened: false,
  })
}

export function replace(state: SignerState, record: Recorded<'replacing'>): void {
  const { nonce, steps, gas_limit, max_fee_per_gas, max_priority_fee_per_gas } = record
  assert(slotAt(state, nonce).attempts.length > 0, 'only what was signed is replaced')
  changeSlot(state, nonce, { next: { steps, gas_limit, max_fee_per_gas, max_priority_fee_per_gas } })
}

/** Given up before anything was signed: nothing of it can have left. */
export function release(state: SignerState, nonce: number): void {
  const slot = slotAt(state, nonce)
  assert(
    slot.work.kind === 'delegation' && slot.attempts.length === 0,
    'only an unsigned delegation is released',
  )
  state.slots.delete(nonce)
  state.nextNonce = nonce
}

export function recall(state: SignerState, key: StepKey): void {
  changeStep(state, key, { isRecalled: true }, {})
}

/** Of a step in a slot, and of the slot beside it. */
export function changeStep(
  state: SignerState,
  key: StepKey,
  change: Partial<Pick<SlottedStep, 'isRecalled' | 'hastenedBy'>>,
  beside: Partial<Pick<OpenSlot, 'isHastened'>>,
): void {
  const nonce = assertDefined(state.slotOf.get(stepKeyText(key)), 'the step is in a slot')
  const { work } = slotAt(state, nonce)
  const changed = <Step extends SlottedStep>(step: Step): Step =>
    sameStep(step.key, key) ? { ...step, ...change } : step
  if (work.kind === 'step')
    changeSlot(state, nonce, { work: { ...work, step: changed(work.step) }, ...beside })
  if (work.kind === 'batch') {
    changeSlot(state, nonce, { work: { ...work, steps: work.steps.map(changed) }, ...beside })
  }
}

export function giveUp(state: SignerState, nonce: number): void {
  const { work, attempts } = slotAt(state, nonce)
  assert(work.kind === 'delegation' && attempts.length > 0, 'only a signed delegation is given up')
  changeSlot(state, nonce, { work: { ...work, fillersFrom: attempts.length } })
}

/** A later refusal takes nothing back: once a node had the bytes they may be anywhere. */
export function sent(state: SignerState, { nonce, class: answer }: Recorded<'sent'>): void {
  const slot = slotAt(state, nonce)
  const isTaken = answer === 'accepted' || answer === 'known'
  const isQuestion = answer === 'unclear' || answer === 'nonce_used' || answer === 'held_slot'
  if (isTaken) changeSlot(state, nonce, { sent: 'broadcast', answer })
  else if (isQuestion && slot.sent === 'signed') changeSlot(state, nonce, { sent: 'unclear', answer })
  else changeSlot(state, nonce, { answer })
}

export function include(state: SignerState, nonce: number, inclusion: SlotInclusion): void {
  const slot = slotAt(state, nonce)
  const mined = slot.attempts.find(({ hash }) => hash === inclusion.hash)
  if (slot.work.kind === 'delegation' && mined !== undefined && !isFiller(slot, mined)) {
    state.delegate = isNoCode(slot.work.to) ? null : slot.work.to
  }
  changeSlot(state, nonce, { inclusion, usurper: null, sent: 'broadcast', cap: null })
}

/** What `included` says of every step: it succeeded, but for those that are named. */
export function inclusionOf(state: SignerState, record: Recorded<'included'>): SlotInclusion {
  return { ...record.inclusion, results: resultsOf(slotAt(state, record.nonce), record.except) }
}

/** Ours is final: each step has the end that the block gave it; what did not run is closed. */
export function settle(state: SignerState, nonce: number): readonly StepEnd[] {
  const slot = slotAt(state, nonce)
  const inclusion = assertDefined(slot.inclusion, 'only what stands in a block is final')
  const ends = stepsOf(slot).map(({ key }, place) => {
    const isRun = inclusion.results[place]?.outcome !== 'not_run'
    const closed = { at: 'closed', nonce, by: inclusion.hash } as const
    return { key, standing: isRun ? { ...slotStanding(slot, key), final: true } : closed }
  })
  const mined = slot.attempts.find(({ hash }) => hash === inclusion.hash)
  removeSlot(state, slot)
  if (mined === undefined || isFiller(slot, mined)) freeAuthorization(state, slot)
  return ends
}

/** A stranger's is final at the nonce. */
export function close(state: SignerState, nonce: number, by: TxHash): readonly StepEnd[] {
  const slot = slotAt(state, nonce)
  removeSlot(state, slot)
  freeAuthorization(state, slot)
  return stepsOf(slot).map(({ key }) => ({ key, standing: { at: 'closed', nonce, by } }))
}

/** That block was undone. */
export function orphan(state: SignerState, nonce: number): void {
  if (slotAt(state, nonce).work.kind === 'delegation') state.delegate = null
  changeSlot(state, nonce, { inclusion: null, usurper: null })
}

/**
 * The authorization went with bytes that will never be mined: its nonce is free. Where a reorg undid the delegation after
 * something was opened above it, that cannot be mined before this nonce is used up.
 */
function freeAuthorization(state: SignerState, slot: OpenSlot): void {
  if (slot.work.kind !== 'delegation') return
  const nonce = slot.nonce + 1
  const last = [...state.slots.values()].at(-1)
  state.nextNonce = nonce
  if (last === undefined || last.nonce <= nonce) return
  fillHole(state, { kind: 'filling', nonce, ...highestBid(slot), gas_limit: FILLER_GAS })
  state.nextNonce = last.nonce + widthOf(last.work)
}

export function slotAt(state: SignerState, nonce: number): OpenSlot {
  return assertDefined(state.slots.get(nonce), `slot ${nonce} is open`)
}

export function changeSlot(state: SignerState, nonce: number, change: Partial<OpenSlot>): void {
  state.slots.set(nonce, { ...slotAt(state, nonce), ...change })
}

function removeSlot(state: SignerState, slot: OpenSlot): void {
  state.slots.delete(slot.nonce)
  for (const { key } of stepsOf(slot)) state.slotOf.delete(stepKeyText(key))
}

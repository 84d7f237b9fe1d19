// Admission and withdrawal: where a step enters the signer, and how it is given back. After admission it can become
// money, so both answer the same for ever.

import type { UnixMs } from '../lib/time.ts'
import type { Visibility } from '../routing/visibility.ts'
import type { WithdrawAnswer } from '../transfer/decide.ts'
import type { WithdrawCause } from '../transfer/records.ts'
import { type StepKey, sameStep, stepKeyText } from '../transfer/step-report.ts'
import type { Admission, AdmissionAnswer } from './admission.ts'
import type { CarriedStep } from './state/carried-batch.ts'
import { ADMISSION_VALID_MS, POOL_MAX_STEPS } from './state/limits.ts'
import { slotAt } from './state/line.ts'
import type { SignerRecord } from './state/records.ts'
import { type OpenSlot, stepsOf } from './state/slot.ts'
import type { SignerState } from './state/state.ts'

/** `named`: of what the settings name the account for. */
export function admit(
  state: SignerState,
  admissions: readonly Admission[],
  now: UnixMs,
  named: Visibility = 'public',
): { readonly answers: readonly AdmissionAnswer[]; readonly records: readonly SignerRecord[] } {
  const answers: AdmissionAnswer[] = []
  const records: SignerRecord[] = []
  const fresh = new Set<string>()
  let { isPrivate } = state
  for (const admission of admissions) {
    const { key } = admission
    const text = stepKeyText(key)
    const refusal = refusalOf(state, admission, now, fresh.size)
    const isUnderWay = state.slotOf.has(text) || state.carriedOf.has(text)
    const isKnown = fresh.has(text) || state.pool.has(text) || isUnderWay
    const ended = state.ended.get(text)
    if (ended?.standing.at === 'withdrawn') answers.push({ key, result: 'refused', reason: 'withdrawn' })
    else if (isKnown || ended !== undefined) answers.push({ key, result: 'known' })
    else if (refusal !== null) answers.push({ key, result: 'refused', reason: refusal })
    else {
      // Before the step itself: nothing that is private may ever be in a log whose account is not.
      const isHidden = named === 'private' || admission.visibility === 'private'
      if (isHidden && !isPrivate) records.push({ kind: 'made_private' })
      isPrivate ||= isHidden
      fresh.add(text)
      answers.push({ key, result: 'admitted' })
      const { action, not_before, max_fee_per_gas } = admission
      records.push({ kind: 'admitted', key, action, not_before, max_fee_per_gas, ...unusual(admission) })
    }
  }
  return { answers, records }
}

/** What most do not ask for is not written down: a pool of thousands is read with every life of the object. */
function unusual({ batch, speed, deadline = null, carriage_gas }: Admission) {
  return {
    ...(carriage_gas === undefined ? {} : { carriage_gas }),
    ...(batch === 'never' ? { batch } : {}),
    ...(speed === undefined || speed === 'standard' ? {} : { speed }),
    ...(deadline === null ? {} : { deadline }),
  }
}

function refusalOf(
  state: SignerState,
  admission: Admission,
  now: UnixMs,
  fresh: number,
): 'stale' | 'full' | null {
  // The step may have ended, been acknowledged and forgotten since: only a new agreement of its transfer counts.
  if (Math.abs(now - admission.bound_at) > ADMISSION_VALID_MS) return 'stale'
  return state.pool.size + fresh >= POOL_MAX_STEPS ? 'full' : null
}

/**
 * One turn: after the answer `withdrawn` no admission of this key, however late, can become money. A command also wants a
 * step back that is in a slot: the slot is closed for it where the chain lets it.
 */
export function withdraw(
  state: SignerState,
  key: StepKey,
  cause: WithdrawCause,
): { readonly answer: WithdrawAnswer; readonly records: readonly SignerRecord[] } {
  const text = stepKeyText(key)
  const nonce = state.slotOf.get(text)
  if (nonce !== undefined) {
    const isNew = cause === 'cancel' && !isRecalled(slotAt(state, nonce), key)
    return { answer: { result: 'in_slot', nonce }, records: isNew ? [{ kind: 'recalled', key }] : [] }
  }
  const carried = carriedStep(state, text)
  if (carried !== null) {
    const isNew = cause === 'cancel' && !carried.isRecalled
    return { answer: { result: 'in_slot', nonce: null }, records: isNew ? [{ kind: 'recalled', key }] : [] }
  }
  const ended = state.ended.get(text)
  if (ended?.standing.at === 'slot' || ended?.standing.at === 'closed') {
    return { answer: { result: 'in_slot', nonce: ended.standing.nonce }, records: [] }
  }
  // Its transfer has this in its log: whoever asks all the same is a copy of it from before.
  const isTaken = ended?.isAcknowledged === true
  const answer: WithdrawAnswer = isTaken ? { result: 'withdrawn', isTaken } : { result: 'withdrawn' }
  return ended === undefined ? { answer, records: [{ kind: 'withdrawn', key }] } : { answer, records: [] }
}

function carriedStep({ carried, carriedOf }: SignerState, text: string): CarriedStep | null {
  const id = carriedOf.get(text)
  const steps = id === undefined ? [] : (carried.get(id)?.steps ?? [])
  return steps.find(({ key }) => stepKeyText(key) === text) ?? null
}

function isRecalled(slot: OpenSlot, key: StepKey): boolean {
  return stepsOf(slot).some((step) => step.isRecalled && sameStep(step.key, key))
}

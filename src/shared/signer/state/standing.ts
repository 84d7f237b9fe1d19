// Where a step stands with its signer: what a report says.

import type { Address } from '../../chain/address.ts'
import type { Cap } from '../../fees/fee-caps.ts'
import { assertDefined } from '../../lib/assert.ts'
import {
  type StepInclusion,
  type StepKey,
  type StepReport,
  type StepStanding,
  sameStep,
  stepKeyText,
} from '../../transfer/step-report.ts'
import { carriedStanding } from './carried-batch.ts'
import { type OpenSlot, runs, type SlotInclusion, stepsOf } from './slot.ts'
import type { EndedStep, PooledStep, SignerState } from './state.ts'

export function reportOf(state: SignerState, signer: Address, key: StepKey, view: number): StepReport {
  return { ...key, signer, view, standing: standingOf(state, key) }
}

/** The same step's latest admission: whoever asks for an earlier one may have forgotten that there was another. */
export function latestOf(state: SignerState, key: StepKey): StepKey {
  const next = { ...key, generation: key.generation + 1 }
  return standingOf(state, next).at === 'unknown' ? key : latestOf(state, next)
}

function standingOf(state: SignerState, key: StepKey): StepStanding {
  const text = stepKeyText(key)
  const pooled = state.pool.get(text)
  if (pooled !== undefined) return poolStanding(pooled)
  const nonce = state.slotOf.get(text)
  if (nonce !== undefined) {
    const slot = assertDefined(state.slots.get(nonce), 'an indexed slot is open')
    // A reserved nonce is not news before bytes stand behind it.
    return slot.attempts.length === 0 ? { at: 'pool', held: null } : slotStanding(slot, key)
  }
  const carried = state.carriedOf.get(text)
  const batch = carried === undefined ? undefined : state.carried.get(carried)
  if (batch !== undefined) {
    const place = batch.steps.findIndex((step) => sameStep(step.key, key))
    const inclusion = inclusionAt(batch.inclusion, place, batch.steps.length)
    // Nobody can bring it before it is signed.
    return batch.signature === null ? { at: 'pool', held: null } : carriedStanding(batch, key, inclusion)
  }
  return endedStanding(state.ended.get(text))
}

function endedStanding(ended: EndedStep | undefined): StepStanding {
  if (ended === undefined) return { at: 'unknown' }
  const { standing, isAcknowledged } = ended
  return standing.at === 'withdrawn' && isAcknowledged ? { at: 'withdrawn', isTaken: true } : standing
}

function poolStanding({ held, cap }: PooledStep): StepStanding {
  return cap === null ? { at: 'pool', held } : { at: 'pool', held, cap }
}

/** Only the attempts that run the step are its own: what was left out once is never taken in again. */
export function slotStanding(slot: OpenSlot, key: StepKey): Extract<StepStanding, { at: 'slot' }> {
  const attempts = slot.attempts
    .filter((attempt) => runs(attempt, key))
    .map(({ raw: _signedBytes, steps: _ofAll, ...summary }) => summary)
  return {
    at: 'slot',
    nonce: slot.nonce,
    attempts,
    ...numberOf(slot, key),
    ...capOf(slot, key),
    sent: slot.sent,
    inclusion: inclusionOf(slot, key),
    final: false,
  }
}

/** Another step's own cap is none of this one's. */
function capOf(slot: OpenSlot, key: StepKey): { readonly cap?: Cap } {
  const { cap } = slot
  const own = stepsOf(slot).find((step) => sameStep(step.key, key))?.cap ?? null
  return cap === null || (cap.by === 'transfer' && cap.most !== own) ? {} : { cap }
}

function numberOf({ work }: OpenSlot, key: StepKey): { readonly number?: bigint } {
  const step = work.kind === 'batch' ? work.steps.find((one) => sameStep(one.key, key)) : undefined
  return step === undefined ? {} : { number: step.number }
}

/** A transaction that does not run the step is no news of it before it is final. */
function inclusionOf(slot: OpenSlot, key: StepKey): StepInclusion | null {
  const steps = stepsOf(slot)
  const place = steps.findIndex((step) => sameStep(step.key, key))
  return inclusionAt(slot.inclusion, place, steps.length)
}

/** Of the step at this place, of so many; null: that transaction did not run it. */
export function inclusionAt(
  inclusion: SlotInclusion | null,
  place: number,
  count: number,
): StepInclusion | null {
  if (inclusion === null) return null
  const { results, gas_used, fee_paid, ...block } = inclusion
  const { outcome, delivered_amount } = assertDefined(results[place], 'every step of a slot has a result')
  if (outcome === 'not_run') return null
  return {
    ...block,
    outcome,
    delivered_amount,
    gas_used: shareOf(gas_used, place, count),
    fee_paid: shareOf(fee_paid, place, count),
  }
}

/** Equal parts that add up to the whole: who comes first pays no more than who comes last, but for one unit. */
function shareOf(total: bigint, place: number, count: number): bigint {
  const upTo = (steps: number): bigint => (total * BigInt(steps)) / BigInt(count)
  return upTo(place + 1) - upTo(place)
}

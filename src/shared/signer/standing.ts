// Where a step stands with its signer: what a report says.

import type { Address } from '../chain/address.ts'
import { assertDefined } from '../lib/assert.ts'
import { type StepKey, type StepReport, type StepStanding, stepKeyText } from '../transfer/step-report.ts'
import type { OpenSlot, SignerState } from './state.ts'

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
  if (pooled !== undefined) return { at: 'pool', held: pooled.held }
  const nonce = state.slotOf.get(text)
  if (nonce !== undefined) {
    const slot = assertDefined(state.slots.get(nonce), 'an indexed slot is open')
    // A reserved nonce is not news before bytes stand behind it.
    return slot.attempts.length === 0 ? { at: 'pool', held: null } : slotStanding(slot)
  }
  return state.ended.get(text)?.standing ?? { at: 'unknown' }
}

export function slotStanding(slot: OpenSlot): Extract<StepStanding, { at: 'slot' }> {
  const attempts = slot.attempts.map(({ raw: _signedBytes, ...summary }) => summary)
  return { at: 'slot', nonce: slot.nonce, attempts, sent: slot.sent, inclusion: slot.inclusion, final: false }
}

// Whose news a record is: the steps that a signer has to report after it was written.

import { type StepKey, stepKeyText } from '../../transfer/step-report.ts'
import type { CarriedBatch } from './carried-batch.ts'
import type { SignerRecord } from './records.ts'
import { stepsOf } from './slot.ts'
import type { SignerState } from './state.ts'

/** `state` as it was before the record: afterwards a slot may be gone. */
export function touchedSteps(state: SignerState, record: SignerRecord): readonly StepKey[] {
  switch (record.kind) {
    case 'opened':
    case 'made_private':
    case 'adopted':
    case 'skipped':
    case 'doubted':
    // A nonce alone is no news; the bytes that come with it are.
    case 'reserved':
    case 'batched':
    case 'delegating':
    case 'delegation_asked':
    case 'delegation_met':
    case 'closing':
    case 'filling':
    case 'entrusted':
    case 'replacing':
    case 'released':
    case 'recalled':
    case 'hastened':
    case 'given_up':
    case 'acknowledged':
    case 'forgotten':
      return []
    case 'admitted':
    case 'held':
    case 'rejected':
    case 'withdrawn':
      return [record.key]
    case 'signed':
      return record.steps
    case 'annulled':
      return record.keys
    case 'authorized':
    case 'brought':
    case 'unbrought':
    case 'delivered':
      return openSteps(state.carried.get(record.batch))
    case 'capped':
    case 'sent':
    case 'mined':
    case 'included':
    case 'settled':
    case 'orphaned':
    case 'usurped':
    case 'finalized':
    case 'closed': {
      const slot = state.slots.get(record.nonce)
      return slot === undefined ? [] : stepsOf(slot).map(({ key }) => key)
    }
  }
}

function openSteps(batch: CarriedBatch | undefined): readonly StepKey[] {
  return (batch?.steps ?? []).filter(({ isAnnulled }) => !isAnnulled).map(({ key }) => key)
}

/** All whose end no transfer has acknowledged: after a crash nobody knows which of them were told. */
export function unacknowledgedSteps(state: SignerState): readonly StepKey[] {
  const keys: StepKey[] = []
  for (const step of state.pool.values()) keys.push(step.key)
  for (const slot of state.slots.values()) for (const { key } of stepsOf(slot)) keys.push(key)
  for (const batch of state.carried.values()) keys.push(...openSteps(batch))
  for (const step of state.ended.values()) if (!step.isAcknowledged) keys.push(step.key)
  return keys.filter((key) => !state.carriages.has(stepKeyText(key)))
}

// A transfer wants its step sooner. Pure.

import { type StepKey, sameStep, stepKeyText } from '../transfer/step-report.ts'
import { slotAt } from './state/line.ts'
import type { SignerRecord } from './state/records.ts'
import { stepsOf } from './state/slot.ts'
import type { SignerState } from './state/state.ts'

/** Once for each command, which is told again and again. Of a step that is in neither pool nor slot there is nothing to do. */
export function hasten(state: SignerState, key: StepKey, command: string): readonly SignerRecord[] {
  const text = stepKeyText(key)
  const nonce = state.slotOf.get(text)
  const slotted =
    nonce === undefined ? undefined : stepsOf(slotAt(state, nonce)).find((one) => sameStep(one.key, key))
  const step = state.pool.get(text) ?? slotted
  if (step === undefined || step.hastenedBy === command) return []
  return [{ kind: 'hastened', key, command }]
}

// Ended steps that no late copy of their admission can bring back any more. Pure.

import { addMs, type UnixMs } from '../lib/time.ts'
import type { StepKey } from '../transfer/step-report.ts'
import { ENDED_KEPT_MS } from './state/limits.ts'
import type { SignerState } from './state/state.ts'

export function forgettable({ ended }: SignerState, now: UnixMs): readonly StepKey[] {
  const keys: StepKey[] = []
  for (const step of ended.values()) {
    if (step.isAcknowledged && addMs(step.ended_at, ENDED_KEPT_MS) <= now) keys.push(step.key)
  }
  return keys
}

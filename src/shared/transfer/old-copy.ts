// What a transfer can know of its being an old copy of itself.

import type { TransferState } from './state.ts'
import { isFinal } from './status.ts'
import type { StepReport } from './step-report.ts'

/** The signer gave the step of this generation back, and nobody here has asked it to. */
export function isGivenBackUnasked(state: TransferState, { generation, standing }: StepReport): boolean {
  if (state.phase === 'none' || standing.at !== 'withdrawn' || generation !== state.generation) return false
  const isEnded = state.phase !== 'bound' && isFinal(state.phase)
  return !isEnded && state.withdrawal === null
}

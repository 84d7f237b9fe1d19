// What a transfer can know of its being an old copy of itself.

import type { TransferState } from './state.ts'
import { isFinal } from './status.ts'
import type { StepReport } from './step-report.ts'

/** Its signer tells of what only a later state of this transfer can have brought about. */
export function isOfLaterState(state: TransferState, news: StepReport): boolean {
  // A generation is bound here before any signer hears of it.
  return (state.phase !== 'none' && news.generation > state.generation) || isGivenBackUnasked(state, news)
}

/** The signer gave the step of this generation back, and nobody here has asked it to. */
function isGivenBackUnasked(state: TransferState, { generation, standing }: StepReport): boolean {
  if (state.phase === 'none' || standing.at !== 'withdrawn' || generation !== state.generation) return false
  const isEnded = state.phase !== 'bound' && isFinal(state.phase)
  return !isEnded && state.withdrawal === null
}

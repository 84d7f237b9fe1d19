// What a transfer can know of its being an old copy of itself.

import { isPoolSender } from '../pool/sender.ts'
import type { WithdrawAnswer } from './decide.ts'
import type { TransferState } from './state.ts'
import { isFinal } from './status.ts'
import type { StepReport } from './step-report.ts'

/** Its signer tells of what only a later state of this transfer can have brought about. */
export function isOfLaterState(state: TransferState, news: StepReport): boolean {
  // A generation is bound here before any signer hears of it.
  if (state.phase !== 'none' && news.generation > state.generation) return true
  const { standing } = news
  const isTaken = standing.at === 'withdrawn' && standing.isTaken === true
  return (isTaken && isAwaited(state, news.generation)) || isGivenBackUnasked(state, news)
}

/** The signer has been told before that this transfer has the answer in its log. */
export function isAnsweredBefore(state: TransferState, generation: number, answer: WithdrawAnswer): boolean {
  return answer.result === 'withdrawn' && answer.isTaken === true && isAwaited(state, generation)
}

function isAwaited(state: TransferState, generation: number): boolean {
  return state.phase !== 'none' && state.generation === generation && state.withdrawal?.answer === 'awaited'
}

/**
 * Brought up from the archive, and of a pool: what the archive does not have may have chosen a signer already, which has the
 * step under the generation that would be given to another one now.
 */
export function mayHaveChosen(state: TransferState, isBroughtUp: boolean): boolean {
  return isBroughtUp && state.phase === 'accepted' && isPoolSender(state.request.from)
}

/** The signer gave the step of this generation back, and nobody here has asked it to. */
function isGivenBackUnasked(state: TransferState, { generation, standing }: StepReport): boolean {
  if (state.phase === 'none' || standing.at !== 'withdrawn' || generation !== state.generation) return false
  const isEnded = state.phase !== 'bound' && isFinal(state.phase)
  return !isEnded && state.withdrawal === null
}

// Whether a look at an account may be gone by: an endpoint that stands still tells what was true long ago.

import type { SignerState } from '../state/state.ts'
import type { SignerAccount } from './account.ts'

/**
 * Not before it was watched (`since`): what somebody else did with the key up to there the chain does not tell any more.
 * And not before what is final in our own log: that balance is spent, and no open slot stands for it. Where a look is later
 * than what is final on the chain (`finalized`), a nonce below our first is a hole in the line, and no old news (S35).
 */
export function isRecent(
  state: SignerState,
  { at, latest_nonce }: SignerAccount,
  since: number,
  finalized: number | null,
): boolean {
  const [firstOpen] = state.slots.keys()
  const isPastFinal = finalized !== null && at.number > finalized
  return at.number >= since && (firstOpen === undefined || latest_nonce >= firstOpen || isPastFinal)
}

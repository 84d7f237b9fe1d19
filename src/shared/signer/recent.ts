// Whether a look at an account may be gone by: an endpoint that stands still tells what was true long ago.

import type { SignerAccount } from './account.ts'
import type { SignerState } from './state.ts'

/**
 * Not before it was watched (`since`): what somebody else did with the key up to there the chain does not tell any more.
 * And not before what is final in our own log: that balance is spent, and no open slot stands for it.
 */
export function isRecent(state: SignerState, { at, latest_nonce }: SignerAccount, since: number): boolean {
  const [firstOpen] = state.slots.keys()
  return at.number >= since && (firstOpen === undefined || latest_nonce >= firstOpen)
}

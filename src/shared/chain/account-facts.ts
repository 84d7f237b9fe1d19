// What passes between a chain and the signers that it is followed for.

import type { UnixMs } from '../lib/time.ts'
import type { Inclusion } from './receipt.ts'

/** What the chain says of an account as of one view: absolute, so that any one of them makes up for all lost before. */
export type ChainFacts = {
  /** The chain's log position; a lower one than seen is ignored. */
  readonly view: number
  readonly head: number
  /** Transactions of the account in the followed chain that are not settled yet. */
  readonly inclusions: readonly Inclusion[]
  /** Block number up to which nothing can be undone. */
  readonly finalized: number
  /** The time of that block; left out: nobody wrote it down. */
  readonly finalized_at?: UnixMs | undefined
}

export type FactsReply = {
  /** False: no slot is open, the chain need not be followed for this account. */
  readonly isActive: boolean
  /** Transactions below this nonce are settled for good: the chain may forget them. */
  readonly settledBelow: number
  /** What others brought in blocks up to this one the signer has for good; left out: nothing of it. */
  readonly broughtThrough?: number | undefined
}

// What a node's recent blocks say about the price of the next one, and what the account may bid whatever for.

import type { AccountCaps } from './fee-caps.ts'

/** Wei per unit of gas. */
export type FeeSuggestion = {
  readonly next_base_fee: bigint
  /** The tip of those who are in a hurry. */
  readonly priority_fee: bigint
  /** The lowest tips that recent blocks took, one of each that took any. Left out: not known. */
  readonly recent_tips?: readonly bigint[] | undefined
  /** Left out: there are none. */
  readonly caps?: AccountCaps | undefined
}

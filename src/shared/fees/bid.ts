// What a new transaction offers for gas. Pure. Replacements, which must beat an earlier bid, are not decided here.

import type { FeeSuggestion } from './suggestion.ts'

/** Wei per unit of gas, or the least that would have to be allowed for a bid that can be mined now. */
export type Bid =
  | { readonly ok: true; readonly max_fee_per_gas: bigint; readonly max_priority_fee_per_gas: bigint }
  | { readonly ok: false; readonly needed: bigint }

/**
 * Times the next base fee. The base fee rises by at most 1/8 a block (EIP-1559), and 1.125^5 is 1.8: a bid of twice
 * the next base fee can be mined in any of the next six blocks, even when all of them are full.
 */
const BASE_FEE_HEADROOM = 2n

/** The headroom is what a cap eats first: it is never paid in a calm market. */
export function bid(suggestion: FeeSuggestion, cap: bigint | null): Bid {
  const { next_base_fee, priority_fee } = suggestion
  const needed = next_base_fee + priority_fee
  if (cap !== null && cap < needed) return { ok: false, needed }
  const wanted = BASE_FEE_HEADROOM * next_base_fee + priority_fee
  return {
    ok: true,
    max_fee_per_gas: cap !== null && cap < wanted ? cap : wanted,
    max_priority_fee_per_gas: priority_fee,
  }
}

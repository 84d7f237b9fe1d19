// What a new transaction offers for gas. Pure. Replacements, which must beat an earlier bid, are not decided here.

import { type Cap, capsOf, lowestCap } from './fee-caps.ts'
import type { FeeSuggestion } from './suggestion.ts'

/** Wei per unit of gas, or the least that would have to be allowed for a bid that can be mined now, and who does not allow it. */
export type Bid =
  | { readonly ok: true; readonly max_fee_per_gas: bigint; readonly max_priority_fee_per_gas: bigint }
  | { readonly ok: false; readonly needed: bigint; readonly cap: Cap }

/**
 * Times the next base fee. The base fee rises by at most 1/8 a block (EIP-1559), and 1.125^5 is 1.8: a bid of twice
 * the next base fee can be mined in any of the next six blocks, even when all of them are full.
 */
const BASE_FEE_HEADROOM = 2n

/** `transfer`: the cap of what it is for. The headroom is what a cap eats first: it is never paid in a calm market. */
export function bid({ next_base_fee, priority_fee, caps }: FeeSuggestion, transfer: bigint | null): Bid {
  const needed = next_base_fee + priority_fee
  const cap = lowestCap(capsOf(transfer, caps))
  if (cap !== null && cap.most < needed) return { ok: false, needed, cap }
  const wanted = BASE_FEE_HEADROOM * next_base_fee + priority_fee
  return {
    ok: true,
    max_fee_per_gas: cap !== null && cap.most < wanted ? cap.most : wanted,
    max_priority_fee_per_gas: priority_fee,
  }
}

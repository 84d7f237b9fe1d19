// Planted bugs of caps, of waiting for prices, and of gas that nobody asked for.

import type { Mutant } from './mutant.ts'

export const PRICE_MUTANTS: readonly Mutant[] = [
  {
    name: 'a bid above the cap of the account',
    file: 'src/shared/fees/bid.ts',
    from: `lowestCap(capsOf(transfer, caps))`,
    to: `lowestCap(capsOf(transfer))`,
    breaks: 'nothing is bid above the cap of its signer or its chain',
    caught: { seed: 9, by: 'I7' },
  },
  {
    name: 'a better offer above the cap of the account',
    file: 'src/shared/signer/offers/repricings.ts',
    from: `own === null ? ceiling : smaller(ceiling, own.most)`,
    to: `own === null ? ceiling : ceiling`,
    breaks: 'what gets a better offer, and what closes a slot, is bounded by signer and chain',
    caught: { seed: 17, by: 'I7' },
  },
  {
    name: 'a cancel above the cap of the account',
    file: 'src/shared/signer/offers/replacements.ts',
    from: `    if (cap !== null && offer.max_fee_per_gas > cap.most) continue
`,
    to: ``,
    breaks: 'a cancel outbids within the caps of signer and chain',
    caught: { seed: 83, by: 'I7' },
  },
  {
    name: 'another cap is told than the one that binds',
    file: 'src/shared/signer/plan/verdict.ts',
    from: `reason: 'fee_cap', cap }`,
    to: `reason: 'fee_cap', cap: { by: 'transfer', most: cap.most } }`,
    breaks: 'what keeps a step is named with its value',
    caught: { seed: 80, by: 'I7' },
  },
  {
    name: 'waits for a price for ever',
    file: 'src/shared/fees/speed-policy.ts',
    from: `  return Math.max(1, Math.min(own, untilDeadline, WAIT_MOST_BLOCKS))`,
    to: `  return Math.max(waited > 0 ? 2 : 1, Math.min(own, untilDeadline, WAIT_MOST_BLOCKS))`,
    breaks: 'who waits for a cheaper block goes while there is time for one',
    caught: { seed: 27, by: 'liveness' },
  },
  {
    name: 'no time of admission',
    file: 'src/shared/signer/plan/candidates.ts',
    from: `Math.max(0, now - since)`,
    to: `Math.max(0, since - now)`,
    breaks: 'waiting counts from the admission',
    caught: { seed: 27, by: 'liveness' },
  },
]

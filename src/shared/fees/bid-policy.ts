// Whether a transfer goes now and what it then offers: the cheapest bid whose forecast probability of inclusion in time is
// high enough, or to wait for a cheaper block. Pure.
//
// A bid's most is not its price: of it only the base fee of the block and the tip are paid. So it is wide enough for the
// next blocks, however full they are, and what is cheap or dear is when it goes and what tip it gives.

import type { Speed } from '../transfer/request.ts'
import { mostBaseFee } from './base-fee-rule.ts'
import { type CapOwner, type FeeCaps, lowestCap } from './fee-caps.ts'
import { guideOf, waitsFor } from './fee-guide.ts'
import type { FeeMarket } from './fee-market.ts'
import { forecast, probabilityUpTo } from './forecast.ts'
import { SPEED_POLICIES } from './speed-policy.ts'
import { inAnyOf, perBlock, recentTips, TIP_MOST_BLOCKS, tipFor } from './tips.ts'

/** Blocks after the next one in which a bid still holds, however full they are: a minute of mainnet for it to be passed on. */
const COVERED_BLOCKS = TIP_MOST_BLOCKS - 1
/** Where the chain's rule is not known: twice the next base fee, which is more than Ethereum's rule allows in five blocks. */
const COVER_WITHOUT_RULE = 2n
/** Wei per unit of gas. */
export type FeeOffer = {
  readonly max_fee_per_gas: bigint
  readonly max_priority_fee_per_gas: bigint
}

export type FeeDecision =
  | ({
      readonly do: 'go'
      /** Of inclusion in time. */
      readonly probability: number
      /** The cap that made the bid lower than it would have been. */
      readonly bound_by: CapOwner | null
    } & FeeOffer)
  /** A cheaper block is expected in time: at or below this base fee it goes. */
  | { readonly do: 'wait'; readonly until_base_fee: bigint }
  /** The next block takes no bid within this cap. `needed`: one that would be taken. */
  | { readonly do: 'hold'; readonly bound_by: CapOwner; readonly needed: bigint }

/** `left`: blocks in which it may be included, the next one counted. */
export function decideBid(market: FeeMarket, speed: Speed, left: number, caps: FeeCaps): FeeDecision {
  if (market.kind === 'legacy')
    return capped({ price: market.gas_price, tip: market.gas_price, probability: 1 }, caps)
  const { history, rule } = market
  const base = history.next_base_fee
  const until = waitsFor(guideOf(market), speed, left)
  if (until !== null) return { do: 'wait', until_base_fee: until }
  const blocks = Math.min(left, TIP_MOST_BLOCKS)
  const { probability: wanted } = SPEED_POLICIES[speed]
  const { tip, probability } = tipFor(recentTips(history.blocks), perBlock(wanted, blocks))
  const most = rule === null ? base * COVER_WITHOUT_RULE : mostBaseFee(base, rule, COVERED_BLOCKS)
  return capped({ price: base + tip, tip, most: most + tip, probability: inAnyOf(blocks, probability) }, caps)
}

type Wish = {
  /** What the next block asks for. */
  readonly price: bigint
  readonly tip: bigint
  /** Default: the price itself. */
  readonly most?: bigint
  readonly probability: number
}

function capped({ price, tip, most = price, probability }: Wish, caps: FeeCaps): FeeDecision {
  const cap = lowestCap(caps)
  if (cap !== null && cap.most < price) return { do: 'hold', bound_by: cap.by, needed: price }
  const isBound = cap !== null && cap.most < most
  return {
    do: 'go',
    max_fee_per_gas: isBound ? cap.most : most,
    max_priority_fee_per_gas: tip,
    probability,
    bound_by: isBound ? cap.by : null,
  }
}

/** How likely a bid that was made and stands is included in `left` blocks: the base fee has to come down to it, and a block to take its tip. */
export function inclusionProbability(market: FeeMarket, offer: FeeOffer, left: number): number {
  if (market.kind === 'legacy') return offer.max_fee_per_gas >= market.gas_price ? 1 : 0
  const { history, rule } = market
  const most = offer.max_fee_per_gas - offer.max_priority_fee_per_gas
  if (most >= history.next_base_fee) return 1
  if (left <= 1) return 0
  const lowest = forecast(history, rule, left - 1, 'lowest')
  return lowest === null ? 0 : probabilityUpTo(lowest, most)
}

// Whether one who may wait goes now: the part of a market that a signer needs for it. Pure.

import type { Speed } from '../transfer/request.ts'
import { isIdle } from './congestion.ts'
import type { BaseFeeMarket } from './fee-market.ts'
import type { GoPrices } from './go-prices.ts'
import { SPEED_POLICIES } from './speed-policy.ts'
import { blocksToBeSure } from './tips.ts'

export type FeeGuide = {
  /** Wei per unit of gas. */
  readonly next_base_fee: bigint
  readonly go_prices: GoPrices
  /** How often a tip that should be enough is: 0 to 1. */
  readonly tip_certainty: number
  /** Blocks are as good as empty. Left out by a chain's object of before: they are not. */
  readonly is_idle?: boolean | undefined
}

/** Relative. Nobody waits for less: what it saves is not worth that the transfer is later. */
const LEAST_GAIN = 0.001

/** Wei per unit of gas. Nobody waits below it: a million gas costs a hundred-millionth of a token there, whatever the chain. */
const DUST = 10_000n

export function guideOf({ history, rule, go_prices, tip_certainty }: BaseFeeMarket): FeeGuide {
  const { blocks, next_base_fee } = history
  return { next_base_fee, go_prices, tip_certainty, is_idle: isIdle(blocks, rule) }
}

/** `left`: blocks in which it may be included, the next one counted. The base fee that it waits for; null: it goes now. */
export function waitsFor(guide: FeeGuide, speed: Speed, left: number): bigint | null {
  if (guide.next_base_fee < DUST) return null
  // Its price falls by itself, and nobody bids for places: only who asked for economy has something to gain.
  if (guide.is_idle === true && speed !== 'economy') return null
  const until = goPrice(guide, speed, left)
  return Number(guide.next_base_fee) > until * (1 + LEAST_GAIN) ? BigInt(Math.floor(until)) : null
}

/** Waiting ends while there are still as many blocks as it takes to be sure of one that takes the tip. */
function goPrice({ go_prices, tip_certainty }: FeeGuide, speed: Speed, left: number): number {
  if (speed === 'fast') return Number.POSITIVE_INFINITY
  const reserve = blocksToBeSure(SPEED_POLICIES[speed].probability, tip_certainty) - 1
  const most = go_prices.length - 1
  return go_prices[Math.max(0, Math.min(most, left - reserve))] ?? Number.POSITIVE_INFINITY
}

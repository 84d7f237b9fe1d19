// What base fees may be in blocks to come, as quantiles learned from the recent ones. Pure.
//
// For each horizon the recent blocks are looked back at: how far was the base fee, so many blocks later, from a point
// between the price and the level of then? Where between them, a least-squares fit says: near the price for a block or two,
// near the level for a hundred. The distances, seen from now, are the forecast. The chain's own rule bounds it.

import { type BaseFeeRule, mostBaseFee } from './base-fee-rule.ts'
import type { FeeHistory } from './fee-history.ts'
import { quantile } from './quantile.ts'
import { smoothed } from './smoothed.ts'

export const FORECAST_QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const

/** Changes over the horizon that there must be: fewer say nothing of the twentieth at either end. */
const LEAST_SAMPLES = 40
/** Blocks over which the level is a mean. */
const LEVEL_SPAN = 20

/** Base fees, lowest first: of the block, or (`lowest`) of the cheapest from the next one up to it. */
export type Forecast = { readonly sorted: Float64Array }

/** `blocks`: 1 is the block after the one that comes next, whose base fee is known. Null: too little is known. */
export function forecast(
  history: FeeHistory,
  rule: BaseFeeRule | null,
  blocks: number,
  of: 'block' | 'lowest',
): Forecast | null {
  const prices = [...history.blocks.map(({ base_fee }) => base_fee), history.next_base_fee].map(logarithm)
  const samples = prices.length - blocks
  if (samples < LEAST_SAMPLES) return null
  const levels = smoothed(prices, LEVEL_SPAN)
  const ends = of === 'block' ? prices.slice(blocks) : lowestOf(prices, blocks)
  const weight = priceWeight(prices, levels, ends, samples)
  const distances = Float64Array.from({ length: samples }, (_, index) => {
    return (ends[index] ?? 0) - between(prices[index] ?? 0, levels[index] ?? 0, weight)
  })
  const now = between(prices.at(-1) ?? 0, levels.at(-1) ?? 0, weight)
  const most = Number(of === 'lowest' ? history.next_base_fee : mostOf(history.next_base_fee, rule, blocks))
  return { sorted: distances.sort().map((distance) => Math.min(most, Math.expm1(now + distance))) }
}

/** Wei per unit of gas. */
export function forecastQuantile({ sorted }: Forecast, share: number): bigint {
  return BigInt(Math.round(quantile(sorted, share)))
}

/** How likely the base fee is no higher. */
export function probabilityUpTo({ sorted }: Forecast, price: bigint): number {
  return sorted.filter((one) => one <= Number(price)).length / sorted.length
}

/** Without a rule nothing is known to bound it. */
function mostOf(base: bigint, rule: BaseFeeRule | null, blocks: number): bigint | number {
  return rule === null ? Number.POSITIVE_INFINITY : mostBaseFee(base, rule, blocks)
}

/** Of one wei more: a base fee of nothing has no logarithm, and is forecast as nothing. */
function logarithm(price: bigint): number {
  return Math.log1p(Number(price))
}

function between(price: number, level: number, weight: number): number {
  return weight * price + (1 - weight) * level
}

/** Of each block and those up to `blocks` after it. */
function lowestOf(prices: readonly number[], blocks: number): readonly number[] {
  return Array.from({ length: prices.length - blocks }, (_, index) =>
    Math.min(...prices.slice(index, index + blocks + 1)),
  )
}

/** How much of a price's distance from its level was left at the end: 0 none, 1 all. */
function priceWeight(
  prices: readonly number[],
  levels: readonly number[],
  ends: readonly number[],
  samples: number,
): number {
  let product = 0
  let square = 0
  for (let index = 0; index < samples; index++) {
    const level = levels[index] ?? 0
    const distance = (prices[index] ?? 0) - level
    product += distance * ((ends[index] ?? 0) - level)
    square += distance * distance
  }
  return square === 0 ? 0 : Math.min(1, Math.max(0, product / square))
}

// Up to which price to go, where prices are as PriceLevels says. Pure.
//
// Backwards from the deadline: with one block left any price is taken; with more, the price is weighed against what waiting
// on is expected to cost, which is the same question with a block less.

import type { PriceLevels } from './price-levels.ts'

/** Wei, by the blocks that are left (the next one included), from 0 to `most`. */
export function levelPrices(model: PriceLevels, most: number): readonly number[] {
  const count = model.levels.length
  const prices = model.levels.map((level) =>
    Float64Array.from(model.noises, (noise) => Math.exp(level + noise)),
  )
  const moves = model.moves.map((row) => Float64Array.from(row))
  // What it costs to have this many blocks left at a level, before the noise of the block is known.
  const costs = Float64Array.from(prices, (row) => meanUpTo(row, Number.POSITIVE_INFINITY))
  const later = new Float64Array(count)
  const place = placeOf(model)
  const go = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let left = 2; left <= most; left++) {
    for (const [level, row] of moves.entries()) later[level] = expected(row, costs)
    go.push(at(later, place))
    for (const [level, row] of prices.entries()) costs[level] = meanUpTo(row, later[level] ?? 0)
  }
  return go
}

/** Where the level is between those that are told apart, as a fraction of their order. */
function placeOf({ levels, now }: PriceLevels): number {
  const above = levels.findIndex((level) => level >= now)
  if (above === -1) return levels.length - 1
  const [low, high] = [levels[above - 1], levels[above]]
  if (low === undefined || high === undefined) return 0
  return above - 1 + (now - low) / (high - low)
}

function at(values: Float64Array, place: number): number {
  const below = Math.floor(place)
  const low = values[below] ?? 0
  const high = values[below + 1] ?? low
  return low + (high - low) * (place - below)
}

function expected(chances: Float64Array, values: Float64Array): number {
  let sum = 0
  for (let index = 0; index < chances.length; index++) sum += (chances[index] ?? 0) * (values[index] ?? 0)
  return sum
}

/** Of prices of which none above `most` is taken. */
function meanUpTo(prices: Float64Array, most: number): number {
  let sum = 0
  for (let index = 0; index < prices.length; index++) {
    sum += Math.min(prices[index] ?? 0, most)
  }
  return sum / prices.length
}

// Up to which price to go, where every spell of cheap blocks is a draw from the prices of recent blocks. Pure.
//
// It knows nothing of where prices are now, so it does not follow them up or down: over long waits, in which they come back
// to where they were before, that is its strength.

import { quantile } from './quantile.ts'

/** Blocks that are drawn from: two hours of mainnet. */
const WINDOW_BLOCKS = 600
/** A block is cheap that is among the cheapest tenth of them. */
const CHEAP_SHARE = 0.1
/** Cheap blocks come in spells. One draw stands for so many lengths of a spell: it, and as much between two of them. */
const SPELLS_PER_DRAW = 2

/** Wei, by the blocks that are left (the next one included), from 0 to `most`. `prices`: wei, oldest first. */
export function spellPrices(prices: readonly number[], most: number): readonly number[] {
  const recent = prices.slice(-WINDOW_BLOCKS)
  const sorted = Float64Array.from(recent).sort()
  const blocksPerDraw = SPELLS_PER_DRAW * spellBlocks(recent, quantile(sorted, CHEAP_SHARE))
  const draws = drawPrices(sorted, Math.ceil(most / blocksPerDraw) + 1)
  const go = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let left = 2; left <= most; left++) {
    go.push(draws[Math.max(1, Math.round((left - 1) / blocksPerDraw))] ?? 0)
  }
  return go
}

/** How long a spell of prices at or below `cheap` is, on average. */
function spellBlocks(prices: readonly number[], cheap: number): number {
  const isCheap = prices.map((price) => price <= cheap)
  const blocks = isCheap.filter(Boolean).length
  const spells = isCheap.filter((one, index) => one && isCheap[index - 1] !== true).length
  return spells === 0 ? 1 : blocks / spells
}

/** What so many draws are expected to cost when the best moment is taken without knowing those to come. */
function drawPrices(sorted: Float64Array, most: number): readonly number[] {
  const sums = [0]
  for (const price of sorted) sums.push((sums.at(-1) ?? 0) + price)
  const count = sorted.length
  const costs = [Number.POSITIVE_INFINITY, (sums[count] ?? 0) / count]
  for (let draws = 2; draws <= most; draws++) {
    const last = costs[draws - 1] ?? 0
    const below = countBelow(sorted, last)
    costs.push(((sums[below] ?? 0) + (count - below) * last) / count)
  }
  return costs
}

function countBelow(sorted: Float64Array, price: number): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] ?? 0) < price) from = middle + 1
    else to = middle
  }
  return from
}

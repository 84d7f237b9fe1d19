// Up to which base fee a transfer that may wait should go now: at more, waiting on is expected to be cheaper. Pure.
//
// The mean of several opinions: no single one was best on every market that was tried, and their mean was better than any of
// them (docs/benchmarks.md). Nothing is learned but from the blocks that are given.

import type { FeeHistory } from './fee-history.ts'
import { levelPrices } from './level-prices.ts'
import { type Reading, readLevels } from './price-levels.ts'
import { spellPrices } from './spell-prices.ts'

/** Blocks: an hour of mainnet. Who may wait longer waits as if it were this long. */
export const WAIT_MOST_BLOCKS = 300
/** Blocks: fewer say nothing of what is cheap, and nobody waits. */
export const LEAST_BLOCKS = 32

const READINGS: readonly Reading[] = [
  { span: 5, window: 400 },
  { span: 10, window: 1_000 },
  { span: 20, window: 1_000 },
]
/** The spells' share of the opinion over very long waits, and the blocks at which it is half of that. */
const SPELLS_MOST_SHARE = 0.5
const SPELLS_HALF_BLOCKS = 50

/** Wei per unit of gas, by the blocks that are left, the next one included. The last of them takes any price. */
export type GoPrices = readonly number[]

const AT_ANY_PRICE: GoPrices = Array.from({ length: WAIT_MOST_BLOCKS + 1 }, () => Number.POSITIVE_INFINITY)

export function goPrices({ blocks, next_base_fee }: FeeHistory, most = WAIT_MOST_BLOCKS): GoPrices {
  if (blocks.length < LEAST_BLOCKS) return AT_ANY_PRICE.slice(0, most + 1)
  const prices = [...blocks.map(({ base_fee }) => atLeastOne(base_fee)), atLeastOne(next_base_fee)]
  const logarithms = prices.map((price) => Math.log(price))
  const byLevels = READINGS.map((reading) => levelPrices(readLevels(logarithms, reading), most))
  const bySpells = spellPrices(prices, most)
  return bySpells.map((spell, left) => {
    if (spell === Number.POSITIVE_INFINITY) return spell
    const level = byLevels.reduce((sum, opinion) => sum + (opinion[left] ?? 0), 0) / READINGS.length
    const share = (SPELLS_MOST_SHARE * left) / (left + SPELLS_HALF_BLOCKS)
    return (1 - share) * level + share * spell
  })
}

/** Wei. A base fee of nothing has no logarithm, and nothing is cheaper. */
function atLeastOne(base: bigint): number {
  return base > 0n ? Number(base) : 1
}

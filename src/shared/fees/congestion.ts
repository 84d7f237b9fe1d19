// How full a chain is, in one word. Pure.

import { type BaseFeeRule, ETHEREUM_RULE } from './base-fee-rule.ts'
import type { BlockFees } from './block-fees.ts'
import type { FeeHistory } from './fee-history.ts'

export const CONGESTIONS = ['low', 'medium', 'high'] as const
export type Congestion = (typeof CONGESTIONS)[number]

/** Blocks whose fullness counts: with one more of them full the base fee is 80 % higher on Ethereum. */
const PRESSURE_BLOCKS = 5
/** Gas used to gas target. At 1 the base fee stays. */
const HIGH_PRESSURE = 1.5
const LOW_PRESSURE = 1.1
/** Of the blocks that are kept, those with a lower base fee. */
const HIGH_RANK = 0.8
const LOW_RANK = 1 / 3

/** `high`: dearer than four fifths of the recent blocks, or blocks are nearly full. `low`: of the cheapest third, and not rising. */
export function congestionOf({ blocks, next_base_fee }: FeeHistory, rule: BaseFeeRule | null): Congestion {
  const lower = blocks.filter(({ base_fee }) => base_fee < next_base_fee).length
  const rank = blocks.length === 0 ? 0 : lower / blocks.length
  const pressure = pressureOf(
    blocks.slice(-PRESSURE_BLOCKS).map(({ gas_ratio }) => gas_ratio),
    rule ?? ETHEREUM_RULE,
  )
  if (rank >= HIGH_RANK || pressure >= HIGH_PRESSURE) return 'high'
  return rank <= LOW_RANK && pressure <= LOW_PRESSURE ? 'low' : 'medium'
}

/** Blocks: as many as tips are judged by. */
const IDLE_BLOCKS = 20
/** Gas used to gas target, on average of them: on a chain that is in use the base fee brings it to about 1. */
const IDLE_PRESSURE = 0.5

/** Whether recent blocks were as good as empty. Where nobody told, they were not. */
export function isIdle(blocks: readonly BlockFees[], rule: BaseFeeRule | null): boolean {
  const ratios = blocks.slice(-IDLE_BLOCKS).map(({ gas_ratio }) => gas_ratio)
  if (!ratios.some((ratio) => ratio !== null)) return false
  return pressureOf(ratios, rule ?? ETHEREUM_RULE) < IDLE_PRESSURE
}

function pressureOf(ratios: readonly (number | null)[], { elasticity }: BaseFeeRule): number {
  const known = ratios.filter((ratio) => ratio !== null)
  const mean = known.reduce((sum, ratio) => sum + ratio, 0) / Math.max(1, known.length)
  return mean * Number(elasticity)
}

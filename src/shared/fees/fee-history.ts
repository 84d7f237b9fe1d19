// The fees of recent blocks, one behind the other without a hole, and the base fee of the block to come. Bounded. Pure.

import type { BlockFees } from './block-fees.ts'

/**
 * Blocks. `eth_feeHistory` tells at most 1,024 at once, so all of it can be had again with one question; on mainnet it is
 * 3.4 hours, and more of them made no forecast better (docs/benchmarks.md).
 */
export const HISTORY_MOST_BLOCKS = 1_024

/** Blocks that are asked for where some are kept: the new ones, and those that a reorg may have replaced. */
export const NEWEST_BLOCKS = 16

export type FeeHistory = {
  /** Oldest first; each is the block after the one before. */
  readonly blocks: readonly BlockFees[]
  /** Wei per unit of gas, of the block after the last: it follows from that one, so it is known before the block is made. */
  readonly next_base_fee: bigint
}

export const NO_HISTORY: FeeHistory = { blocks: [], next_base_fee: 0n }

/**
 * With what was told now. It replaces what is kept of the same heights and above, since there may have been a reorg; where
 * it does not reach what is kept, the history begins anew: changes across a hole would be no changes of one block.
 */
export function extend(history: FeeHistory, told: FeeHistory): FeeHistory {
  const [first] = told.blocks
  if (first === undefined) return history
  const kept = history.blocks.filter(({ number }) => number < first.number)
  const isLinked = kept.at(-1)?.number === first.number - 1
  const blocks = isLinked ? [...kept, ...told.blocks] : told.blocks
  return { blocks: blocks.slice(-HISTORY_MOST_BLOCKS), next_base_fee: told.next_base_fee }
}

/** Whether these blocks begin a history anew: they do not reach what is kept. */
export function isBeyond({ blocks }: FeeHistory, told: FeeHistory): boolean {
  const [last, first] = [blocks.at(-1), told.blocks[0]]
  return last !== undefined && first !== undefined && first.number > last.number + 1
}

/** Whether they end a little below what is kept: told by a node that is behind, and no news. */
export function isBehind({ blocks }: FeeHistory, told: FeeHistory): boolean {
  const [last, newest] = [blocks.at(-1), told.blocks.at(-1)]
  if (last === undefined || newest === undefined) return false
  return newest.number < last.number && newest.number >= last.number - NEWEST_BLOCKS
}

// What has to be offered above the base fee, by what got blocks' places lately. Pure.
//
// Never by eth_maxPriorityFeePerGas: a node answers it from the lowest tips that it saw, some thousandth of what most pay in
// some hours, and from nothing where blocks are empty.

import type { BlockFees } from './block-fees.ts'

/** Blocks: four minutes of mainnet. Tips are of a minute: who bids what for places changes with every event. */
export const TIP_BLOCKS = 20
/** Blocks over which a bid's chance is counted: as many as it holds for, however full they are. */
export const TIP_MOST_BLOCKS = 6
/** Wei per unit of gas: what is offered where nobody offered more, because some nodes take no transaction without. */
const LEAST_TIP = 1n

/** `probability`: that a block takes it, by how many of the recent ones would have. */
export type Tip = { readonly tip: bigint; readonly probability: number }

/** Of each recent block that took any: the lowest of which a tenth of its gas paid no more. */
export function recentTips(blocks: readonly BlockFees[]): readonly bigint[] {
  return blocks.slice(-TIP_BLOCKS).flatMap(({ tips: [first] }) => (first === undefined ? [] : [first]))
}

/**
 * The lowest that gets into at least this share of blocks. A block would have taken it where a tenth of its gas paid no
 * more; nobody can know that of the very lowest, which may be the builder's own.
 */
export function tipFor(lowest: readonly bigint[], probability: number): Tip {
  const sorted = lowest.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0))
  const tip = sorted[Math.max(0, Math.ceil(probability * sorted.length) - 1)] ?? LEAST_TIP
  const taken = sorted.filter((one) => one <= tip).length
  return {
    tip: tip > LEAST_TIP ? tip : LEAST_TIP,
    probability: sorted.length === 0 ? 1 : taken / sorted.length,
  }
}

/** Blocks that certainty is measured on: enough to see one in two hundred. */
const CERTAINTY_BLOCKS = 200

/** How often the highest of the tips that were enough lately was enough for the next block as well. */
export function tipCertainty(blocks: readonly BlockFees[]): number {
  const lowest = blocks.slice(-CERTAINTY_BLOCKS - TIP_BLOCKS).map(({ tips: [first] }) => first ?? null)
  let all = 0
  let enough = 0
  for (const [index, wanted] of lowest.entries()) {
    if (index < TIP_BLOCKS || wanted === null) continue
    all += 1
    const offered = lowest.slice(index - TIP_BLOCKS, index)
    if (wanted <= LEAST_TIP || offered.some((tip) => tip !== null && tip >= wanted)) enough += 1
  }
  return all === 0 ? 1 : enough / all
}

/** How many blocks one has to have, each of which takes it with `certainty`, to be included with this probability. */
export function blocksToBeSure(probability: number, certainty: number): number {
  if (certainty >= probability) return 1
  return certainty === 0
    ? Number.POSITIVE_INFINITY
    : Math.ceil(Math.log(1 - probability) / Math.log(1 - certainty))
}

/** How likely each of so many blocks must take it for one of them to do so with this probability. */
export function perBlock(probability: number, blocks: number): number {
  return 1 - (1 - probability) ** (1 / blocks)
}

export function inAnyOf(blocks: number, probability: number): number {
  return 1 - (1 - probability) ** blocks
}

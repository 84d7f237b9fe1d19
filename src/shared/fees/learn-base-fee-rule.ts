// A chain's base fee rule, learned from its blocks and checked against each of them. Pure.
//
// By the rule base fees change by (ratio * elasticity - 1) / denominator, which is a line over the ratio: the line through
// recent blocks gives both, and the whole numbers next to it are tried. Nothing is believed that the blocks do not show.

import { type BaseFeeRule, ETHEREUM_RULE } from './base-fee-rule.ts'
import type { BlockFees } from './block-fees.ts'

/** Blocks. A chain may change its rule; what it was before then must not stand in the way for long. */
const LEARN_FROM_BLOCKS = 64
/** Changes that can be learned from; fewer say nothing. */
const LEAST_CHANGES = 4
/** Of the changes that a rule has to explain: a block or two may lie at the change of a rule, or at a floor. */
const LEAST_EXPLAINED = 0.9
/** Relative. The target is a whole number of gas, and the ratio a fraction of it: a chain with a limit of a million is off by this. */
const RATIO_ERROR = 2e-6
/** Largest that are looked for. OP-stack chains have denominators of 250 and elasticities of 2 to 10. */
const MOST_ELASTICITY = 64
const MOST_DENOMINATOR = 4_096
/** Whole numbers on either side of the line's that are tried, as a share of it: base fees of few digits blur the line. */
const SEARCH_SHARE = 0.05

type Change = { readonly base: number; readonly ratio: number; readonly next: number }

/** Null: these blocks follow no such rule, or are too few to tell. */
export function learnBaseFeeRule(blocks: readonly BlockFees[], next: bigint): BaseFeeRule | null {
  const changes = changesOf(blocks.slice(-LEARN_FROM_BLOCKS), next)
  if (changes.length < LEAST_CHANGES) return null
  // Blocks that are all as full as each other are explained by many rules: then it is the common one.
  if (explains(ETHEREUM_RULE, changes)) return ETHEREUM_RULE
  const line = lineThrough(changes)
  if (line === null) return null
  const denominator = -1 / line.intercept
  const elasticity = line.slope * denominator
  for (const d of around(denominator, MOST_DENOMINATOR)) {
    for (const e of around(elasticity, MOST_ELASTICITY)) {
      const rule = { elasticity: BigInt(e), denominator: BigInt(d) }
      if (explains(rule, changes)) return rule
    }
  }
  return null
}

/** Of blocks whose ratio is known, and that did change: one at a floor says nothing. */
function changesOf(blocks: readonly BlockFees[], next: bigint): readonly Change[] {
  return blocks.flatMap(({ base_fee, gas_ratio: ratio }, index) => {
    const after = blocks[index + 1]?.base_fee ?? next
    if (ratio === null || after === base_fee) return []
    return [{ base: Number(base_fee), ratio, next: Number(after) }]
  })
}

/** Least squares. Null: all ratios are the same, or the line does not fall to the left as the rule's does. */
function lineThrough(
  changes: readonly Change[],
): { readonly slope: number; readonly intercept: number } | null {
  const count = changes.length
  const relative = changes.map(({ base, next }) => next / base - 1)
  const meanRatio = changes.reduce((sum, { ratio }) => sum + ratio, 0) / count
  const meanChange = relative.reduce((sum, change) => sum + change, 0) / count
  let covariance = 0
  let variance = 0
  for (const [index, { ratio }] of changes.entries()) {
    covariance += (ratio - meanRatio) * ((relative[index] ?? 0) - meanChange)
    variance += (ratio - meanRatio) ** 2
  }
  if (variance === 0) return null
  const slope = covariance / variance
  const intercept = meanChange - slope * meanRatio
  return slope > 0 && intercept < 0 ? { slope, intercept } : null
}

/** Whole numbers near it, nearest first. */
function around(value: number, most: number): readonly number[] {
  const middle = Math.round(value)
  const reach = Math.max(1, Math.ceil(value * SEARCH_SHARE))
  const near = Array.from({ length: 2 * reach + 1 }, (_, index) => middle - reach + index)
  return near
    .filter((one) => one >= 1 && one <= most)
    .sort((one, other) => Math.abs(one - value) - Math.abs(other - value))
}

function explains({ elasticity, denominator }: BaseFeeRule, changes: readonly Change[]): boolean {
  const [e, d] = [Number(elasticity), Number(denominator)]
  const explained = changes.filter((change) => isExplained(change, e, d)).length
  return explained >= LEAST_EXPLAINED * changes.length
}

/** To the wei, and what the ratio's own error makes of it. */
function isExplained({ base, ratio, next }: Change, elasticity: number, denominator: number): boolean {
  const expected = (base * (ratio * elasticity - 1)) / denominator
  return Math.abs(next - base - expected) <= 2 + (base * elasticity * RATIO_ERROR) / denominator
}

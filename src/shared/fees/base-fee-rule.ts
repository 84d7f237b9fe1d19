// How a chain makes the base fee of a block out of the one before (EIP-1559). Pure.

/** Ethereum has 2 and 8; rollups and sidechains have others, and some change them. */
export type BaseFeeRule = {
  /** Gas limit to gas target. */
  readonly elasticity: bigint
  /** How much of the distance to the target a block corrects: one in so many. */
  readonly denominator: bigint
}

export type GasUse = { readonly used: bigint; readonly limit: bigint }

export const ETHEREUM_RULE: BaseFeeRule = { elasticity: 2n, denominator: 8n }

/** Wei per unit of gas; exact, to the wei. */
export function nextBaseFee(base: bigint, { used, limit }: GasUse, rule: BaseFeeRule): bigint {
  const target = limit / rule.elasticity
  if (used === target || target === 0n) return base
  if (used > target) {
    const rise = (base * (used - target)) / target / rule.denominator
    // However small it is: a base fee of a few wei could not rise otherwise.
    return base + (rise > 0n ? rise : 1n)
  }
  return base - (base * (target - used)) / target / rule.denominator
}

/** After this many full blocks: the most that it can be then. */
export function mostBaseFee(base: bigint, { elasticity, denominator }: BaseFeeRule, blocks: number): bigint {
  let most = base
  for (let block = 0; block < blocks; block++) {
    const rise = (most * (elasticity - 1n)) / denominator
    most += rise > 0n ? rise : 1n
  }
  return most
}

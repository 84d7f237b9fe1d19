// What common libraries would have bid on the same blocks, by their own code: they know the latest block, not the base fee of
// the next, and ask the node for the tip. They have no notion of time: whatever the horizon, they go at once.

import type { Offer, PricedBlock } from './paid-in.ts'

/** geth's oracle: of so many blocks it takes the lowest tips, and of those this percentile. */
const ORACLE_BLOCKS = 20
const ORACLE_PERCENTILE = 60
/** Wei: lower tips it does not look at (`DefaultIgnorePrice`). */
const ORACLE_IGNORES_BELOW = 2n

export const LIBRARIES = ['viem', 'ethers', 'geth'] as const
export type Library = (typeof LIBRARIES)[number]

/** `known`: blocks up to the latest. */
export function defaultOffer(library: Library, known: readonly PricedBlock[]): Offer {
  const base = known.at(-1)?.baseFee ?? 0n
  const tip = oracleTip(known)
  switch (library) {
    // estimateFeesPerGas: base fee of the latest block times 1.2, and eth_maxPriorityFeePerGas.
    case 'viem':
      return { most: (base * 12n) / 10n + tip, tip }
    // getFeeData of version 6: twice the base fee, and eth_maxPriorityFeePerGas.
    case 'ethers':
      return { most: 2n * base + tip, tip }
    // eth_gasPrice: base fee of the head and the oracle's tip, as the one price of a legacy transaction.
    case 'geth':
      return { most: base + tip, tip, isLegacy: true }
  }
}

/** eth_maxPriorityFeePerGas, from below: the oracle takes three tips of each block, of which the lowest is known here. */
function oracleTip(known: readonly PricedBlock[]): bigint {
  const lowest = known.slice(-ORACLE_BLOCKS).flatMap(({ lowestTip: tip }) => {
    if (tip === null) return []
    return [tip > ORACLE_IGNORES_BELOW ? tip : ORACLE_IGNORES_BELOW]
  })
  const sorted = lowest.sort((one, other) => (one < other ? -1 : 1))
  return sorted[Math.floor(((sorted.length - 1) * ORACLE_PERCENTILE) / 100)] ?? 0n
}

/** Nodes take other bytes at a nonce only for a tenth more. */
export function replacing({ most, tip, ...offer }: Offer, fresh: Offer): Offer {
  const raised = (amount: bigint) => amount + amount / 10n + 1n
  const higher = (one: bigint, other: bigint) => (one > other ? one : other)
  return { ...offer, most: higher(raised(most), fresh.most), tip: higher(raised(tip), fresh.tip) }
}

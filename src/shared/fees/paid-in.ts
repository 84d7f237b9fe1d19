// What a bid is, when a block takes it, and what is then paid. Wei per unit of gas. Pure.

export type PricedBlock = {
  readonly baseFee: bigint
  /** The lowest that somebody in the block paid above that. Null: not known, or nobody was in it. */
  readonly lowestTip: bigint | null
}

export type Offer = {
  readonly most: bigint
  readonly tip: bigint
  /** A legacy transaction pays all that it offers. */
  readonly isLegacy?: boolean
}

/**
 * A block takes a bid that reaches its base fee and, where its tips are known, leaves as much above that as the lowest tip
 * that it took. Null: it does not.
 */
export function paidIn(
  { baseFee, lowestTip }: PricedBlock,
  { most, tip, isLegacy = false }: Offer,
): bigint | null {
  if (most < baseFee) return null
  const room = most - baseFee
  const given = isLegacy || tip > room ? room : tip
  return given < (lowestTip ?? 0n) ? null : baseFee + given
}

/** Where no tips are known nobody offers or pays one: the comparison is of base fees alone. */
export function withoutTips(offer: Offer): Offer {
  return { ...offer, most: offer.most - offer.tip, tip: 0n }
}

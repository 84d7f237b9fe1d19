// What bids are decided by: a chain's recent blocks and what was learned from them. Pure.

import type { BaseFeeRule } from './base-fee-rule.ts'
import type { FeeHistory } from './fee-history.ts'
import { type GoPrices, goPrices } from './go-prices.ts'
import { learnBaseFeeRule } from './learn-base-fee-rule.ts'
import { tipCertainty } from './tips.ts'

export type BaseFeeMarket = {
  readonly kind: 'base_fee'
  readonly history: FeeHistory
  /** Null: recent blocks follow none that is known here. */
  readonly rule: BaseFeeRule | null
  readonly go_prices: GoPrices
  /** How often a tip that should be enough is: 0 to 1. */
  readonly tip_certainty: number
}

/** Blocks have no base fee: one price, wei per unit of gas, is all that there is to offer. */
export type LegacyMarket = { readonly kind: 'legacy'; readonly gas_price: bigint }

export type FeeMarket = BaseFeeMarket | LegacyMarket

/** What an endpoint tells: some blocks, or a price. */
export type ToldFees = { readonly kind: 'base_fee'; readonly history: FeeHistory } | LegacyMarket

export function readMarket(history: FeeHistory): BaseFeeMarket {
  const { blocks, next_base_fee } = history
  const rule = learnBaseFeeRule(blocks, next_base_fee)
  const tip_certainty = tipCertainty(blocks)
  return { kind: 'base_fee', history, rule, go_prices: goPrices(history), tip_certainty }
}

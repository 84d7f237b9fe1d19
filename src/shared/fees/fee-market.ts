// What bids are decided by: a chain's recent blocks and what was learned from them. Pure.

import type { BaseFeeRule } from './base-fee-rule.ts'
import type { FeeHistory } from './fee-history.ts'
import { type GoPrices, goPrices } from './go-prices.ts'
import { learnBaseFeeRule } from './learn-base-fee-rule.ts'

export type FeeMarket =
  /** Blocks have no base fee: one price is all that there is to offer. */
  | { readonly kind: 'legacy'; readonly gas_price: bigint }
  | {
      readonly kind: 'base_fee'
      readonly history: FeeHistory
      /** Null: recent blocks follow none that is known here. */
      readonly rule: BaseFeeRule | null
      readonly go_prices: GoPrices
    }

export function readMarket(history: FeeHistory): FeeMarket {
  const { blocks, next_base_fee } = history
  return {
    kind: 'base_fee',
    history,
    rule: learnBaseFeeRule(blocks, next_base_fee),
    go_prices: goPrices(history),
  }
}

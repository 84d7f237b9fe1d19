// What a chain's object tells of fees: now, to come, and what each speed would bid. Pure.

import { assert } from '../lib/assert.ts'
import { SPEEDS, type Speed } from '../transfer/request.ts'
import type { BaseFeeRule } from './base-fee-rule.ts'
import { decideBid, type FeeDecision, type FeeOffer } from './bid-policy.ts'
import { type Congestion, congestionOf } from './congestion.ts'
import { NO_CAPS } from './fee-caps.ts'
import type { BaseFeeMarket, FeeMarket } from './fee-market.ts'
import { FORECAST_QUANTILES, forecast, forecastQuantile } from './forecast.ts'
import { SPEED_POLICIES } from './speed-policy.ts'

/** Blocks after the next one that are forecast: a block, a minute, some minutes, twenty minutes and an hour of mainnet. */
const FORECAST_BLOCKS = [1, 5, 20, 100, 300] as const

export type SpeedQuote = {
  readonly speed: Speed
  readonly within_blocks: number
  /** Null: it goes now. Else it waits for a base fee at or below this, as long as there is time. */
  readonly waits_for: bigint | null
  /** What it offers then. No caps: they are the transfer's. */
  readonly offer: FeeOffer
  /** Of inclusion within these blocks. */
  readonly probability: number
  /** Wei per unit of gas, base fee and tip: what it is expected to pay. */
  readonly expected: bigint
}

export type BlockForecast = {
  /** 1 is the block after the next one. */
  readonly blocks: number
  /** Wei per unit of gas, at each of FORECAST_QUANTILES. */
  readonly base_fees: readonly bigint[]
}

export type FeeOutlook = {
  /** Null: the chain has none, or its endpoints keep no history. */
  readonly base_fee: {
    /** The last block that is known, and the one to come. */
    readonly block: number
    readonly last: bigint
    readonly next: bigint
    readonly rule: BaseFeeRule | null
    readonly known_blocks: number
    readonly congestion: Congestion
    readonly forecast: readonly BlockForecast[]
  } | null
  readonly gas_price: bigint | null
  readonly speeds: readonly SpeedQuote[]
}

export function feeOutlook(market: FeeMarket): FeeOutlook {
  const speeds = SPEEDS.map((speed) => quote(market, speed))
  if (market.kind === 'legacy') return { base_fee: null, gas_price: market.gas_price, speeds }
  const { history, rule } = market
  const last = history.blocks.at(-1)
  return {
    base_fee: {
      block: last?.number ?? 0,
      last: last?.base_fee ?? history.next_base_fee,
      next: history.next_base_fee,
      rule,
      known_blocks: history.blocks.length,
      congestion: congestionOf(history, rule),
      forecast: FORECAST_BLOCKS.flatMap((blocks) => blockForecast(market, blocks)),
    },
    gas_price: null,
    speeds,
  }
}

function blockForecast({ history, rule }: BaseFeeMarket, blocks: number): readonly BlockForecast[] {
  const told = forecast(history, rule, blocks, 'block')
  if (told === null) return []
  return [{ blocks, base_fees: FORECAST_QUANTILES.map((share) => forecastQuantile(told, share)) }]
}

function quote(market: FeeMarket, speed: Speed): SpeedQuote {
  const { blocks } = SPEED_POLICIES[speed]
  const decision = decideBid(market, speed, blocks, NO_CAPS)
  if (market.kind === 'base_fee' && decision.do === 'wait') {
    const { until_base_fee } = decision
    // Who waits goes at a price that waiting on is expected to cost.
    const then = { ...market, history: { ...market.history, next_base_fee: until_base_fee } }
    return { ...quoteNow(then, speed, decideBid(then, speed, blocks, NO_CAPS)), waits_for: until_base_fee }
  }
  return quoteNow(market, speed, decision)
}

function quoteNow(market: FeeMarket, speed: Speed, decision: FeeDecision): SpeedQuote {
  assert(decision.do === 'go', 'without caps, and at a price that is low enough, it goes')
  const { max_fee_per_gas, max_priority_fee_per_gas, probability } = decision
  const base = market.kind === 'legacy' ? 0n : market.history.next_base_fee
  return {
    speed,
    within_blocks: SPEED_POLICIES[speed].blocks,
    waits_for: null,
    offer: { max_fee_per_gas, max_priority_fee_per_gas },
    probability,
    expected: base + max_priority_fee_per_gas,
  }
}

// Fees of a chain as the API shows them: prices are decimal strings of wei per unit of gas.

import { z } from 'zod'
import { CONGESTIONS } from '../fees/congestion.ts'
import type { FeeOutlook, SpeedQuote } from '../fees/fee-outlook.ts'
import { SPEEDS } from '../transfer/request.ts'
import { chainId, count, uint256 } from './scalars.ts'

const share = z.number().min(0).max(1)

const quantiles = z
  .strictObject({ p5: uint256, p25: uint256, p50: uint256, p75: uint256, p95: uint256 })
  .describe('Base fees; pN: in N of a hundred cases it is no higher.')

export const feeForecast = z.strictObject({
  blocks: count.describe('1 is the block after the next one.'),
  base_fee: quantiles,
})

export const speedQuote = z.strictObject({
  speed: z.enum(SPEEDS),
  within_blocks: count.describe('Blocks in which it should be included, the next one counted.'),
  probability: share.describe('Of inclusion within them, as the last blocks took tips.'),
  waits_for_base_fee: uint256
    .nullable()
    .describe(
      'It would wait for a base fee at or below this, as long as there is time. Null: it would go now.',
    ),
  max_fee_per_gas: uint256.describe('What it would then offer, at most.'),
  max_priority_fee_per_gas: uint256.describe('The tip.'),
  expected_price: uint256.describe('Base fee and tip that it is expected to pay.'),
})

export const chainFees = z.strictObject({
  chain: chainId,
  type: z
    .enum(['base_fee', 'gas_price'])
    .describe('gas_price: the chain has no base fees, or its endpoints keep no history of them.'),
  gas_price: uint256.nullable(),
  block: count.nullable().describe('The last block that is known.'),
  base_fee: uint256.nullable().describe('Of that block.'),
  next_base_fee: uint256.nullable().describe('Of the block to come: it follows from the last one.'),
  known_blocks: count.describe('Blocks that all this is learned from, at most 1,024.'),
  rule: z
    .strictObject({ elasticity: count, denominator: count })
    .nullable()
    .describe(
      'How the chain makes base fees (EIP-1559), as its blocks show it. Null: they follow no such rule.',
    ),
  congestion: z.enum(CONGESTIONS).nullable(),
  forecast: z.array(feeForecast),
  speeds: z.array(speedQuote),
})
export type ChainFeesView = z.output<typeof chainFees>

export function toChainFees(chain: ChainFeesView['chain'], outlook: FeeOutlook): ChainFeesView {
  const { base_fee, gas_price } = outlook
  const rule = base_fee?.rule ?? null
  return {
    chain,
    type: base_fee === null ? 'gas_price' : 'base_fee',
    gas_price,
    block: base_fee?.block ?? null,
    base_fee: base_fee?.last ?? null,
    next_base_fee: base_fee?.next ?? null,
    known_blocks: base_fee?.known_blocks ?? 0,
    rule:
      rule === null ? null : { elasticity: Number(rule.elasticity), denominator: Number(rule.denominator) },
    congestion: base_fee?.congestion ?? null,
    forecast: (base_fee?.forecast ?? []).map(({ blocks, base_fees }) => {
      const [p5 = 0n, p25 = 0n, p50 = 0n, p75 = 0n, p95 = 0n] = base_fees
      return { blocks, base_fee: { p5, p25, p50, p75, p95 } }
    }),
    speeds: outlook.speeds.map(toSpeedQuote),
  }
}

function toSpeedQuote({ speed, within_blocks, probability, waits_for, offer, expected }: SpeedQuote) {
  return {
    speed,
    within_blocks,
    probability,
    waits_for_base_fee: waits_for,
    max_fee_per_gas: offer.max_fee_per_gas,
    max_priority_fee_per_gas: offer.max_priority_fee_per_gas,
    expected_price: expected,
  }
}

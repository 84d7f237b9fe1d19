// The report of fees as the API shows it: amounts are decimal strings of wei.

import { z } from 'zod'
import type { FeeReport } from '../fees/fee-report.ts'
import { LIBRARIES } from '../fees/library-offers.ts'
import { chainId, count, time, uint256 } from './scalars.ts'

/** Wei; below zero where it cost more. */
const difference = z.string().regex(/^-?\d{1,78}$/)

export const libraryFees = z.strictObject({
  library: z
    .enum(LIBRARIES)
    .describe(
      'viem: estimateFeesPerGas. ethers: getFeeData. geth: eth_gasPrice, as the price of a legacy transaction.',
    ),
  fee: uint256.describe(
    'What it would have paid: each transfer alone, in the first block that takes its bid.',
  ),
  saved: difference.describe('That less what was paid, of the three parts that follow.'),
  saved_percent: z.number().nullable().describe('Of `fee`; null where that is nothing.'),
  saved_by_batching: difference.describe('Gas that transactions of their own would have taken.'),
  saved_by_timing: difference.describe('By going at another base fee.'),
  saved_by_tips: difference,
})

export const chainFeeReport = z.strictObject({
  chain: chainId,
  transfers: count.describe('That were included and ended in this time.'),
  batched: count.describe('Those of them that shared their transaction.'),
  gas_used: uint256,
  fee_paid: uint256,
  compared: z
    .strictObject({
      transfers: count,
      gas_used: uint256,
      fee_paid: uint256,
      libraries: z.array(libraryFees),
    })
    .describe('Those of which the blocks from their beginning on were still known when they ended.'),
})

export const feeReportView = z.strictObject({
  from: time,
  to: time,
  is_partial: z
    .boolean()
    .describe('There are more than 10,000 transfers in this time: these are the latest.'),
  data: z.array(chainFeeReport).describe('One for each chain.'),
})
export type FeeReportView = z.input<typeof feeReportView>

export function toChainFeeReport(
  chain: z.output<typeof chainId>,
  { compared, ...report }: FeeReport,
): z.output<typeof chainFeeReport> {
  const libraries = compared.libraries.map(({ library, fee, saved, ...parts }) => ({
    library,
    fee,
    saved: saved.toString(),
    saved_percent: fee === 0n ? null : percentOf(saved, fee),
    saved_by_batching: parts.saved_by_batching.toString(),
    saved_by_timing: parts.saved_by_timing.toString(),
    saved_by_tips: parts.saved_by_tips.toString(),
  }))
  return { chain, ...report, compared: { ...compared, libraries } }
}

const HUNDREDTHS = 10_000n

/** Two digits behind the point. */
function percentOf(part: bigint, whole: bigint): number {
  return Number((part * HUNDREDTHS) / whole) / 100
}

// Parts of a step's news that also stand in records.

import { z } from 'zod'
import { CAP_OWNERS, type Cap } from '../fees/fee-caps.ts'
import {
  type AttemptSummary,
  STEP_OUTCOMES,
  type StepInclusion,
  type StepKey,
} from '../transfer/step-report.ts'
import { blockHash, count, transferId, txHash, uint256 } from './scalars.ts'

export const stepKey = z.strictObject({ transfer: transferId, step: count, generation: count })

/** Whose cap keeps a step, and its value. */
export const feeCap = z.strictObject({ by: z.enum(CAP_OWNERS), most: uint256 })

export const attemptSummary = z.strictObject({
  index: count,
  hash: txHash,
  gas_limit: uint256,
  max_fee_per_gas: uint256,
  max_priority_fee_per_gas: uint256,
})

export const stepInclusion = z.strictObject({
  hash: txHash,
  block_number: count,
  block_hash: blockHash,
  outcome: z.enum(STEP_OUTCOMES),
  delivered_amount: uint256.nullable(),
  gas_used: uint256,
  fee_paid: uint256,
})

stepKey satisfies z.ZodType<StepKey>
attemptSummary satisfies z.ZodType<AttemptSummary>
stepInclusion satisfies z.ZodType<StepInclusion>
feeCap satisfies z.ZodType<Cap>

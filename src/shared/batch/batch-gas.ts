import type { BatchStep } from './batch-step.ts'
export const TRANSACTION_GAS_MOST = 2n ** 24n
export function batchGasLimit(steps: readonly BatchStep[]): bigint {
  return BigInt(steps.length) * 60_000n + 100_000n
}

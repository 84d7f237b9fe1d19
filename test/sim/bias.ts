// What histories are drawn with, beyond chance: rare meetings of faults are had by the hundred instead of by the ten thousand.
// A seed with a bias is another history than without.

import type { FaultClass } from './faults.ts'

export type Bias = {
  /** Faults that strike in each history, oftener than in any without a bias. */
  readonly often: readonly FaultClass[]
  /** Plain accounts bring batches for the others in each history. */
  readonly carries: boolean
}

export const UNBIASED: Bias = { often: [], carries: false }

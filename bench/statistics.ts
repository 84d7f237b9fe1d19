// What is told of many samples.

import { assert, assertDefined } from '../src/shared/lib/assert.ts'

/** Nearest rank: a value that was measured, never one between two. `share` from 0 to 1. */
export function percentile(samples: readonly number[], share: number): number {
  assert(samples.length > 0, 'no samples')
  const sorted = samples.toSorted((one, other) => one - other)
  const rank = Math.max(1, Math.ceil(share * sorted.length))
  return assertDefined(sorted[rank - 1], `rank ${rank} of ${sorted.length}`)
}

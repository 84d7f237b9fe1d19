// Keys in runs that each fit a record, with room to spare: a key is about 90 bytes, a record at most a megabyte.

import type { StepKey } from '../../shared/transfer/step-report.ts'

/** Steps that one record acknowledges or forgets. */
const KEYS_IN_A_RECORD = 1_000

export function inRuns(keys: readonly StepKey[]): readonly (readonly StepKey[])[] {
  const runs: (readonly StepKey[])[] = []
  for (let start = 0; start < keys.length; start += KEYS_IN_A_RECORD) {
    runs.push(keys.slice(start, start + KEYS_IN_A_RECORD))
  }
  return runs
}

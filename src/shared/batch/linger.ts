// How long a batch waits to be filled.

import type { BatchSize } from './batch-size.ts'
import { FULL_BLOCK } from './block-room.ts'

export type LingerConditions = {
  readonly poolDepth: number
  readonly blockFullness: number
  readonly blockTimeMs: number
  readonly isUrgent: boolean
}

/** A batch that misses a block waits for the next: lingering is a small part of that. */
const LINGER_BLOCK_SHARE = 1 / 8
const LINGER_MOST_MS = 1_000
/** When blocks are full gas is dear, and what is shared in a batch is worth more. */
const LINGER_FULL_FACTOR = 2

/** The emptier the batch the longer, since each step that comes adds more to it. */
export function lingerMs({ mostSteps }: BatchSize, conditions: LingerConditions): number {
  const { poolDepth, blockFullness, blockTimeMs, isUrgent } = conditions
  if (isUrgent || poolDepth === 0 || poolDepth >= mostSteps) return 0
  const factor = blockFullness >= FULL_BLOCK ? LINGER_FULL_FACTOR : 1
  const mostMs = Math.min(LINGER_MOST_MS, blockTimeMs * LINGER_BLOCK_SHARE * factor)
  return Math.round(mostMs * (1 - poolDepth / mostSteps))
}

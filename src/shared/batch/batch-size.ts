// How many places a batch may have. Additive increase, multiplicative decrease, as TCP shares a line whose room nobody
// tells: what a batch may hold shows only by what becomes of it.

import { FULL_BLOCK } from './block-room.ts'
import { BATCH_STEPS_MAX } from './encode-steps.ts'
import type { ClosedBy } from './schedule.ts'

/** A fold over batches, oldest first. */
export type BatchSize = {
  readonly mostSteps: number
  /** Batches since one in which steps failed, as far as it counts. */
  readonly clean: number
}

/** How a batch was planned, and what became of it. */
export type BatchObservation = {
  readonly steps: number
  readonly failed: number
  readonly closedBy: ClosedBy
  /** Steps that could have been in it, had it been larger. */
  readonly leftReady: number
  /** Steps that wait behind others. */
  readonly leftBehind: number
  /** Gas used to gas limit, 0 to 1, of the newest block. */
  readonly blockFullness: number
}

/** Share of the steps that failed, or of the places that conflicts kept empty: the bound for conflicts. */
const TROUBLE_SHARE = 0.05
/** Batches without failures after which places may double again: what made steps fail is most likely over. */
const CLEAN_TO_DOUBLE = 8
/**
 * Batches that what is ready would fill, for places to double where there are chains. When it is used up and only chains are left, the batches
 * until places fit again have room for about one and a half such batches: less than a tenth of what went before.
 */
const DEEP_BATCHES = 16
/** Steps. What all steps of a batch share costs each of them less than a tenth of its own gas from here on. */
const FIRST_STEPS = 32

export const FIRST_BATCH_SIZE: BatchSize = { mostSteps: FIRST_STEPS, clean: CLEAN_TO_DOUBLE }

export function nextBatchSize({ mostSteps, clean }: BatchSize, batch: BatchObservation): BatchSize {
  if (batch.failed > TROUBLE_SHARE * batch.steps) {
    return { mostSteps: Math.max(1, Math.floor(mostSteps / 2)), clean: 0 }
  }
  const since = Math.min(CLEAN_TO_DOUBLE, clean + 1)
  // Conflicts tell how many places there is use for; failures do not.
  const isTooLarge = batch.closedBy === 'conflicts' && batch.steps < (1 - TROUBLE_SHARE) * mostSteps
  if (isTooLarge) return { mostSteps: Math.max(1, batch.steps), clean: since }
  // Only where a step was ready and found no place is there use for more of them.
  if (batch.closedBy !== 'steps' || batch.blockFullness >= FULL_BLOCK) return { mostSteps, clean: since }
  // Without chains nothing but what is ready is left: it is enough that the next batch will be full.
  const enough = (batch.leftBehind === 0 ? 2 : DEEP_BATCHES) * mostSteps
  const mayDouble = clean >= CLEAN_TO_DOUBLE && batch.leftReady >= enough
  // Fewer than it holds now: the larger one would not be filled.
  if (batch.leftReady < mostSteps) return { mostSteps, clean: since }
  const more = mayDouble ? mostSteps : 1
  return { mostSteps: Math.min(BATCH_STEPS_MAX, mostSteps + more), clean: since }
}

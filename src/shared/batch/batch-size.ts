// How large a batch may be and how long it waits to be filled. Additive increase, multiplicative decrease, as TCP shares a
// line whose room nobody tells: what a batch may hold shows only by what becomes of it.

import { TRANSACTION_GAS_MOST } from './batch-gas.ts'
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

export type BatchConditions = {
  readonly poolDepth: number
  readonly blockFullness: number
  readonly blockGasLimit: bigint
  readonly blockTimeMs: number
  readonly isUrgent: boolean
}

export type BatchLimits = {
  readonly mostSteps: number
  readonly mostGas: bigint
  readonly lingerMs: number
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
/** Of gas used to gas limit. Half is what the base fee aims at; above this there is no room for more. */
const FULL_BLOCK = 0.95
/** Of a block's gas: builders leave a larger transaction out sooner, the more so when blocks are full. */
const GAS_SHARE_PERCENT = 25n
const GAS_SHARE_FULL_PERCENT = 12n
const PERCENT = 100n
/** A batch that misses a block waits for the next: lingering is a small part of that. */
const LINGER_BLOCK_SHARE = 1 / 8
const LINGER_MOST_MS = 1_000
/** When blocks are full gas is dear, and what is shared in a batch is worth more. */
const LINGER_FULL_FACTOR = 2

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
  const more = mayDouble ? mostSteps : 1
  return { mostSteps: Math.min(BATCH_STEPS_MAX, mostSteps + more), clean: since }
}

export function batchLimits(size: BatchSize, conditions: BatchConditions): BatchLimits {
  return {
    mostSteps: size.mostSteps,
    mostGas: gasOf(conditions),
    lingerMs: lingerOf(size, conditions),
  }
}

function gasOf({ blockGasLimit, blockFullness }: BatchConditions): bigint {
  const percent = blockFullness >= FULL_BLOCK ? GAS_SHARE_FULL_PERCENT : GAS_SHARE_PERCENT
  const share = (blockGasLimit * percent) / PERCENT
  return share < TRANSACTION_GAS_MOST ? share : TRANSACTION_GAS_MOST
}

/** The emptier the batch the longer, since each step that comes adds more to it. */
function lingerOf({ mostSteps }: BatchSize, conditions: BatchConditions): number {
  const { poolDepth, blockFullness, blockTimeMs, isUrgent } = conditions
  if (isUrgent || poolDepth === 0 || poolDepth >= mostSteps) return 0
  const factor = blockFullness >= FULL_BLOCK ? LINGER_FULL_FACTOR : 1
  const mostMs = Math.min(LINGER_MOST_MS, blockTimeMs * LINGER_BLOCK_SHARE * factor)
  return Math.round(mostMs * (1 - poolDepth / mostSteps))
}

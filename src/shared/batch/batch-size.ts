// How large a batch may be and how long it waits to be filled. Additive increase, multiplicative decrease, as TCP shares a
// line whose room nobody tells: what a batch may hold shows only by what becomes of it.

import { BATCH_STEPS_MAX } from './encode-steps.ts'

/** A fold over batches, oldest first. */
export type BatchSize = {
  readonly mostSteps: number
  /** Full batches without trouble, in a row. */
  readonly clean: number
}

/** What became of a batch, and what the planner saw when it closed it. */
export type BatchObservation = {
  readonly steps: number
  readonly failed: number
  /** Places that stayed empty while steps waited, each for one in the batch. */
  readonly conflicts: number
  /** Steps that still waited and could go. */
  readonly poolDepth: number
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

/** Full batches without trouble after which places double: so is a long quiet pool given room again. */
const CLEAN_TO_DOUBLE = 8
/** Share of the steps, or of the places: above it a batch was in trouble. The bound for conflicts. */
const TROUBLE_SHARE = 0.05
/** Of gas used to gas limit. Half is what the base fee aims at; above this there is no room for more. */
const FULL_BLOCK = 0.95
/** Of a block's gas: builders leave a larger transaction out sooner, the more so when blocks are full. */
const GAS_SHARE_PERCENT = 25n
const GAS_SHARE_FULL_PERCENT = 12n
const PERCENT = 100n
/** Gas that one transaction may have at most (EIP-7825). */
export const TRANSACTION_GAS_MAX = 16_777_216n
/** A batch that misses a block waits for the next: lingering is a small part of that. */
const LINGER_BLOCK_SHARE = 1 / 8
const LINGER_MOST_MS = 1_000
/** When blocks are full gas is dear, and what is shared in a batch is worth more. */
const LINGER_FULL_FACTOR = 2

/** Doubles with each full clean batch until the first trouble. */
export const FIRST_BATCH_SIZE: BatchSize = { mostSteps: 16, clean: CLEAN_TO_DOUBLE }

export function nextBatchSize(size: BatchSize, batch: BatchObservation): BatchSize {
  if (isTrouble(size, batch)) return { mostSteps: Math.max(1, Math.floor(size.mostSteps / 2)), clean: 0 }
  // One that was not full proves nothing about a larger one, and nobody needs it where nothing waits.
  const wasFull = batch.steps >= size.mostSteps && batch.poolDepth > 0
  if (!wasFull || batch.blockFullness >= FULL_BLOCK) return size
  const more = size.clean >= CLEAN_TO_DOUBLE ? size.mostSteps : 1
  return { mostSteps: Math.min(BATCH_STEPS_MAX, size.mostSteps + more), clean: size.clean + 1 }
}

function isTrouble({ mostSteps }: BatchSize, { steps, failed, conflicts }: BatchObservation): boolean {
  return failed > TROUBLE_SHARE * steps || conflicts > TROUBLE_SHARE * mostSteps
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
  return share < TRANSACTION_GAS_MAX ? share : TRANSACTION_GAS_MAX
}

/** The emptier the batch the longer, since each step that comes adds more to it. */
function lingerOf({ mostSteps }: BatchSize, conditions: BatchConditions): number {
  const { poolDepth, blockFullness, blockTimeMs, isUrgent } = conditions
  if (isUrgent || poolDepth === 0 || poolDepth >= mostSteps) return 0
  const factor = blockFullness >= FULL_BLOCK ? LINGER_FULL_FACTOR : 1
  const mostMs = Math.min(LINGER_MOST_MS, blockTimeMs * LINGER_BLOCK_SHARE * factor)
  return Math.round(mostMs * (1 - poolDepth / mostSteps))
}

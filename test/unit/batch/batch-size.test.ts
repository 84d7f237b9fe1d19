// Guarantee (src/shared/batch/SPEC.md, P8 and P9): places stay within 1 and 256 whatever happens, shrink on trouble and grow
// on clean batches; nobody lingers for nothing.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BatchConditions,
  type BatchObservation,
  type BatchSize,
  batchLimits,
  FIRST_BATCH_SIZE,
  nextBatchSize,
  TRANSACTION_GAS_MAX,
} from '../../../src/shared/batch/batch-size.ts'
import { BATCH_STEPS_MAX } from '../../../src/shared/batch/encode-steps.ts'
import { holds } from '../../support/property.ts'

const CLEAN = { failed: 0, conflicts: 0, poolDepth: 1_000, blockFullness: 0.5 }
const CONDITIONS: BatchConditions = {
  poolDepth: 1_000,
  blockFullness: 0.5,
  blockGasLimit: 36_000_000n,
  blockTimeMs: 12_000,
  isUrgent: false,
}

const full = (size: BatchSize, change: Partial<BatchObservation> = {}): BatchSize =>
  nextBatchSize(size, { ...CLEAN, steps: size.mostSteps, ...change })

function afterClean(batches: number, from: BatchSize): BatchSize {
  let size = from
  for (let batch = 0; batch < batches; batch++) size = full(size)
  return size
}

const observation = fc.record({
  steps: fc.nat(BATCH_STEPS_MAX),
  failed: fc.nat(BATCH_STEPS_MAX),
  conflicts: fc.nat(BATCH_STEPS_MAX),
  poolDepth: fc.nat(10_000),
  blockFullness: fc.double({ min: 0, max: 1, noNaN: true }),
})

describe('places', () => {
  test('stay from 1 to what a batch can carry', () => {
    holds(
      fc.property(fc.array(observation, { maxLength: 300 }), (batches) => {
        let size = FIRST_BATCH_SIZE
        for (const batch of batches) {
          size = nextBatchSize(size, batch)
          expect(Number.isInteger(size.mostSteps)).toBe(true)
          expect(size.mostSteps).toBeGreaterThanOrEqual(1)
          expect(size.mostSteps).toBeLessThanOrEqual(BATCH_STEPS_MAX)
        }
      }),
    )
  })

  test('double until the first trouble', () => {
    expect(afterClean(3, FIRST_BATCH_SIZE).mostSteps).toBe(128)
    expect(afterClean(50, FIRST_BATCH_SIZE).mostSteps).toBe(BATCH_STEPS_MAX)
  })

  test.each([
    ['steps that failed', { failed: 6 }],
    ['places that conflicts kept empty', { steps: 90, conflicts: 10 }],
  ])('are halved by %s, grow by one for eight clean batches, and double then', (_, trouble) => {
    const halved = full({ mostSteps: 100, clean: 8 }, trouble)
    expect(halved).toEqual({ mostSteps: 50, clean: 0 })
    expect(afterClean(8, halved).mostSteps).toBe(58)
    expect(afterClean(9, halved).mostSteps).toBe(116)
  })

  test('five of a hundred may fail', () => {
    expect(full({ mostSteps: 100, clean: 0 }, { failed: 5 })).toEqual({ mostSteps: 101, clean: 1 })
  })

  test('come back from one', () => {
    let size: BatchSize = { mostSteps: 2, clean: 0 }
    for (let batch = 0; batch < 10; batch++) size = full(size, { failed: size.mostSteps })
    expect(size.mostSteps).toBe(1)
    expect(afterClean(16, size).mostSteps).toBe(BATCH_STEPS_MAX)
  })

  test.each([
    ['a batch that was not full', { steps: 99 }],
    ['a pool that has no more', { poolDepth: 0 }],
    ['a block without room', { blockFullness: 0.99 }],
  ])('%s changes nothing', (_, change) => {
    const size: BatchSize = { mostSteps: 100, clean: 3 }
    expect(full(size, change)).toEqual(size)
  })
})

describe('lingering', () => {
  const size: BatchSize = { mostSteps: 100, clean: 0 }
  const lingerMs = (change: Partial<BatchConditions>) =>
    batchLimits(size, { ...CONDITIONS, ...change }).lingerMs

  test('there is none where the pool fills the batch, where a step is urgent, or where nothing waits', () => {
    expect(lingerMs({ poolDepth: 100 })).toBe(0)
    expect(lingerMs({ poolDepth: 10, isUrgent: true })).toBe(0)
    expect(lingerMs({ poolDepth: 0 })).toBe(0)
  })

  test('is longer the emptier the batch and the fuller the blocks, and a small part of a block', () => {
    expect(lingerMs({ poolDepth: 10, blockTimeMs: 2_000 })).toBe(225)
    expect(lingerMs({ poolDepth: 90, blockTimeMs: 2_000 })).toBe(25)
    expect(lingerMs({ poolDepth: 10, blockTimeMs: 2_000, blockFullness: 1 })).toBe(450)
    expect(lingerMs({ poolDepth: 1, blockTimeMs: 60_000, blockFullness: 1 })).toBeLessThanOrEqual(1_000)
  })
})

describe('gas', () => {
  const mostGas = (change: Partial<BatchConditions>) =>
    batchLimits(FIRST_BATCH_SIZE, { ...CONDITIONS, ...change }).mostGas

  test('is a part of a block, smaller where blocks are full, and never more than a transaction may have', () => {
    expect(mostGas({})).toBe(9_000_000n)
    expect(mostGas({ blockFullness: 1 })).toBe(4_320_000n)
    expect(mostGas({ blockGasLimit: 10n ** 9n })).toBe(TRANSACTION_GAS_MAX)
  })
})

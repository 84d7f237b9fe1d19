// Guarantee (src/shared/batch/SPEC.md, P8): places stay within 1 and 256 whatever happens, shrink on trouble and grow on
// clean batches.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BatchObservation,
  type BatchSize,
  FIRST_BATCH_SIZE,
  nextBatchSize,
} from '../../../src/shared/batch/batch-size.ts'
import { BATCH_STEPS_MAX } from '../../../src/shared/batch/encode-steps.ts'
import { holds } from '../../support/property.ts'

const FULL = { failed: 0, closedBy: 'steps', leftReady: 100, blockFullness: 0.5 } as const
const DEEP_POOL = 10_000

const next = (size: BatchSize, change: Partial<BatchObservation> = {}): BatchSize =>
  nextBatchSize(size, { ...FULL, steps: size.mostSteps, ...change })

function afterFull(batches: number, from: BatchSize, leftReady = DEEP_POOL): BatchSize {
  let size = from
  for (let batch = 0; batch < batches; batch++) size = next(size, { leftReady })
  return size
}

const observation = fc.record({
  steps: fc.nat(BATCH_STEPS_MAX),
  failed: fc.nat(BATCH_STEPS_MAX),
  closedBy: fc.constantFrom('steps', 'gas', 'alone', 'conflicts', 'drained'),
  leftReady: fc.nat(10_000),
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

  test('grow by one for each full batch, and double where the pool would fill sixteen', () => {
    expect(afterFull(3, FIRST_BATCH_SIZE, 100).mostSteps).toBe(35)
    expect(afterFull(2, FIRST_BATCH_SIZE).mostSteps).toBe(128)
    expect(afterFull(3, FIRST_BATCH_SIZE).mostSteps).toBe(BATCH_STEPS_MAX)
  })

  test('are halved by failures, and double no more for eight batches', () => {
    const halved = next({ mostSteps: 100, clean: 8 }, { failed: 6 })
    expect(halved).toEqual({ mostSteps: 50, clean: 0 })
    expect(afterFull(8, halved).mostSteps).toBe(58)
    expect(afterFull(9, halved).mostSteps).toBe(116)
  })

  test('five of a hundred may fail', () => {
    expect(next({ mostSteps: 100, clean: 0 }, { failed: 5 })).toEqual({ mostSteps: 101, clean: 1 })
  })

  test('are as many as conflicts let be filled, and grow again at once', () => {
    const shrunk = next({ mostSteps: 100, clean: 8 }, { steps: 7, closedBy: 'conflicts' })
    expect(shrunk).toEqual({ mostSteps: 7, clean: 8 })
    expect(afterFull(5, shrunk).mostSteps).toBe(224)
  })

  test('come back from one', () => {
    let size: BatchSize = { mostSteps: 2, clean: 0 }
    for (let batch = 0; batch < 10; batch++) size = next(size, { failed: size.mostSteps })
    expect(size.mostSteps).toBe(1)
    expect(afterFull(16, size).mostSteps).toBe(BATCH_STEPS_MAX)
  })

  test.each<[string, Partial<BatchObservation>]>([
    ['a pool that has no more', { steps: 20, closedBy: 'drained' }],
    ['a pool whose last steps just fill it', { closedBy: 'drained' }],
    ['a few places that conflicts kept empty', { steps: 96, closedBy: 'conflicts' }],
    ['gas that was used up', { steps: 20, closedBy: 'gas' }],
    ['a step that stands alone', { steps: 1, closedBy: 'alone' }],
    ['a block without room', { blockFullness: 0.99 }],
  ])('are not changed by %s', (_, change) => {
    expect(next({ mostSteps: 100, clean: 3 }, change).mostSteps).toBe(100)
  })
})

// Guarantee (src/shared/batch/SPEC.md, P9): nobody lingers for nothing, and never for more than a small part of a block.

import { expect, test } from 'vitest'
import { type LingerConditions, lingerMs } from '../../../src/shared/batch/linger.ts'

const SIZE = { mostSteps: 100, clean: 0 }
const linger = (change: Partial<LingerConditions>) =>
  lingerMs(SIZE, { poolDepth: 1_000, blockFullness: 0.5, blockTimeMs: 12_000, isUrgent: false, ...change })

test('there is none where the pool fills the batch, where a step is urgent, or where nothing waits', () => {
  expect(linger({ poolDepth: 100 })).toBe(0)
  expect(linger({ poolDepth: 10, isUrgent: true })).toBe(0)
  expect(linger({ poolDepth: 0 })).toBe(0)
})

test('it is longer the emptier the batch and the fuller the blocks, and a small part of a block', () => {
  expect(linger({ poolDepth: 10, blockTimeMs: 2_000 })).toBe(225)
  expect(linger({ poolDepth: 90, blockTimeMs: 2_000 })).toBe(25)
  expect(linger({ poolDepth: 10, blockTimeMs: 2_000, blockFullness: 1 })).toBe(450)
  expect(linger({ poolDepth: 1, blockTimeMs: 60_000, blockFullness: 1 })).toBeLessThanOrEqual(1_000)
})

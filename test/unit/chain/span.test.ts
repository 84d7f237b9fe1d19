// Guarantee (C19): behind endpoints that fail, however often, pieces become so short that one of them is gone; and long again.

import { expect, test } from 'vitest'
import { Span } from '../../../src/durable-objects/chain/span.ts'

test('a piece is a single block after four failures, and no less', () => {
  const span = new Span()
  expect(span.blocks).toBe(500)
  const lengths = Array.from({ length: 6 }, () => {
    span.failed()
    return span.blocks
  })
  expect(lengths).toEqual([125, 31, 7, 1, 1, 1])
})

test('what goes well is longer the next time, up to the whole', () => {
  const span = new Span()
  for (let count = 0; count < 5; count++) span.failed()
  const lengths = Array.from({ length: 10 }, () => {
    span.went()
    return span.blocks
  })
  expect(lengths).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 500, 500])
})

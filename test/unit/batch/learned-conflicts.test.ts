// Guarantee (src/shared/batch/SPEC.md, P10): what is learned of templates is bounded, what is used stays, and whatever was seen, any
// two templates that share a contract's state were not last seen in conflict.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LearnedConflicts, PAIRS_MAX } from '../../../src/shared/batch/learned-conflicts.ts'
import { addressOf } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'

const SELECTORS = ['receive', '0xa9059cbb', '0x00000001', '0x00000002', '0x00000003']
const contract = addressOf(1)

function seen(learned: LearnedConflicts, on = contract, selector = '0x00000001', times = 4): void {
  for (let time = 0; time < times; time++) learned.observe(on, selector, selector, true)
}

test('no two templates that share were last seen in conflict', () => {
  const selector = fc.constantFrom(...SELECTORS)
  const observations = fc.array(fc.tuple(selector, selector, fc.integer({ min: 0, max: 9 })), {
    maxLength: 200,
  })
  holds(
    fc.property(observations, (list) => {
      const learned = new LearnedConflicts()
      const last = new Map<string, boolean>()
      for (const [one, other, chance] of list) {
        const cameTrue = chance !== 0
        learned.observe(contract, one, other, cameTrue)
        last.set([one, other].sort().join(' '), cameTrue)
      }
      const shared = SELECTORS.filter((one) => learned.isShared({ contract, selector: one }))
      const pairs = shared.flatMap((one) => shared.map((other) => [one, other].sort().join(' ')))
      expect(pairs.filter((pair) => last.get(pair) === false)).toEqual([])
    }),
    200,
  )
})

test('it is bounded; what is used often outlives what was seen once, and is forgotten when it is old', () => {
  const learned = new LearnedConflicts()
  seen(learned, contract, '0x00000001', 30)
  for (let index = 0; index < 1.2 * PAIRS_MAX; index++) seen(learned, addressOf(100 + index), '0x00000002', 1)
  expect(learned.size).toBe(PAIRS_MAX)
  expect(learned.isShared({ contract, selector: '0x00000001' })).toBe(true)
  for (let index = 0; index < 2 * PAIRS_MAX; index++) seen(learned, addressOf(9_000 + index), '0x00000002', 1)
  expect(learned.size).toBe(PAIRS_MAX)
  expect(learned.isShared({ contract, selector: '0x00000001' })).toBe(false)
})

// Guarantee: what the benchmark `schedule` finds in groups it would find in wrong ones: steps in conflict, writes out of
// order, steps that were lost; and first come is counted as its page says.

import { expect, test } from 'vitest'
import {
  AdaptivePacking,
  findingsOf,
  firstComeGroups,
  parallelDepth,
} from '../../../bench/schedule/packing.ts'

const CHAIN = [['a'], ['a', 'b'], ['c'], ['b']]
const group = (...members: readonly number[]) => ({ members, places: 4 })

test.each([
  ['nothing, where nothing is wrong', [group(0, 2), group(1), group(3)], [0, 0, 0]],
  ['steps in conflict inside a group', [group(0, 1, 2), group(3)], [1, 0, 0]],
  ['writes out of order in later groups', [group(1, 2), group(0), group(3)], [0, 1, 0]],
  ['writes out of order inside a group', [group(3, 2, 1), group(0)], [1, 2, 0]],
  ['a step that was lost', [group(0, 2), group(1)], [0, 0, 1]],
  ['a step that was doubled', [group(0, 2), group(1), group(3, 2)], [0, 0, 1]],
])('it finds %s', (_, packed, [conflicts, orderBroken, lost]) => {
  expect(findingsOf(CHAIN, packed)).toEqual({ conflicts, orderBroken, lost })
})

test('first come closes a group at the first conflict, and when it is full', () => {
  expect(firstComeGroups(CHAIN, 4)).toBe(3)
  expect(firstComeGroups([['a'], ['b'], ['c'], ['d'], ['e']], 2)).toBe(3)
  expect(firstComeGroups([], 2)).toBe(0)
})

test('the scheduler takes as many groups as the longest chain, and its groups are free of findings', () => {
  expect(parallelDepth(CHAIN)).toBe(3)
  const packed = new AdaptivePacking().pack(CHAIN)
  expect(findingsOf(CHAIN, packed)).toEqual({ conflicts: 0, orderBroken: 0, lost: 0 })
  expect(packed).toHaveLength(3)
})

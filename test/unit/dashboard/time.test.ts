// How long ago, and how long it took.

import { describe, expect, it } from 'vitest'
import { durationText, relativeText } from '../../../src/dashboard/parts/time.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND

describe('relativeText', () => {
  it.each([
    [0, 'now'],
    [1_900, 'now'],
    [-1_900, 'now'],
    [2 * SECOND, '2s ago'],
    [59_999, '59s ago'],
    [60 * SECOND, '1m ago'],
    [2 * HOUR, '2h ago'],
    [49 * HOUR, '2d ago'],
    [-30 * SECOND, 'in 30s'],
    [-3 * HOUR, 'in 3h'],
  ])('%i ms is %s', (ago, text) => {
    expect(relativeText(10_000_000_000 - ago, 10_000_000_000)).toBe(text)
  })
})

describe('durationText', () => {
  it.each([
    [12, '12 ms'],
    [3_400, '3.4 s'],
    [125 * SECOND, '2 m 05 s'],
    [2 * HOUR + 180 * SECOND, '2 h 03 m'],
    [50 * HOUR, '2 d 2 h'],
  ])('%i ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })
})

// Guarantee: a time is a whole number of milliseconds since 1970, in code and on the wire.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assertNever, InvariantError } from '../../../src/shared/lib/assert.ts'
import { addMs, earliest, toRfc3339, unixMs } from '../../../src/shared/lib/time.ts'
import { time } from '../../support/arbitraries.ts'
import { holds } from '../../support/property.ts'

describe('a time', () => {
  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('is not %d', (value) => {
    expect(() => unixMs(value)).toThrow(InvariantError)
  })

  test('is written in UTC with milliseconds, and means the same when it is read again', () => {
    expect(toRfc3339(unixMs(0))).toBe('1970-01-01T00:00:00.000Z')
    holds(
      fc.property(time, (value) => {
        expect(toRfc3339(value)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
        expect(Date.parse(toRfc3339(value))).toBe(value)
      }),
    )
  })

  test('moves by whole milliseconds and never before 1970', () => {
    expect(addMs(unixMs(10), 0.6)).toBe(11)
    expect(addMs(unixMs(10), -10)).toBe(0)
    expect(() => addMs(unixMs(10), -11)).toThrow(InvariantError)
  })
})

test('the earliest of several is the lowest that there is', () => {
  expect(earliest()).toBeNull()
  expect(earliest(null, null)).toBeNull()
  expect(earliest(null, unixMs(0), unixMs(3))).toBe(0)
  holds(
    fc.property(fc.array(fc.option(time)), (times) => {
      const known = times.filter((value) => value !== null)
      expect(earliest(...times)).toBe(known.length === 0 ? null : Math.min(...known))
    }),
  )
})

test('a branch that cannot be reached says what reached it', () => {
  // @ts-expect-error: the compiler refuses what the test needs.
  expect(() => assertNever({ kind: 'new' })).toThrow('{"kind":"new"}')
})

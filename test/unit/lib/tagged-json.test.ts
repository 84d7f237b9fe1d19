// Guarantee: a state comes out of a checkpoint as it went in: bigint, Map and Set at any depth, in their order.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../src/shared/lib/assert.ts'
import { parseTagged, stringifyTagged } from '../../../src/shared/lib/tagged-json.ts'
import { holds } from '../../support/property.ts'

/** Members of no value of ours begin with it: the tags do. */
const TAG = '$'

const { value } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    fc.bigInt(),
    // JSON has no -0: it is read as 0.
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  ),
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => !key.startsWith(TAG) && key !== '__proto__'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
    fc.array(tie('value'), { maxLength: 4 }).map((members) => new Set(members)),
    fc.array(fc.tuple(tie('leaf'), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}))

test('every value of data comes out as it went in', () => {
  holds(
    fc.property(value, (data) => {
      expect(parseTagged(stringifyTagged(data))).toStrictEqual(data)
    }),
    500,
  )
})

test('the order of a map and of a set is kept: a state may rely on it', () => {
  holds(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 20 }), (keys) => {
      const data = { map: new Map(keys.map((key, index) => [key, BigInt(index)])), set: new Set(keys) }
      expect(stringifyTagged(parseTagged(stringifyTagged(data)))).toBe(stringifyTagged(data))
    }),
  )
})

test('keys of a map keep their kind: a number is no text', () => {
  const map = new Map<unknown, unknown>([
    [1, 'number'],
    ['1', 'text'],
    [1n, 'bigint'],
  ])
  expect(parseTagged(stringifyTagged(map))).toStrictEqual(map)
})

test('a member that is undefined is as good as none', () => {
  expect(parseTagged(stringifyTagged({ a: undefined, b: 1 }))).toEqual({ b: 1 })
})

describe('what would not come out as it went in is refused, and not dropped', () => {
  test.each([
    ['a function', () => 1],
    ['a symbol', Symbol('one')],
    ['a number that JSON would write as null', Number.NaN],
    ['an infinite number', Number.NEGATIVE_INFINITY],
    ['undefined in a list, which JSON would write as null', [undefined]],
    ['undefined in a map', new Map([['a', undefined]])],
    ['a date', new Date(0)],
    ['bytes', new Uint8Array(2)],
    ['a member that is named like a tag', { $bigint: '1' }],
    ['a member that is named like a tag, beside others', { a: 1, $other: [] }],
  ])('%s', (_, member) => {
    expect(() => stringifyTagged({ member })).toThrow(InvariantError)
  })
})

test('what is no JSON is refused', () => {
  expect(() => parseTagged('{"$map":[')).toThrow(SyntaxError)
})

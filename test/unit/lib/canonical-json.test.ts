// Guarantee: a JSON value has one byte form, that of RFC 8785, so that anybody can compute our digests again.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../../src/shared/lib/assert.ts'
import { canonicalJson } from '../../../src/shared/lib/canonical-json.ts'
import { holds } from '../../support/property.ts'

describe('the examples of RFC 8785', () => {
  test('3.2.2 to 3.2.4: whitespace, literals, strings and numbers', () => {
    const text = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`
    const bytes = `
      7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72
      73 22 3a 5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32
      2c 31 65 2d 32 37 5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c
      5c 5c 5c 22 2f 22 7d`
    expect(Buffer.from(canonicalJson(JSON.parse(text))).toString('hex')).toBe(bytes.replace(/\s/g, ''))
  })

  test('3.2.3: members by the UTF-16 code units of their names', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    expect([...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map(([, name]) => name)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('appendix B: the number of the bits %s is %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
  })
})

describe('names that objects themselves keep in another order', () => {
  test.each<[string, string]>([
    ['numbers', '{"b":1,"10":2,"9":3,"a":4}'],
    ['numbers deep inside', '{"b":[{"c":{"2":1,"10":{"z":1,"a":2}}}],"a":0}'],
    ['the name of the prototype', '{"z":1,"__proto__":{"b":1,"a":2},"a":3}'],
    ['the name of a method that JSON asks for', '{"z":1,"toJSON":"text","a":3}'],
  ])('%s', (_, text) => {
    expect(canonicalJson(JSON.parse(text))).toBe(independent(JSON.parse(text)))
  })

  test('any names', () => {
    const name = fc.oneof(
      fc.nat(120).map(String),
      fc.constantFrom('__proto__', 'toJSON', 'constructor', '-1', '01', '_'),
    )
    holds(
      fc.property(fc.dictionary(name, fc.dictionary(name, fc.jsonValue())), (value) => {
        expect(canonicalJson(value)).toBe(independent(value))
      }),
      500,
    )
  })
})

/** Piece by piece, with nothing of the code under test. */
function independent(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(independent).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${independent(member)}`).join(',')}}`
}

test('the form does not depend on the order in which members were written', () => {
  holds(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse())
      expect(canonicalJson(reversed)).toBe(canonicalJson(value))
    }),
  )
})

test('the form says the same value, and is its own form', () => {
  holds(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = canonicalJson(value)
      expect(JSON.stringify(sorted(JSON.parse(text)))).toBe(JSON.stringify(sorted(value)))
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
  )
})

test.each([
  ['undefined', undefined],
  ['a member that is undefined', { a: undefined }],
  ['an element that is undefined', [undefined]],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['a bigint', 1n],
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
])('%s has no form: it is refused, not left out', (_, value) => {
  expect(() => canonicalJson(value)).toThrow(InvariantError)
})

/** Members in the order of JavaScript's own sort, by another way than the code under test. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = new Map(Object.entries(value))
  return [...members.keys()].sort().map((name) => [name, sorted(members.get(name))])
}

// Guarantee (RFC 8785, 3.2.2.2): text that is not Unicode has no canonical form; a digest over it is one that no other
// implementation gives.

import { expect, test } from 'vitest'
import { printableWords } from '../../../src/shared/adapters/printable-words.ts'
import { InvariantError } from '../../../src/shared/lib/assert.ts'
import { canonicalJson } from '../../../src/shared/lib/canonical-json.ts'

test('half a surrogate pair is refused, in a value and in a name', () => {
  for (const value of ['\ud800', ['\udc00'], { a: '\ud83d' }, { '\ude00': 1 }]) {
    expect(() => canonicalJson(value)).toThrow(InvariantError)
  }
})

test('a hole in a list is refused, as what it reads as', () => {
  expect(() => canonicalJson(Array(2))).toThrow(InvariantError)
})

test("a node's words that are cut stay Unicode", () => {
  for (const lead of ['', 'x']) expect(printableWords(lead + '😀'.repeat(400)).isWellFormed()).toBe(true)
})

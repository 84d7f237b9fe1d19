// The one byte form of a JSON value (RFC 8785): what fingerprints and log digests are computed over.
// Anybody can compute it again with any RFC 8785 library.
//
// The runtime writes numbers and texts as RFC 8785 wants them, and the members of an object in the order in which they
// were added: so a copy with its members in order is written at once, several times faster than piece by piece.

import { assert, InvariantError } from './assert.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** @throws InvariantError for what JSON cannot hold (undefined, NaN, a bigint): a bug of the caller. */
export function canonicalJson(value: unknown): string {
  const copy = inOrder(value)
  return copy === NO_COPY ? writtenOut(value) : JSON.stringify(copy)
}

/** Of a value with a name that would not stay where it is added. */
const NO_COPY = Symbol('no copy')

/** The same value, with the members of every object in order. */
function inOrder(value: unknown): unknown {
  if (isScalar(value)) return value
  return Array.isArray(value) ? listInOrder(value) : membersInOrder(value)
}

function listInOrder(list: readonly unknown[]): unknown {
  const copy: unknown[] = []
  // By index: a hole is read as undefined, and refused.
  for (let index = 0; index < list.length; index++) {
    const element = inOrder(list[index])
    if (element === NO_COPY) return NO_COPY
    copy.push(element)
  }
  return copy
}

function membersInOrder(value: unknown): unknown {
  assert(hasMembers(value), NO_JSON)
  const copy: Record<string, unknown> = {}
  for (const name of namesOf(value)) {
    const member = mayMove(name) ? NO_COPY : inOrder(value[name])
    if (member === NO_COPY) return NO_COPY
    copy[name] = member
  }
  return copy
}

const [DIGIT_0, DIGIT_9, UNDERSCORE] = [0x30, 0x39, 0x5f]

/** Integers come first in any object, and `__proto__` is no member by assignment. Told by the first character. */
function mayMove(name: string): boolean {
  const first = name.charCodeAt(0)
  return (first >= DIGIT_0 && first <= DIGIT_9) || first === UNDERSCORE
}

/** Piece by piece. */
function writtenOut(value: unknown): string {
  if (isScalar(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${Array.from(value, writtenOut).join(',')}]`
  assert(hasMembers(value), NO_JSON)
  const members = namesOf(value).map((name) => `${JSON.stringify(name)}:${writtenOut(value[name])}`)
  return `{${members.join(',')}}`
}

type Members = Readonly<Record<string, unknown>>
const NO_JSON = 'no canonical form of what is no JSON'

function hasMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Else it is a list, or an object with members. */
function isScalar(value: unknown): value is null | boolean | number | string {
  switch (typeof value) {
    case 'string':
      // Half a surrogate pair has no UTF-8 form, so RFC 8785 has none for it either.
      assert(value.isWellFormed(), 'no canonical form of text that is not Unicode')
      return true
    case 'number':
      assert(Number.isFinite(value), 'no canonical form of a number that is not finite')
      return true
    case 'boolean':
      return true
    case 'object':
      return value === null
    default:
      throw new InvariantError(`no canonical form of a ${typeof value}`)
  }
}

/** By UTF-16 units. Many objects are written in order: to see that is cheaper than to sort. */
function namesOf(value: Members): readonly string[] {
  const names = Object.keys(value)
  let before = ''
  let areInOrder = true
  for (const name of names) {
    assert(name.isWellFormed(), 'no canonical form of a name that is not Unicode')
    areInOrder &&= before <= name
    before = name
  }
  return areInOrder ? names : names.sort()
}

// JSON for values that JSON has no form for: bigint, Map, Set. For our own eyes only (checkpoints); what clients see has
// a codec of its own. What could not be read again as it was is refused: a state that lost a part of itself would go on as
// if it were whole.

import { assert } from './assert.ts'

/** Members of no value of ours begin so. */
const TAG = '$'
const BIGINT = '$bigint'
const MAP = '$map'
const SET = '$set'

/** @throws InvariantError for what is no data, or would come out as something else. */
export function stringifyTagged(value: unknown): string {
  return JSON.stringify(tagged(value))
}

function tagged(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return { [BIGINT]: value.toString() }
    case 'number':
      assert(Number.isFinite(value), 'JSON has no form of such a number')
      return value
    case 'object':
      return value === null ? null : taggedObject(value)
    default:
      assert(typeof value === 'string' || typeof value === 'boolean', 'a state is data')
      return value
  }
}

function taggedObject(value: object): unknown {
  if (Array.isArray(value)) return Array.from(value, tagged)
  if (value instanceof Map) {
    return { [MAP]: Array.from(value, ([key, member]) => [tagged(key), tagged(member)]) }
  }
  if (value instanceof Set) return { [SET]: Array.from(value, tagged) }
  assert(isPlain(value), 'a state is of plain objects')
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([name, member]) => [nameOf(name), tagged(member)]))
}

/** Not of a class: a date or bytes would come out as something else. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function nameOf(name: string): string {
  assert(!name.startsWith(TAG), 'a member is not named like a tag')
  return name
}

/** @throws SyntaxError for what is no JSON. */
export function parseTagged(text: string): unknown {
  return JSON.parse(text, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null) return member
    if (BIGINT in member) return BigInt(String(member[BIGINT]))
    if (MAP in member && isEntries(member[MAP])) return new Map(member[MAP])
    if (SET in member && Array.isArray(member[SET])) return new Set(member[SET])
    return member
  })
}

function isEntries(value: unknown): value is [unknown, unknown][] {
  return Array.isArray(value) && value.every((entry) => Array.isArray(entry) && entry.length === 2)
}

// JSON for values that JSON has no form for: bigint, Map, Set. For our own eyes only (checkpoints); what clients see has
// a codec of its own.

import { assert } from './assert.ts'

/** Members of no value of ours begin so. */
const BIGINT = '$bigint'
const MAP = '$map'
const SET = '$set'

export function stringifyTagged(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'bigint') return { [BIGINT]: member.toString() }
    if (member instanceof Map) return { [MAP]: [...member] }
    if (member instanceof Set) return { [SET]: [...member] }
    assert(typeof member !== 'function' && typeof member !== 'symbol', 'a state is data')
    return member
  })
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

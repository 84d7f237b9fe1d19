// The one byte form of a JSON value (RFC 8785): what fingerprints and log digests are computed over.
// Anybody can compute it again with any RFC 8785 library.

import { assert } from './assert.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** @throws InvariantError for what JSON cannot hold (undefined, NaN, a bigint): a bug of the caller. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'string') return canonicalText(value)
  if (typeof value === 'number') {
    assert(Number.isFinite(value), `no canonical form of ${value}`)
    return JSON.stringify(value)
  }
  assert(typeof value === 'object', `no canonical form of a ${typeof value}`)
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`
  const members = Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${canonicalText(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/** Half a surrogate pair has no UTF-8 form, so RFC 8785 has none for it either. */
function canonicalText(text: string): string {
  assert(text.isWellFormed(), 'no canonical form of text that is not Unicode')
  return JSON.stringify(text)
}

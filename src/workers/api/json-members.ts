// What JSON.parse lets through and a log that others verify must not hold: a member that stands twice in one object
// (readers disagree about which counts), and text that is not Unicode (it has no UTF-8 form, so no common digest).
// Only for values whose shape was checked: it recurses as deep as they go.

import type { Json } from '../../shared/lib/canonical-json.ts'

/** A string of JSON and, where it names a member, the colon behind it. */
const STRING_PATTERN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g

/** `text` is what `value` was parsed from: it has more names than the value has members. */
export function hasDuplicateMember(text: string, value: Json): boolean {
  let names = 0
  for (const match of text.matchAll(STRING_PATTERN)) if (match[1] !== undefined) names += 1
  return names !== countMembers(value)
}

/** Path of the first text with half a surrogate pair; null: there is none. */
export function pathOfBrokenText(value: Json, path = ''): string | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : path
  if (typeof value !== 'object' || value === null) return null
  for (const [key, member] of Object.entries(value)) {
    const found = pathOfBrokenText(member, path === '' ? key : `${path}.${key}`)
    if (found !== null) return found
  }
  return null
}

function countMembers(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  const members: readonly Json[] = Object.values(value)
  const own = Array.isArray(value) ? 0 : members.length
  return members.reduce<number>((count, member) => count + countMembers(member), own)
}

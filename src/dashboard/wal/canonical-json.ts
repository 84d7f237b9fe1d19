// RFC 8785, for the check in the browser. On purpose not the server's code: a log is only verified by somebody else.

import type { Json } from '../../shared/lib/canonical-json.ts'

export function canonicalJson(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  // Sorted by UTF-16 code units, as JavaScript compares strings.
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
}

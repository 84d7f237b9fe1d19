// What a turn recorded, as the rows that it is stored in: encoded, in leaves, and split where it is too large for one row.

import { assert } from '../../shared/lib/assert.ts'
import { canonicalJson } from '../../shared/lib/canonical-json.ts'
import { LEAF_RECORDS, leavesOf } from '../../shared/wal/group.ts'

/** Bytes of one record. SQLite rows end at 2 MB in production, and the local runtime would take more. */
export const RECORD_MAX_BYTES = 1_048_576
/** Bytes of one row. A turn that is larger is written as several groups, still in one transaction. */
export const GROUP_MAX_BYTES = 1_048_576

/** What becomes one row: how many records, and their canonical JSON in leaves. */
export type TurnRow = { readonly count: number; readonly leaves: readonly string[] }

/** Nearly always one. */
export function rowsOfTurn(records: readonly unknown[]): readonly TurnRow[] {
  // A leaf is written as one value: that is cheaper than to write each record and join them.
  const leaves = inLeaves(records).map(canonicalJson)
  const bytes = leaves.reduce((sum, leaf) => sum + Buffer.byteLength(leaf), 0)
  if (bytes <= GROUP_MAX_BYTES) return [{ count: records.length, leaves }]
  return splitBySize(records.map(canonicalJson)).map((texts) => ({
    count: texts.length,
    leaves: leavesOf(texts),
  }))
}

function inLeaves(records: readonly unknown[]): readonly (readonly unknown[])[] {
  const count = Math.ceil(records.length / LEAF_RECORDS)
  return Array.from({ length: count }, (_, leaf) =>
    records.slice(leaf * LEAF_RECORDS, (leaf + 1) * LEAF_RECORDS),
  )
}

function splitBySize(records: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = []
  let group: string[] = []
  let bytes = 0
  for (const record of records) {
    const size = Buffer.byteLength(record)
    assert(size <= RECORD_MAX_BYTES, `a record of ${size} bytes is above ${RECORD_MAX_BYTES}`)
    if (group.length > 0 && bytes + size > GROUP_MAX_BYTES) {
      groups.push(group)
      group = []
      bytes = 0
    }
    group.push(record)
    bytes += size + 1
  }
  return [...groups, group]
}

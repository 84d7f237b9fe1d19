// The position after a group of the log, for readers that go on from there. Verified from the nearest one that the log
// keeps: the end of its segments, or the beginning of the one that holds the group.

import { emptyPosition, type WalPosition } from '../../shared/wal/group.ts'
import type { Sql } from '../sqlite/storage.ts'
import type { Meta } from './meta-row.ts'
import { segmentTable } from './segment-table.ts'
import { walk } from './walk.ts'

/** Null: no group ends there, or the log is damaged on the way. */
export function positionAt(sql: Sql, meta: Meta, seq: number): WalPosition | null {
  let position = meta.damage === null ? nearest(sql, meta, seq) : null
  if (position === null) return null
  if (position.seq === seq) return position
  for (const step of walk(sql, position)) {
    if (!step.ok) return null
    position = step.value.end
    if (position.seq >= seq) break
  }
  return position.seq === seq ? position : null
}

function nearest(sql: Sql, { identity, sealed }: Meta, seq: number): WalPosition | null {
  if (seq === 0) return emptyPosition(identity)
  if (seq >= sealed.seq) return sealed
  const segment = segmentTable.next(sql, seq)
  return segment?.ok ? segment.value.start : null
}

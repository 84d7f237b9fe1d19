// Reading a log: the sealed groups and the tail as one run, which is what everybody sees of it. Nothing is decided here.

import { err, ok, type Result } from '../../shared/lib/result.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import type { WalPosition, WireGroup } from '../../shared/wal/group.ts'
import type { Sql } from '../sqlite/storage.ts'
import { groupsOf, type PlacedGroup, segmentTable } from './segment-table.ts'
import { type StoredGroup, toWire, verifyStored } from './stored-group.ts'
import { tailTable } from './tail-table.ts'

/** Rows that are read at once: bounds what is in memory beside the state. */
const ROWS_AT_ONCE = 500

/**
 * Every group after `from`, verified against it. Ends at the first damage: in the tail, with the seq that the group says
 * that does not fit; in the sealed part, with the seq that the segment must begin at.
 */
export function* walk(sql: Sql, from: WalPosition): Generator<Result<PlacedGroup, WalDamage>> {
  let position = from
  for (const segment of sealedAfter(sql, from.seq)) {
    // Not what the segment says of itself: it may be that which is damaged.
    const seq = position.seq + 1
    if (!segment.ok) return yield err({ reason: segment.error.reason, seq })
    const after = segment.value.filter(({ group }) => group.seq > from.seq)
    const [first] = after
    // The digests inside a segment hang on the position that it says it begins at: that must be the one we come from.
    if (first !== undefined && !isSame(first.start, position)) {
      return yield err({ reason: first.start.seq === position.seq ? 'digest' : 'gap', seq })
    }
    for (const placed of after) {
      yield ok(placed)
      position = placed.end
    }
  }
  for (const row of tailAfter(sql, position.seq)) {
    const verified = row.ok ? verifyStored(position, row.value) : row
    if (!row.ok || !verified.ok) return yield row.ok && !verified.ok ? verified : err(damageOf(row))
    yield ok({ group: row.value, start: position, end: verified.value })
    position = verified.value
  }
}

/** A group in the wire form, and the position after it. */
export type ShownGroup = { readonly group: WireGroup; readonly end: WalPosition }

/** Every group after `from` that verifies, up to the first damage. */
export function* verified(sql: Sql, from: WalPosition): Generator<ShownGroup> {
  for (const step of walk(sql, from)) {
    const group = step.ok ? wireOf(step.value.group) : null
    if (!step.ok || group === null) return
    yield { group, end: step.value.end }
  }
}

/** With all marks: one that is not gone by here is named by a group to come. */
function isSame(one: WalPosition, other: WalPosition): boolean {
  return (
    one.seq === other.seq &&
    one.trail.length === other.trail.length &&
    one.trail.every(({ number, digest }, index) => {
      const mark = other.trail[index]
      return number === mark?.number && digest === mark.digest
    })
  )
}

function damageOf(row: Result<StoredGroup, WalDamage>): WalDamage {
  return row.ok ? { reason: 'unreadable', seq: row.value.seq } : row.error
}

/** Groups that hold a record after `afterSeq`, oldest first, up to the first damage; the tail is not verified. */
export function* read(sql: Sql, afterSeq: number): Generator<StoredGroup> {
  for (const segment of sealedAfter(sql, afterSeq)) {
    if (!segment.ok) return
    for (const { group } of segment.value) if (group.seq > afterSeq) yield group
  }
  for (const row of tailAfter(sql, afterSeq)) {
    if (!row.ok) return
    yield row.value
  }
}

/** As `read`, in wire form. */
export function* shown(sql: Sql, afterSeq: number): Generator<WireGroup> {
  for (const group of read(sql, afterSeq)) {
    const wire = wireOf(group)
    if (wire === null) return
    yield wire
  }
}

/** Null: a leaf of it is no list of JSON values. */
function wireOf(group: StoredGroup): WireGroup | null {
  try {
    return toWire(group)
  } catch {
    return null
  }
}

function* sealedAfter(sql: Sql, afterSeq: number): Generator<Result<readonly PlacedGroup[], WalDamage>> {
  for (let seq = afterSeq; ; ) {
    const segment = segmentTable.next(sql, seq)
    if (segment === null) return
    if (!segment.ok) return yield segment
    yield groupsOf(segment.value)
    seq = segment.value.lastSeq
  }
}

function* tailAfter(sql: Sql, afterSeq: number): Generator<Result<StoredGroup, WalDamage>> {
  for (let seq = afterSeq; ; ) {
    const rows = tailTable.read(sql, seq, ROWS_AT_ONCE)
    for (const row of rows) {
      yield row
      seq = row.ok ? row.value.seq : row.error.seq
    }
    if (rows.length < ROWS_AT_ONCE) return
  }
}

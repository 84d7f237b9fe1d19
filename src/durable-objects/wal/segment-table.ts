// The sealed part of a log: blocks of groups, each with the position that it begins at. The only statements that touch it.

import { z } from 'zod'
import { assert, assertDefined } from '../../shared/lib/assert.ts'
import { err, ok, type Result } from '../../shared/lib/result.ts'
import { sha256Hex } from '../../shared/lib/sha256.ts'
import { unixMs } from '../../shared/lib/time.ts'
import { by as byCodec } from '../../shared/schema/wal-document.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import {
  advance,
  headOf,
  LEAF_RECORDS,
  numberOf,
  WAL_VERSION,
  type WalPosition,
} from '../../shared/wal/group.ts'
import type { Sql } from '../sqlite/storage.ts'
import { trailJson } from './meta-row.ts'
import { packSegment, type SegmentGroup, unpackSegment } from './segment-block.ts'
import { bytesOf, contentOf, listOf, type StoredGroup } from './stored-group.ts'
import { hasTable, SEGMENT_TABLE } from './wal-schema.ts'

export type Segment = {
  readonly firstSeq: number
  readonly lastSeq: number
  /** Before its first group. */
  readonly start: WalPosition
  readonly block: Uint8Array
}

const segmentRow = z.object({
  last_seq: z.number(),
  first_seq: z.number(),
  first_number: z.number(),
  trail: z.string(),
  text_bytes: z.number(),
  block: z.instanceof(ArrayBuffer),
  /** Of the block and of all that stands beside it. */
  digest: z.string(),
})
type SegmentRow = z.infer<typeof segmentRow>

export const segmentTable = {
  /** Null: what comes out again is not what these groups claim to be. Nothing is written then. */
  append(sql: Sql, start: WalPosition, groups: readonly StoredGroup[], quality: number): WalPosition | null {
    const last = assertDefined(groups.at(-1), 'a segment has groups')
    const block = packSegment(groups, quality)
    const segment = { firstSeq: start.seq + 1, lastSeq: last.seq, start, block }
    const unpacked = groupsOf(segment)
    if (!unpacked.ok || !isSame(unpacked.value, groups)) return null
    const row = {
      last_seq: segment.lastSeq,
      first_seq: segment.firstSeq,
      first_number: numberOf(start) + 1,
      trail: JSON.stringify(start.trail),
      text_bytes: groups.reduce((sum, group) => sum + bytesOf(group), 0),
      block: new Uint8Array(block).buffer,
    }
    sql.exec(SEGMENT_TABLE)
    sql.exec(
      `INSERT INTO segment (last_seq, first_seq, first_number, trail, text_bytes, block, digest) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      row.last_seq,
      row.first_seq,
      row.first_number,
      row.trail,
      row.text_bytes,
      row.block,
      digestOf(row),
    )
    return assertDefined(unpacked.value.at(-1), 'a segment has groups').end
  },

  /** The first segment that holds a record after `afterSeq`; null: there is none. */
  next(sql: Sql, afterSeq: number): Result<Segment, WalDamage> | null {
    return first(sql, `SELECT * FROM segment WHERE last_seq > ? ORDER BY last_seq LIMIT 1`, afterSeq)
  },

  /** The segment that holds the group of this number; null: none does. */
  holding(sql: Sql, number: number): Result<Segment, WalDamage> | null {
    return first(
      sql,
      `SELECT * FROM segment WHERE first_number <= ? ORDER BY first_number DESC LIMIT 1`,
      number,
    )
  },

  deleteAfter(sql: Sql, seq: number): void {
    if (hasTable(sql, 'segment')) sql.exec(`DELETE FROM segment WHERE last_seq > ?`, seq)
  },

  size(sql: Sql): { readonly segments: number; readonly bytes: number; readonly textBytes: number } {
    if (!hasTable(sql, 'segment')) return { segments: 0, bytes: 0, textBytes: 0 }
    const [row] = sql
      .exec(
        // Not SUM, which fails where damaged numbers are too large to be added.
        `SELECT COUNT(*) AS segments, TOTAL(octet_length(block)) AS bytes, TOTAL(text_bytes) AS text FROM segment`,
      )
      .toArray()
    const number = (value: unknown) => Number(value ?? 0)
    return { segments: number(row?.segments), bytes: number(row?.bytes), textBytes: number(row?.text) }
  },
}

function first(sql: Sql, query: string, from: number): Result<Segment, WalDamage> | null {
  if (!hasTable(sql, 'segment')) return null
  const [row] = sql.exec(query, from).toArray()
  if (row === undefined) return null
  const parsed = segmentRow.safeParse(row)
  if (!parsed.success) return err({ reason: 'unreadable', seq: Number(row.first_seq) })
  const { first_seq: firstSeq, last_seq: lastSeq, trail, block, digest } = parsed.data
  if (digestOf(parsed.data) !== digest) return err({ reason: 'digest', seq: firstSeq })
  try {
    const start = { seq: firstSeq - 1, trail: trailJson.parse(JSON.parse(trail)) }
    return ok({ firstSeq, lastSeq, start, block: new Uint8Array(block) })
  } catch {
    return err({ reason: 'unreadable', seq: firstSeq })
  }
}

function digestOf(row: Omit<SegmentRow, 'digest'>): string {
  const { last_seq, first_seq, first_number, text_bytes, trail, block } = row
  const numbers = [last_seq, first_seq, first_number, text_bytes].join(' ')
  return sha256Hex(`${numbers}\n${trail}\n`, new Uint8Array(block))
}

/** A group with the log's position before and after it. */
export type PlacedGroup = {
  readonly group: StoredGroup
  readonly start: WalPosition
  readonly end: WalPosition
}

/** Unpacks a segment, whose digest was checked when it was read, and computes again what was left out. */
export function groupsOf(segment: Segment): Result<readonly PlacedGroup[], WalDamage> {
  const placed: PlacedGroup[] = []
  let position = segment.start
  try {
    for (const plain of unpackSegment(segment.block, (json) => byCodec.parse(json))) {
      const next = place(position, plain)
      placed.push(next)
      position = next.end
    }
  } catch {
    return err({ reason: 'unreadable', seq: position.seq + 1 })
  }
  return position.seq === segment.lastSeq ? ok(placed) : err({ reason: 'digest', seq: segment.firstSeq })
}

/** @throws when a leaf is no list, or the group is of a version that this code does not know. */
function place(start: WalPosition, { v, at, by, leaves }: SegmentGroup): PlacedGroup {
  assert(v === WAL_VERSION, `no groups of version ${v}`)
  const count = countOf(leaves)
  const group: StoredGroup = {
    v: WAL_VERSION,
    at: unixMs(at),
    by,
    leaves,
    count,
    seq: start.seq + count,
    digest: '',
  }
  const end = advance(start, group.seq, contentOf(group))
  return { group: { ...group, digest: headOf(end).digest }, start, end }
}

/** Every leaf but the last is full. */
function countOf(leaves: readonly string[]): number {
  return (leaves.length - 1) * LEAF_RECORDS + listOf(leaves.at(-1) ?? '').length
}

function isSame(placed: readonly PlacedGroup[], groups: readonly StoredGroup[]): boolean {
  return (
    placed.length === groups.length &&
    placed.every(({ group: { digest } }, index) => digest === groups[index]?.digest)
  )
}

// A group as it is stored: its leaves are the bytes that were hashed, so that checking it needs no second encoding.

import { z } from 'zod'
import { assert } from '../../shared/lib/assert.ts'
import type { Json } from '../../shared/lib/canonical-json.ts'
import { err, ok, type Result } from '../../shared/lib/result.ts'
import { sha256Hex } from '../../shared/lib/sha256.ts'
import { toRfc3339, type UnixMs, unixMs } from '../../shared/lib/time.ts'
import { by as byCodec } from '../../shared/schema/wal-document.ts'
import type { By } from '../../shared/wal/by.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import {
  contentDigest,
  type GroupHeader,
  verifyLeaves,
  WAL_VERSION,
  type WalPosition,
  type WireGroup,
} from '../../shared/wal/group.ts'

export type StoredGroup = {
  /** Of its last record. */
  readonly seq: number
  readonly v: typeof WAL_VERSION
  readonly at: UnixMs
  readonly by: By
  /** Of records. */
  readonly count: number
  /** Canonical JSON of up to LEAF_RECORDS records each. */
  readonly leaves: readonly string[]
  readonly digest: string
}

/** Canonical JSON has no line breaks, so leaves can stand on lines of their own. */
export const LEAF_SEPARATOR = '\n'

const version = z.literal(WAL_VERSION)

/** @throws when it is of no form that a group has. */
export function parseGroup(row: {
  readonly seq: number
  readonly v: number
  readonly at: number
  readonly by: string
  readonly count: number
  readonly leaves: string
  readonly digest: string
}): StoredGroup {
  return {
    seq: row.seq,
    v: version.parse(row.v),
    at: unixMs(row.at),
    by: byCodec.parse(JSON.parse(row.by)),
    count: row.count,
    leaves: row.leaves.split(LEAF_SEPARATOR),
    digest: row.digest,
  }
}

export function headerOf({ v, seq, at, by }: StoredGroup): GroupHeader {
  return { v, seq, at: toRfc3339(at), by }
}

/** @throws when a leaf is no list of JSON values. */
export function recordsOf({ leaves }: StoredGroup): readonly Json[] {
  return leaves.flatMap(recordsIn)
}

/** Not by a schema: that would drop members such as `__proto__`, and what was hashed must come out as it went in. */
function recordsIn(leaf: string): readonly Json[] {
  const list: Json = JSON.parse(leaf)
  assert(Array.isArray(list), 'a leaf is a list')
  return list
}

export function toWire(group: StoredGroup): WireGroup {
  return { ...headerOf(group), records: recordsOf(group), digest: group.digest }
}

/** The digest of what it says. */
export function contentOf(group: StoredGroup): string {
  return contentDigest(
    headerOf(group),
    group.count,
    group.leaves.map((leaf) => sha256Hex(leaf)),
  )
}

/** Whether it follows `position` and says what was hashed. */
export function verifyStored(position: WalPosition, group: StoredGroup): Result<WalPosition, WalDamage> {
  const verified = verifyLeaves(position, headerOf(group), group.count, group.leaves, group.digest)
  return verified.ok ? ok(verified.value) : err(verified.error)
}

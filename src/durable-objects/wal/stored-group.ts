// A group as it is stored: its leaves are the bytes that were hashed, so that checking it needs no second encoding.

import { assert } from '../../shared/lib/assert.ts'
import { canonicalJson, type Json } from '../../shared/lib/canonical-json.ts'
import { err, ok, type Result } from '../../shared/lib/result.ts'
import { sha256Hex } from '../../shared/lib/sha256.ts'
import { toRfc3339, type UnixMs, unixMs } from '../../shared/lib/time.ts'
import { by as byCodec } from '../../shared/schema/wal-document.ts'
import { type By, OWN_SOURCES } from '../../shared/wal/by.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import {
  contentDigest,
  type GroupHeader,
  verifyLeaves,
  WAL_VERSION,
  type WalPosition,
  type WireGroup,
} from '../../shared/wal/group.ts'
import type { SqlValue } from '../sqlite/storage.ts'

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

/** Milliseconds, the end of the year 9999: RFC 3339 has no text for what comes after it. */
const LAST_MS = 253_402_300_799_999

/**
 * By hand and not by a schema: recovery reads every row of the tail.
 * @throws when it is of no form that a group has.
 */
export function parseGroup(row: Readonly<Record<string, SqlValue>>): StoredGroup {
  const { seq, v, at, by, count, leaves, digest } = row
  assert(v === WAL_VERSION, 'a group is of a version that this code knows')
  assert(typeof seq === 'number' && typeof at === 'number' && typeof count === 'number', 'numbers')
  assert(typeof by === 'string' && typeof leaves === 'string' && typeof digest === 'string', 'texts')
  assert(at <= LAST_MS, 'a time that can be written')
  return { seq, v, at: unixMs(at), by: parseBy(by), count, leaves: leaves.split(LEAF_SEPARATOR), digest }
}

/** The usual causes, by their text. */
const OWN: ReadonlyMap<string, By> = new Map(
  OWN_SOURCES.map((source) => [canonicalJson({ source }), { source }] as const),
)
const SIGNER = /^\{"source":"signer","view":(0|[1-9]\d{0,14})\}$/

function parseBy(text: string): By {
  const own = OWN.get(text)
  if (own !== undefined) return own
  const view = SIGNER.exec(text)?.[1]
  if (view !== undefined) return { source: 'signer', view: Number(view) }
  const by = byCodec.parse(JSON.parse(text))
  // Its digest is over what it says; this is over how that is written.
  assert(canonicalJson({ ...by }) === text, 'a cause is stored in its one form')
  return by
}

export function headerOf({ v, seq, at, by }: StoredGroup): GroupHeader {
  return { v, seq, at: toRfc3339(at), by }
}

/** @throws when a leaf is no list of JSON values. */
export function recordsOf({ leaves }: Pick<StoredGroup, 'leaves'>): readonly Json[] {
  return leaves.flatMap(listOf)
}

/**
 * Not by a schema: that would drop members such as `__proto__`, and what was hashed must come out as it went in.
 * @throws when it is no list of JSON values.
 */
export function listOf(leaf: string): readonly Json[] {
  const list: Json = JSON.parse(leaf)
  assert(Array.isArray(list), 'a leaf is a list')
  return list
}

/** Of its records, in UTF-8. */
export function bytesOf({ leaves }: Pick<StoredGroup, 'leaves'>): number {
  return leaves.reduce((bytes, leaf) => bytes + Buffer.byteLength(leaf), 0)
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

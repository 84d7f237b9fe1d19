// Puts a damaged log together again: what is whole in it, what a copy elsewhere has, and what is whole behind that. Only a
// result that verifies from the seed on, and that ends where the object wrote down that it ends (or later, as the copy
// proves), takes the place of what was there. Nothing that does not prove itself is believed.

import { assert } from '../../shared/lib/assert.ts'
import { canonicalJson } from '../../shared/lib/canonical-json.ts'
import { err, ok, type Result } from '../../shared/lib/result.ts'
import { type UnixMs, unixMs } from '../../shared/lib/time.ts'
import {
  emptyPosition,
  headOf,
  leavesOf,
  verifyGroups,
  type WalPosition,
  type WireGroup,
} from '../../shared/wal/group.ts'
import type { Sql, Storage } from '../sqlite/storage.ts'
import { type Meta, metaRow, type Repair } from './meta-row.ts'
import { segmentTable } from './segment-table.ts'
import { type StoredGroup, verifyStored } from './stored-group.ts'
import { tailTable } from './tail-table.ts'
import { walk } from './walk.ts'

export type RepairRefusal =
  /** Every group is there and verifies: what is wrong is not in them. */
  | 'intact'
  /** The copy does not follow what is whole here, or says no more than that. */
  | 'unproved'
  /** It follows, but does not lead to where this log ended. */
  | 'too_short'

/** Rows that are read at once. */
const ROWS_AT_ONCE = 500
/** Repairs that are remembered. */
const REPAIRS_KEPT = 20

/** How far the log verifies from its first group on. */
export function intactUpTo(sql: Sql, meta: Meta): WalPosition {
  let position = emptyPosition(meta.identity)
  for (const step of walk(sql, position)) {
    if (!step.ok) break
    position = step.value.end
  }
  return position
}

/** `copy`: groups of this log in the wire form, oldest first; those that are whole here may be among them. */
export function repair(
  storage: Storage,
  meta: Meta,
  copy: readonly WireGroup[],
  at: UnixMs,
): Result<Meta, RepairRefusal> {
  const { sql } = storage
  // What the row says of whose log this is no copy proves.
  if (meta.damage !== null) return err('unproved')
  const intact = intactUpTo(sql, meta)
  const restored = copy.filter(({ seq }) => seq > intact.seq)
  if (restored.length === 0 && isWhole(intact, meta) && !isFollowed(sql, intact)) return err('intact')
  if (restored.length === 0 && !isVouchedFor(intact, copy)) return err('unproved')
  const proved = verifyGroups(intact, restored)
  if (!proved.ok) return err('unproved')
  const kept = followers(sql, proved.value)
  const end = kept.end
  if (!isEnd(meta, end, proved.value, [...restored, ...kept.groups])) return err('too_short')
  const groups = [...restored.map(toStored), ...kept.groups]
  return ok(
    storage.transactionSync(() => replace(sql, meta, { intact, groups, end, proved: proved.value, at })),
  )
}

function isWhole(intact: WalPosition, { head }: Meta): boolean {
  return intact.seq === head.seq && headOf(intact).digest === head.digest
}

/** Rows behind the end that do not follow it: one that is there twice. */
function isFollowed(sql: Sql, { seq }: WalPosition): boolean {
  return tailTable.read(sql, seq, 1).length > 0
}

/** The copy has the same end, so it is the log's own note of it that is wrong. */
function isVouchedFor(intact: WalPosition, copy: readonly WireGroup[]): boolean {
  const { seq, digest } = headOf(intact)
  return copy.some((group) => group.seq === seq && group.digest === digest)
}

/** What of the tail verifies behind the groups that the copy has. */
function followers(
  sql: Sql,
  from: WalPosition,
): { readonly groups: StoredGroup[]; readonly end: WalPosition } {
  const groups: StoredGroup[] = []
  let end = from
  for (;;) {
    const rows = tailTable.read(sql, end.seq, ROWS_AT_ONCE)
    for (const row of rows) {
      const verified = row.ok ? verifyStored(end, row.value) : row
      if (!row.ok || !verified.ok) return { groups, end }
      groups.push(row.value)
      end = verified.value
    }
    if (rows.length < ROWS_AT_ONCE) return { groups, end }
  }
}

/** The log's own note of its end must be one of its groups; where the copy alone reaches it, the copy's word is enough. */
function isEnd(
  { head }: Meta,
  end: WalPosition,
  proved: WalPosition,
  groups: readonly { readonly seq: number; readonly digest: string }[],
): boolean {
  if (proved.seq >= head.seq) return true
  return end.seq >= head.seq && groups.some(({ seq, digest }) => seq === head.seq && digest === head.digest)
}

function toStored({ v, seq, at, by, records, digest }: WireGroup): StoredGroup {
  const leaves = leavesOf(records.map(canonicalJson))
  return { v, seq, at: unixMs(Date.parse(at)), by, count: records.length, leaves, digest }
}

type Replacement = {
  readonly intact: WalPosition
  readonly groups: readonly StoredGroup[]
  readonly end: WalPosition
  readonly proved: WalPosition
  readonly at: UnixMs
}

function replace(sql: Sql, meta: Meta, { intact, groups, end, proved, at }: Replacement): Meta {
  // A broken segment goes with all behind it: what was in it stands in the tail then, and is sealed again in time.
  const sealed = intact.seq < meta.sealed.seq ? intact : meta.sealed
  // The triggers let go of what lies below the sealed position; for this transaction that is everything.
  metaRow.writeSealed(sql, { ...meta, sealed: { ...sealed, seq: Number.MAX_SAFE_INTEGER } })
  tailTable.deleteAfter(sql, intact.seq)
  segmentTable.deleteAfter(sql, intact.seq)
  metaRow.writeSealed(sql, { ...meta, sealed })
  for (const group of groups) tailTable.append(sql, group)
  const head = headOf(end)
  metaRow.writeHead(sql, head)
  const span = { at, from_seq: intact.seq + 1, to_seq: proved.seq }
  const isBeyond = intact.seq >= meta.head.seq && proved.seq > meta.head.seq
  const done: Repair = isBeyond ? { ...span, beyond: true } : span
  const repairs = [...meta.repairs, done].slice(-REPAIRS_KEPT)
  metaRow.writeRepairs(sql, repairs)
  const whole = intactUpTo(sql, meta)
  assert(whole.seq === head.seq && headOf(whole).digest === head.digest, 'a repaired log verifies')
  return { ...meta, sealed, head, repairs }
}

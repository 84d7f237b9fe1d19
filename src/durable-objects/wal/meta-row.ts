// The one row that says whose log this is, where it ends and who has read how far.

import { z } from 'zod'
import { sha256Hex } from '../../shared/lib/sha256.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import {
  emptyPosition,
  headOf,
  type TrailMark,
  type WalHead,
  type WalIdentity,
  type WalPosition,
} from '../../shared/wal/group.ts'
import type { Sql, Storage } from '../sqlite/storage.ts'
import { migrate, WAL_MIGRATIONS } from './wal-schema.ts'

/** How far each reader has come: `seq` of the last record that it has for good. */
export type Cursors = Readonly<Record<string, number>>

/** Groups that were put back from a copy, because what was here was damaged. */
export type Repair = { readonly at: number; readonly from_seq: number; readonly to_seq: number }

export type Meta = {
  readonly identity: WalIdentity
  readonly incarnation: number
  readonly head: WalHead
  /** The end of the last segment. */
  readonly sealed: WalPosition
  readonly cursors: Cursors
  readonly repairs: readonly Repair[]
  /** Of this row. The log itself may be whole; but what a row says of whose it is cannot be gone by. */
  readonly damage: WalDamage | null
}

/** What a log stands on: these do not follow from its groups, so they have a digest of their own. */
type Ground = Pick<Meta, 'identity' | 'incarnation' | 'sealed'>

export const trailJson: z.ZodType<readonly TrailMark[]> = z
  .array(z.strictObject({ number: z.int().nonnegative(), digest: z.hash('sha256') }))
  .min(1)
const cursorsJson = z.record(z.string(), z.int().nonnegative())
const repairsJson = z.array(z.strictObject({ at: z.number(), from_seq: z.number(), to_seq: z.number() }))
const row = z.object({
  class: z.string(),
  object: z.string(),
  incarnation: z.number(),
  head_seq: z.number(),
  head_digest: z.string(),
  sealed_seq: z.number(),
  sealed_trail: z.string(),
  cursors: z.string(),
  repairs: z.string(),
  digest: z.string(),
})

const UNREADABLE: WalDamage = { reason: 'unreadable', seq: 0 }
/** Of a log whose row is gone. */
const NOBODY: WalIdentity = { class: '', object: '' }

export const metaRow = {
  create(sql: Sql, identity: WalIdentity, incarnation: number, start: WalPosition, head: WalHead): void {
    migrate(sql, 0)
    const sealed = JSON.stringify(start.trail)
    sql.exec(
      `INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, cursors, repairs, digest)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, '{}', '[]', ?)`,
      WAL_MIGRATIONS.length,
      identity.class,
      identity.object,
      incarnation,
      head.seq,
      head.digest,
      start.seq,
      sealed,
      digestOf(identity, incarnation, start.seq, sealed),
    )
  },

  /**
   * Brings the tables to the newest version first. Never throws: a row that cannot be read is a damage. Cursors and repairs
   * that cannot be read are none: a reader that is told again what it has takes it as what it is.
   */
  read(storage: Storage, migrations: readonly string[] = WAL_MIGRATIONS): Meta {
    const isNewest = bringUp(storage, migrations)
    const found = row.safeParse(storage.sql.exec(`SELECT * FROM meta`).toArray()[0])
    if (!found.success) return nobodys()
    const { class: name, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail } = found.data
    const identity = { class: name, object }
    const trail = parsed(trailJson, sealed_trail)
    const digest = digestOf(identity, incarnation, sealed_seq, sealed_trail)
    const isWhole = isNewest && trail !== null && digest === found.data.digest
    return {
      identity,
      incarnation,
      head: { seq: head_seq, digest: head_digest },
      sealed: trail === null ? emptyPosition(identity) : { seq: sealed_seq, trail },
      cursors: parsed(cursorsJson, found.data.cursors) ?? {},
      repairs: parsed(repairsJson, found.data.repairs) ?? [],
      damage: isWhole ? null : UNREADABLE,
    }
  },

  writeHead(sql: Sql, { seq, digest }: WalHead): void {
    sql.exec(`UPDATE meta SET head_seq = ?, head_digest = ?`, seq, digest)
  },

  writeCursors(sql: Sql, cursors: Cursors): void {
    sql.exec(`UPDATE meta SET cursors = ?`, JSON.stringify(cursors))
  },

  writeSealed(sql: Sql, { identity, incarnation, sealed }: Ground): void {
    const trail = JSON.stringify(sealed.trail)
    const digest = digestOf(identity, incarnation, sealed.seq, trail)
    sql.exec(`UPDATE meta SET sealed_seq = ?, sealed_trail = ?, digest = ?`, sealed.seq, trail, digest)
  },

  writeRepairs(sql: Sql, repairs: readonly Repair[]): void {
    sql.exec(`UPDATE meta SET repairs = ?`, JSON.stringify(repairs))
  },
}

/** Whether the tables are of the newest version now; of a later one is as good, because nothing is ever taken away. */
function bringUp(storage: Storage, migrations: readonly string[]): boolean {
  const { sql } = storage
  const from = Number(sql.exec(`SELECT schema_version FROM meta`).toArray()[0]?.schema_version ?? 0)
  if (from >= migrations.length) return true
  // No log was ever at version 0: its tables come with it.
  if (from < 1) return false
  try {
    storage.transactionSync(() => {
      migrate(sql, from, migrations)
      sql.exec(`UPDATE meta SET schema_version = ?`, migrations.length)
    })
    return true
  } catch {
    return false
  }
}

function parsed<T>(schema: z.ZodType<T>, json: string): T | null {
  try {
    return schema.parse(JSON.parse(json))
  } catch {
    return null
  }
}

function nobodys(): Meta {
  const sealed = emptyPosition(NOBODY)
  const head = headOf(sealed)
  return { identity: NOBODY, incarnation: 0, head, sealed, cursors: {}, repairs: [], damage: UNREADABLE }
}

function digestOf(identity: WalIdentity, incarnation: number, sealedSeq: number, trail: string): string {
  return sha256Hex(JSON.stringify([identity.class, identity.object, incarnation, sealedSeq, trail]))
}

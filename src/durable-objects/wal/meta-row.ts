// The one row that says whose log this is, where it ends and who has read how far.
//
// Each part of it is checked by what is lost with it. The head is compared with the groups. What the log stands on has a
// digest, without which nothing can be gone by. Cursors and repairs have one each: without it they are none, which every
// reader bears, and the log stays what it is.

import { z } from 'zod'
import { sha256Hex } from '../../shared/lib/sha256.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import {
  emptyPosition,
  headOf,
  isTrail,
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
export type Repair = {
  readonly at: number
  readonly from_seq: number
  readonly to_seq: number
  /** Past where the log itself had ended: it was an old copy, and the copy that mended it may be one as well. */
  readonly beyond?: true | undefined
}

export type Meta = {
  /** Of the tables: later than this code's where newer code has been here. */
  readonly schemaVersion: number
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

/** What a log stands on: it does not follow from its groups. */
type Ground = Pick<Meta, 'schemaVersion' | 'identity' | 'incarnation' | 'sealed'>

export const trailJson: z.ZodType<readonly TrailMark[]> = z
  .array(z.strictObject({ number: z.int().nonnegative(), digest: z.hash('sha256') }))
  .min(1)
  .refine(isTrail)
const cursorsJson = z.record(z.string(), z.int().nonnegative())
const repairsJson = z.array(
  z.strictObject({
    at: z.number(),
    from_seq: z.number(),
    to_seq: z.number(),
    beyond: z.literal(true).optional(),
  }),
)
/** Of the tables of every version. */
const groundRow = z.object({
  schema_version: z.number(),
  class: z.string(),
  object: z.string(),
  incarnation: z.number(),
  sealed_seq: z.number(),
  sealed_trail: z.string(),
  digest: z.string(),
})
const row = groundRow.extend({
  head_seq: z.number(),
  head_digest: z.string(),
  cursors: z.string(),
  cursors_digest: z.string(),
  repairs: z.string(),
  repairs_digest: z.string(),
})

const UNREADABLE: WalDamage = { reason: 'unreadable', seq: 0 }
/** Of a log whose row is gone. */
const NOBODY: WalIdentity = { class: '', object: '' }

export const metaRow = {
  create(sql: Sql, identity: WalIdentity, incarnation: number): Meta {
    migrate(sql, 0)
    const sealed = emptyPosition(identity)
    const head = headOf(sealed)
    const schemaVersion = WAL_MIGRATIONS.length
    const ground = { schemaVersion, identity, incarnation, sealed }
    const [cursors, repairs] = ['{}', '[]']
    sql.exec(
      `INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, digest, cursors, cursors_digest, repairs, repairs_digest)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      schemaVersion,
      identity.class,
      identity.object,
      incarnation,
      head.seq,
      head.digest,
      sealed.seq,
      JSON.stringify(sealed.trail),
      groundDigest(ground),
      cursors,
      sha256Hex(cursors),
      repairs,
      sha256Hex(repairs),
    )
    return { ...ground, head, cursors: {}, repairs: [], damage: null }
  },

  /**
   * Brings the tables to the newest version first. Never throws: a row that cannot be read is a damage. Cursors and repairs
   * that cannot be read are none: a reader that is told again what it has takes it as what it is.
   */
  read(storage: Storage, migrations: readonly string[] = WAL_MIGRATIONS): Meta {
    bringUp(storage, migrations)
    const found = row.safeParse(firstRow(storage.sql))
    if (!found.success) return nobodys()
    const { incarnation, head_seq, head_digest, schema_version, sealed_seq, sealed_trail } = found.data
    const identity = { class: found.data.class, object: found.data.object }
    const trail = parsed(trailJson, sealed_trail)
    // Of a later version is as good: nothing is ever taken away.
    const isNewest = schema_version >= migrations.length
    const isWhole = isNewest && trail !== null && isUnchanged(found.data)
    return {
      schemaVersion: schema_version,
      identity,
      incarnation,
      head: { seq: head_seq, digest: head_digest },
      sealed: trail === null ? emptyPosition(identity) : { seq: sealed_seq, trail },
      cursors: checked(cursorsJson, found.data.cursors, found.data.cursors_digest) ?? {},
      repairs: checked(repairsJson, found.data.repairs, found.data.repairs_digest) ?? [],
      damage: isWhole ? null : UNREADABLE,
    }
  },

  writeHead(sql: Sql, { seq, digest }: WalHead): void {
    sql.exec(`UPDATE meta SET head_seq = ?, head_digest = ?`, seq, digest)
  },

  writeCursors(sql: Sql, cursors: Cursors): void {
    const json = JSON.stringify(cursors)
    sql.exec(`UPDATE meta SET cursors = ?, cursors_digest = ?`, json, sha256Hex(json))
  },

  writeSealed(sql: Sql, ground: Ground): void {
    const { seq, trail } = ground.sealed
    sql.exec(
      `UPDATE meta SET sealed_seq = ?, sealed_trail = ?, digest = ?`,
      seq,
      JSON.stringify(trail),
      groundDigest(ground),
    )
  },

  writeRepairs(sql: Sql, repairs: readonly Repair[]): void {
    const json = JSON.stringify(repairs)
    sql.exec(`UPDATE meta SET repairs = ?, repairs_digest = ?`, json, sha256Hex(json))
  },
}

function firstRow(sql: Sql): unknown {
  return sql.exec(`SELECT * FROM meta`).toArray()[0]
}

/** Leaves the tables as they were where that fails, or where the row is damaged: its version is not believed either. */
function bringUp(storage: Storage, migrations: readonly string[]): void {
  const { sql } = storage
  const found = groundRow.safeParse(firstRow(sql))
  if (!found.success || !isUnchanged(found.data)) return
  const from = found.data.schema_version
  if (from >= migrations.length) return
  const to = { ...found.data, schema_version: migrations.length }
  try {
    storage.transactionSync(() => {
      migrate(sql, from, migrations)
      sql.exec(`UPDATE meta SET schema_version = ?, digest = ?`, to.schema_version, digestOf(to))
    })
  } catch {
    // It stays of its version, and is damaged for this code.
  }
}

function parsed<T>(schema: z.ZodType<T>, json: string): T | null {
  try {
    return schema.parse(JSON.parse(json))
  } catch {
    return null
  }
}

/** Null: it is not what was written. */
function checked<T>(schema: z.ZodType<T>, json: string, digest: string): T | null {
  return sha256Hex(json) === digest ? parsed(schema, json) : null
}

function nobodys(): Meta {
  const sealed = emptyPosition(NOBODY)
  return {
    schemaVersion: 0,
    identity: NOBODY,
    incarnation: 0,
    head: headOf(sealed),
    sealed,
    cursors: {},
    repairs: [],
    damage: UNREADABLE,
  }
}

type GroundRow = z.infer<typeof groundRow>

function isUnchanged(ground: GroundRow): boolean {
  return digestOf(ground) === ground.digest
}

function groundDigest({ schemaVersion, identity, incarnation, sealed }: Ground): string {
  return digestOf({
    ...identity,
    schema_version: schemaVersion,
    incarnation,
    sealed_seq: sealed.seq,
    sealed_trail: JSON.stringify(sealed.trail),
  })
}

function digestOf(ground: Omit<GroundRow, 'digest'>): string {
  const { schema_version, class: name, object, incarnation, sealed_seq, sealed_trail } = ground
  return sha256Hex(JSON.stringify([schema_version, name, object, incarnation, sealed_seq, sealed_trail]))
}

// The one row that says whose log this is, where it ends and who has read how far.

import { z } from 'zod'
import type { TrailMark, WalHead, WalIdentity, WalPosition } from '../../shared/wal/group.ts'
import type { Sql } from '../sqlite/storage.ts'
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
}

const text = <T extends z.ZodType>(inner: T) => z.string().transform((json) => inner.parse(JSON.parse(json)))
export const trailJson: z.ZodType<readonly TrailMark[]> = z
  .array(z.strictObject({ number: z.number().int(), digest: z.string() }))
  .min(1)
const row = z.object({
  schema_version: z.number(),
  class: z.string(),
  object: z.string(),
  incarnation: z.number(),
  head_seq: z.number(),
  head_digest: z.string(),
  sealed_seq: z.number(),
  sealed_trail: text(trailJson),
  cursors: text(z.record(z.string(), z.number())),
  repairs: text(
    z.array(z.strictObject({ at: z.number(), from_seq: z.number(), to_seq: z.number() })).readonly(),
  ),
})

export const metaRow = {
  create(sql: Sql, identity: WalIdentity, incarnation: number, start: WalPosition, head: WalHead): void {
    migrate(sql, 0)
    sql.exec(
      `INSERT INTO meta (id, schema_version, class, object, incarnation, head_seq, head_digest, sealed_seq, sealed_trail, cursors, repairs)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, '{}', '[]')`,
      WAL_MIGRATIONS.length,
      identity.class,
      identity.object,
      incarnation,
      head.seq,
      head.digest,
      start.seq,
      JSON.stringify(start.trail),
    )
  },

  /** Brings the tables to the newest version first. @throws when the row is of no form that it ever had. */
  read(sql: Sql): Meta {
    const [version] = sql.exec(`SELECT schema_version FROM meta`).toArray()
    const from = z.number().parse(version?.schema_version)
    if (from < WAL_MIGRATIONS.length) {
      migrate(sql, from)
      sql.exec(`UPDATE meta SET schema_version = ?`, WAL_MIGRATIONS.length)
    }
    const found = row.parse(sql.exec(`SELECT * FROM meta`).toArray()[0])
    return {
      identity: { class: found.class, object: found.object },
      incarnation: found.incarnation,
      head: { seq: found.head_seq, digest: found.head_digest },
      sealed: { seq: found.sealed_seq, trail: found.sealed_trail },
      cursors: found.cursors,
      repairs: found.repairs,
    }
  },

  writeHead(sql: Sql, { seq, digest }: WalHead): void {
    sql.exec(`UPDATE meta SET head_seq = ?, head_digest = ?`, seq, digest)
  },

  writeCursors(sql: Sql, cursors: Cursors): void {
    sql.exec(`UPDATE meta SET cursors = ?`, JSON.stringify(cursors))
  },

  writeSealed(sql: Sql, { seq, trail }: WalPosition): void {
    sql.exec(`UPDATE meta SET sealed_seq = ?, sealed_trail = ?`, seq, JSON.stringify(trail))
  },

  writeRepairs(sql: Sql, repairs: readonly Repair[]): void {
    sql.exec(`UPDATE meta SET repairs = ?`, JSON.stringify(repairs))
  },
}

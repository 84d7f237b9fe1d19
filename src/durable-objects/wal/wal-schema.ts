// The tables of every actor's log, the rows in them, and the only statements that touch them.
//
// `wal` takes inserts and nothing else: a trigger refuses every UPDATE, and every DELETE above the sealed position.
// `meta` is one row: who the log belongs to, and how far each of its readers has come.

import { z } from 'zod'
import type { Sql } from '../sqlite/storage.ts'

/** Bump when a table changes; an object migrates itself when it wakes. */
export const WAL_SCHEMA_VERSION = 1

const TABLES = `
CREATE TABLE wal (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  records TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT;
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  schema_version INTEGER NOT NULL,
  class TEXT NOT NULL,
  object TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  sealed_seq INTEGER NOT NULL,
  cursors TEXT NOT NULL
) STRICT;
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
`

const headRow = z.object({ seq: z.number(), digest: z.string() })
const groupRow = z.object({
  seq: z.number(),
  at: z.number(),
  by: z.string(),
  records: z.string(),
  digest: z.string(),
})
const metaRow = z.object({
  class: z.string(),
  object: z.string(),
  incarnation: z.number(),
  cursors: z.string(),
})

export type GroupRow = z.infer<typeof groupRow>
export type MetaRow = z.infer<typeof metaRow>

export const walStatements = {
  exists(sql: Sql): boolean {
    return sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'meta'`).toArray().length > 0
  },

  create(sql: Sql, meta: MetaRow): void {
    sql.exec(TABLES)
    sql.exec(
      `INSERT INTO meta (id, schema_version, class, object, incarnation, sealed_seq, cursors) VALUES (1, ?, ?, ?, ?, 0, ?)`,
      WAL_SCHEMA_VERSION,
      meta.class,
      meta.object,
      meta.incarnation,
      meta.cursors,
    )
  },

  meta(sql: Sql): MetaRow {
    return metaRow.parse(sql.exec(`SELECT class, object, incarnation, cursors FROM meta`).toArray()[0])
  },

  writeCursors(sql: Sql, cursors: string): void {
    sql.exec(`UPDATE meta SET cursors = ? WHERE id = 1`, cursors)
  },

  head(sql: Sql): { seq: number; digest: string } | null {
    const [row] = sql.exec(`SELECT seq, digest FROM wal ORDER BY seq DESC LIMIT 1`).toArray()
    return row === undefined ? null : headRow.parse(row)
  },

  append(sql: Sql, row: GroupRow): void {
    sql.exec(
      `INSERT INTO wal (seq, at, by, records, digest) VALUES (?, ?, ?, ?, ?)`,
      row.seq,
      row.at,
      row.by,
      row.records,
      row.digest,
    )
  },

  /** Groups that hold a record after `afterSeq`, oldest first. */
  groups(sql: Sql, afterSeq: number, limit: number): GroupRow[] {
    return sql
      .exec(
        `SELECT seq, at, by, records, digest FROM wal WHERE seq > ? ORDER BY seq LIMIT ?`,
        afterSeq,
        limit,
      )
      .toArray()
      .map((row) => groupRow.parse(row))
  },
}

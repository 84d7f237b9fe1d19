// The tables of every actor's log, and how an older object gets the newest ones.
//
// `wal` takes inserts and nothing else: a trigger refuses every UPDATE, and every DELETE above the sealed position.
// `meta` is one row: whose log it is, where it ends, how far it is sealed, how far each of its readers has come. What in it
// does not follow from the log has digests: one of what the log stands on, and one each of the cursors and the repairs.

import type { Sql } from '../sqlite/storage.ts'

/**
 * Each brings the tables of the version before to the next; an object that slept through several runs several. Only ever
 * appended to. They add what old code does not look at: old and new code meet the same objects while a release is rolled out.
 */
export const WAL_MIGRATIONS: readonly string[] = [
  `
CREATE TABLE wal (
  seq INTEGER PRIMARY KEY,
  v INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  count INTEGER NOT NULL,
  leaves TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT;
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  schema_version INTEGER NOT NULL,
  class TEXT NOT NULL,
  object TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  head_seq INTEGER NOT NULL,
  head_digest TEXT NOT NULL,
  sealed_seq INTEGER NOT NULL,
  sealed_trail TEXT NOT NULL,
  digest TEXT NOT NULL,
  cursors TEXT NOT NULL,
  cursors_digest TEXT NOT NULL,
  repairs TEXT NOT NULL,
  repairs_digest TEXT NOT NULL
) STRICT;
CREATE TRIGGER wal_never_changes BEFORE UPDATE ON wal
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER wal_never_loses BEFORE DELETE ON wal WHEN OLD.seq > (SELECT sealed_seq FROM meta)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
`,
]

/** Made with the first segment: most logs are short, and their first answer must not wait for tables that they never use. */
export const SEGMENT_TABLE = `
CREATE TABLE IF NOT EXISTS segment (
  last_seq INTEGER PRIMARY KEY,
  first_seq INTEGER NOT NULL,
  first_number INTEGER NOT NULL,
  trail TEXT NOT NULL,
  text_bytes INTEGER NOT NULL,
  block BLOB NOT NULL,
  digest TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS segment_never_changes BEFORE UPDATE ON segment
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
`

/** Made with the first checkpoint. */
export const CHECKPOINT_TABLE = `
CREATE TABLE IF NOT EXISTS checkpoint (
  seq INTEGER NOT NULL,
  part INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  version TEXT NOT NULL,
  trail TEXT NOT NULL,
  data BLOB NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (seq, part)
) STRICT, WITHOUT ROWID;
`

/** Whether a log was ever written here. Asking writes nothing. */
export function hasTables(sql: Sql): boolean {
  return hasTable(sql, 'meta')
}

export function hasTable(sql: Sql, name: 'meta' | 'segment' | 'checkpoint'): boolean {
  return sql.exec(`SELECT 1 FROM sqlite_master WHERE name = ?`, name).toArray().length > 0
}

/** Runs what is missing. `from`: the version of the tables that are there; 0: none are. */
export function migrate(sql: Sql, from: number, migrations: readonly string[] = WAL_MIGRATIONS): void {
  for (const statements of migrations.slice(from)) sql.exec(statements)
}

// Applies the SQL files of migrations/ to the local D1 database, each once, in the order of their names. Keeps the same
// table as `wrangler d1 migrations apply`, so either may go on where the other stopped.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unstable_splitSqlQuery } from 'wrangler'
import { z } from 'zod'

/** What this needs of a D1 binding. */
export type Database = {
  prepare(sql: string): Statement
  batch(statements: Statement[]): Promise<readonly { readonly results: readonly unknown[] }[]>
}
type Statement = { bind(...values: unknown[]): Statement }

const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`

const appliedRows = z.array(z.object({ name: z.string() }))

export async function applyMigrations(database: Database, dir: string): Promise<void> {
  const [, applied] = await database.batch([
    database.prepare(CREATE_TABLE),
    database.prepare('SELECT name FROM d1_migrations'),
  ])
  const done = new Set(appliedRows.parse(applied?.results).map(({ name }) => name))
  const files = readdirSync(dir).filter((name) => name.endsWith('.sql'))
  for (const name of files.sort()) {
    if (done.has(name)) continue
    const statements = unstable_splitSqlQuery(readFileSync(join(dir, name), 'utf8'))
    // A batch is one transaction: a file is applied whole, with its mark, or not at all.
    await database.batch([
      ...statements.map((sql) => database.prepare(sql)),
      database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
    ])
  }
}

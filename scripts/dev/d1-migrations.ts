// Applies the SQL files of migrations/ to the local D1 database, each once, in the order of their names. Keeps the same
// table as `wrangler d1 migrations apply`, so either may go on where the other stopped.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unstable_splitSqlQuery } from 'wrangler'
import { z } from 'zod'
import type { SqlRows, SqlStatement } from './control-protocol.ts'

/** Runs statements together or not at all; answers the rows of each. */
export type RunSql = (statements: readonly SqlStatement[]) => Promise<SqlRows>

const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`

const appliedRows = z.array(z.object({ name: z.string() }))

export async function applyMigrations(run: RunSql, dir: string): Promise<void> {
  const [, applied] = await run([statement(CREATE_TABLE), statement('SELECT name FROM d1_migrations')])
  const done = new Set(appliedRows.parse(applied).map(({ name }) => name))
  const files = readdirSync(dir).filter((name) => name.endsWith('.sql'))
  for (const name of files.sort()) {
    if (done.has(name)) continue
    const statements = unstable_splitSqlQuery(readFileSync(join(dir, name), 'utf8'))
    // One transaction: a file is applied whole, with its mark, or not at all.
    await run([
      ...statements.map((sql) => statement(sql)),
      statement('INSERT INTO d1_migrations (name) VALUES (?)', name),
    ])
  }
}

function statement(sql: string, ...params: string[]): SqlStatement {
  return { sql, params }
}

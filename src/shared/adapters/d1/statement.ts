// A statement of the read model as text and values: what D1 runs, and any other SQLite could. Drizzle writes it from the
// tables; the connection behind this builder is never asked.

import { drizzle } from 'drizzle-orm/sqlite-proxy'

export type Statement = { readonly sql: string; readonly params: readonly unknown[] }

export const statements = drizzle(() => Promise.reject(new Error('statements are built here, not run')))

/** As many statements as there are, in one transaction. The part of D1 that this needs. */
export interface StatementRunner {
  prepare(sql: string): PreparedStatement
  batch(statements: PreparedStatement[]): Promise<unknown>
}

interface PreparedStatement {
  bind(...values: unknown[]): PreparedStatement
}

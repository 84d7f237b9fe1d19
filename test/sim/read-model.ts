// D1 as far as the read model goes: the migrations of the deployment and the product's own statements, on Node's SQLite.

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { z } from 'zod'
import { type OverdueTransfer, overdueStatement } from '../../src/shared/adapters/d1/overdue-transfers.ts'
import { type RowRepair, rowStatement } from '../../src/shared/adapters/d1/project-rows.ts'
import type { Statement } from '../../src/shared/adapters/d1/statement.ts'
import { unfinishedStatement } from '../../src/shared/adapters/d1/unfinished-transfers.ts'
import type { TransferRow } from '../../src/shared/schema/queue-messages.ts'
import type { UnfinishedRow } from '../../src/workers/cron/reconcile.ts'

const storedRow = z.object({
  id: z.string(),
  chain: z.string(),
  from_address: z.string(),
  incarnation: z.number(),
  seq: z.number(),
  is_final: z.number(),
  next_wake_at: z.number().nullable(),
  status: z.string(),
  document: z.string(),
})
export type StoredRow = z.infer<typeof storedRow>

const unfinishedRow = z.object({
  id: z.string(),
  chain: z.string(),
  signer: z.string().nullable(),
  incarnation: z.number(),
  seq: z.number(),
  document: z.string(),
})

export class ReadModel {
  readonly #database = new DatabaseSync(':memory:')
  readonly #statements = new Map<string, StatementSync>()

  constructor(migrations: string) {
    this.#database.exec(migrations)
  }

  project(rows: readonly TransferRow[]): void {
    this.#write(rows.map((row) => rowStatement(row)))
  }

  repair(repairs: readonly RowRepair[]): void {
    this.#write(repairs.map(({ row, seen }) => rowStatement(row, seen)))
  }

  overdue(before: number, limit: number): readonly OverdueTransfer[] {
    const shape = z.object({ id: z.string(), chain: z.string(), signer: z.string().nullable() })
    return shape.array().parse(this.#run(overdueStatement(before, limit)))
  }

  unfinished(after: string, limit: number): readonly UnfinishedRow[] {
    return unfinishedRow.array().parse(this.#run(unfinishedStatement(after, limit)))
  }

  row(id: string): StoredRow | null {
    const [row] = this.#run({ sql: 'SELECT * FROM transfers WHERE id = ?', params: [id] })
    return row === undefined ? null : storedRow.parse(row)
  }

  rows(): readonly StoredRow[] {
    return storedRow.array().parse(this.#run({ sql: 'SELECT * FROM transfers', params: [] }))
  }

  /** For the next history. */
  empty(): void {
    this.#database.exec('DELETE FROM transfers')
  }

  close(): void {
    this.#database.close()
  }

  #write(statements: readonly Statement[]): void {
    this.#database.exec('BEGIN')
    for (const statement of statements) this.#run(statement)
    this.#database.exec('COMMIT')
  }

  #run({ sql, params }: Statement): readonly unknown[] {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement.all(...params.map(toNode))
  }
}

function toNode(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value
  throw new Error(`no column holds a ${typeof value}`)
}

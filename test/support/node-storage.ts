// Node's own SQLite behind the storage that actors use: real SQL, real triggers, real rollback. What a runtime's object
// adds (output gates, eviction) is not here.

import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import type { Sql, SqlValue, Storage } from '../../src/durable-objects/sqlite/storage.ts'
import { assert } from '../../src/shared/lib/assert.ts'

export type NodeStorage = Storage & {
  readonly database: DatabaseSync
  /** Milliseconds since the epoch; null: not set. */
  readonly alarm: () => number | null
}

export function nodeStorage(database = new DatabaseSync(':memory:')): NodeStorage {
  let alarm: number | null = null
  let depth = 0
  return {
    database,
    alarm: () => alarm,
    sql: sqlOf(database),
    transactionSync: (work) => {
      depth += 1
      const savepoint = `level_${depth}`
      database.exec(`SAVEPOINT ${savepoint}`)
      try {
        const result = work()
        assert(!(result instanceof Promise), 'a transaction is synchronous')
        database.exec(`RELEASE ${savepoint}`)
        return result
      } catch (error) {
        database.exec(`ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`)
        throw error
      } finally {
        depth -= 1
      }
    },
    setAlarm: async (scheduledTime) => {
      alarm = scheduledTime
    },
    deleteAlarm: async () => {
      alarm = null
    },
  }
}

function sqlOf(database: DatabaseSync): Sql {
  const prepared = new Map<string, StatementSync>()
  return {
    exec(query, ...bindings) {
      // Only without bindings may a query hold several statements, and then it is no question.
      if (bindings.length === 0 && !/^\s*SELECT\b/i.test(query)) {
        database.exec(query)
        return { toArray: () => [] }
      }
      const statement = prepared.get(query) ?? database.prepare(query)
      // By itself it fails for an integer beyond 2^53; the runtime rounds it.
      statement.setReadBigInts(true)
      prepared.set(query, statement)
      const rows = statement.all(...bindings.map(toNode))
      return { toArray: () => rows.map(toRow) }
    },
  }
}

function toNode(value: SqlValue): SQLInputValue {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value
}

function toRow(row: Record<string, SQLOutputValue>): Record<string, SqlValue> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, fromNode(value)]))
}

function fromNode(value: SQLOutputValue): SqlValue {
  if (typeof value === 'bigint') return Number(value)
  return value instanceof Uint8Array ? new Uint8Array(value).buffer : value
}

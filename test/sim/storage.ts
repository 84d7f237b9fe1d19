// An object's storage with the platform's promise about crashes: what one turn writes is one transaction, committed when
// the turn ends, with the alarm in it. Real SQL on Node's own SQLite.

import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import type { Sql, SqlValue, Storage } from '../../src/durable-objects/sqlite/storage.ts'
import { assert } from '../../src/shared/lib/assert.ts'

type Query =
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'read' | 'write'; readonly statement: StatementSync }

export class SimStorage implements Storage {
  readonly #database = new DatabaseSync(':memory:')
  readonly #queries = new Map<string, Query>()
  #isOpen = false
  #depth = 0
  #alarm: number | null = null
  /** `undefined`: this turn has not touched it. */
  #nextAlarm: number | null | undefined
  readonly sql: Sql = { exec: (query, ...bindings) => this.#exec(query, bindings) }
  #version = 0

  /** Another number for whatever may be read otherwise than before. */
  get version(): number {
    return this.#version
  }

  /** Whether the turn has written anything that is not committed. */
  get isDirty(): boolean {
    return this.#isOpen || this.#nextAlarm !== undefined
  }

  /** As committed. */
  get alarm(): number | null {
    return this.#alarm
  }

  transactionSync<T>(work: () => T & (T extends PromiseLike<unknown> ? never : unknown)): T {
    this.#begin()
    this.#depth += 1
    const level = `level_${this.#depth}`
    this.#database.exec(`SAVEPOINT ${level}`)
    try {
      const result = work()
      assert(!(result instanceof Promise), 'a transaction is synchronous')
      this.#database.exec(`RELEASE ${level}`)
      return result
    } catch (error) {
      this.#version += 1
      this.#database.exec(`ROLLBACK TO ${level}; RELEASE ${level}`)
      throw error
    } finally {
      this.#depth -= 1
    }
  }

  async setAlarm(scheduledTime: number): Promise<void> {
    this.#nextAlarm = scheduledTime
  }

  async deleteAlarm(): Promise<void> {
    this.#nextAlarm = null
  }

  commit(): void {
    if (this.#isOpen) this.#database.exec('COMMIT')
    this.#isOpen = false
    if (this.#nextAlarm !== undefined) this.#alarm = this.#nextAlarm
    this.#nextAlarm = undefined
  }

  rollback(): void {
    this.#version += 1
    if (this.#isOpen) this.#database.exec('ROLLBACK')
    this.#isOpen = false
    this.#nextAlarm = undefined
  }

  /** The alarm fired, or the platform lost it: it is not set any more. */
  takeAlarm(): void {
    this.#alarm = null
  }

  /** The platform sets an alarm again whose handler did not come to its end. */
  restoreAlarm(at: number): void {
    this.#alarm ??= at
  }

  /** What nobody wrote. Between turns: nothing is under way. */
  tamper<T>(work: (database: DatabaseSync) => T): T {
    assert(!this.isDirty, 'a storage is tampered with while its host is down')
    this.#version += 1
    return work(this.#database)
  }

  close(): void {
    this.#database.close()
  }

  #exec(text: string, bindings: readonly SqlValue[]): { toArray(): Record<string, SqlValue>[] } {
    const query = this.#queries.get(text) ?? this.#prepare(text, bindings.length)
    if (query.kind !== 'read') this.#change()
    if (query.kind === 'script') {
      this.#database.exec(query.text)
      return { toArray: () => [] }
    }
    const rows = query.statement.all(...bindings.map(toNode))
    return { toArray: () => rows.map(toRow) }
  }

  /** Only without bindings may a query hold several statements, and then it is no question. */
  #prepare(text: string, bindings: number): Query {
    const isRead = /^\s*SELECT\b/i.test(text)
    if (bindings === 0 && !isRead) return { kind: 'script', text }
    const query: Query = { kind: isRead ? 'read' : 'write', statement: this.#database.prepare(text) }
    this.#queries.set(text, query)
    return query
  }

  #change(): void {
    this.#version += 1
    this.#begin()
  }

  #begin(): void {
    if (this.#isOpen) return
    this.#database.exec('BEGIN')
    this.#isOpen = true
  }
}

function toNode(value: SqlValue): SQLInputValue {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value
}

function toRow(row: Record<string, SQLOutputValue>): Record<string, SqlValue> {
  const read: Record<string, SqlValue> = {}
  for (const [name, value] of Object.entries(row)) read[name] = fromNode(value)
  return read
}

function fromNode(value: SQLOutputValue): SqlValue {
  assert(typeof value !== 'bigint', 'numbers are read as numbers')
  return value instanceof Uint8Array ? new Uint8Array(value).buffer : value
}

// Every value of a table with every single bit of it changed. A change is made by raw SQL in a transaction that is always
// rolled back, past the triggers that guard the log.

import { type NodeStorage, nodeStorage } from './node-storage.ts'

export type Cell = {
  readonly table: string
  readonly column: string
  /** Position of the row in the order of its key. */
  readonly row: number
}
/** `value`: the changed one. */
export type Flip = Cell & { readonly value: Stored }
type Stored = string | number | bigint | Uint8Array

const INTEGER_BITS = 64
const BYTE_BITS = 8

const KEYS: Readonly<Record<string, readonly string[]>> = {
  wal: ['seq'],
  segment: ['last_seq'],
  checkpoint: ['seq', 'part'],
  meta: ['id'],
}

/** A copy of it without its triggers. */
export function unguarded({ database }: NodeStorage): NodeStorage {
  for (const { name } of database.prepare(`SELECT name FROM sqlite_master WHERE type = 'trigger'`).all()) {
    database.exec(`DROP TRIGGER ${name}`)
  }
  return nodeStorage(database)
}

export function* flipsOf({ database }: NodeStorage, table: string): Generator<Flip> {
  const rows = database.prepare(`SELECT * FROM ${table} ORDER BY ${keysOf(table).join(', ')}`).all()
  for (const [row, values] of rows.entries()) {
    for (const [column, value] of Object.entries(values)) {
      if (value === null || typeof value === 'bigint') throw new Error(`no such values: ${table}.${column}`)
      for (const changed of changesOf(value)) yield { table, column, row, value: changed }
    }
  }
}

/** What `look` sees in the changed log; null: SQLite itself refuses the change. */
export function withFlip<T>({ database }: NodeStorage, flip: Flip, look: () => T): { seen: T } | null {
  const { table, column, row, value } = flip
  const keys = keysOf(table).join(', ')
  database.exec('SAVEPOINT flip')
  try {
    const change = database.prepare(
      `UPDATE ${table} SET ${column} = ? WHERE (${keys}) = (SELECT ${keys} FROM ${table} ORDER BY ${keys} LIMIT 1 OFFSET ?)`,
    )
    if (!isTaken(() => change.run(value, row))) return null
    return { seen: look() }
  } finally {
    database.exec('ROLLBACK TO flip; RELEASE flip')
  }
}

function isTaken(change: () => unknown): boolean {
  try {
    change()
    return true
  } catch (error) {
    if (error instanceof Error && /constraint failed/.test(error.message)) return false
    throw error
  }
}

function* changesOf(value: Exclude<Stored, bigint>): Generator<Stored> {
  if (typeof value === 'number') {
    for (let bit = 0; bit < INTEGER_BITS; bit++) {
      yield BigInt.asIntN(INTEGER_BITS, BigInt(value) ^ (1n << BigInt(bit)))
    }
    return
  }
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  for (let index = 0; index < BYTE_BITS * bytes.length; index++) {
    const changed = Uint8Array.from(bytes)
    const place = Math.floor(index / BYTE_BITS)
    changed[place] = (changed[place] ?? 0) ^ (1 << (index % BYTE_BITS))
    const text = typeof value === 'string' ? textOf(changed) : changed
    if (text !== null) yield text
  }
}

/** Null: it is no UTF-8, and no text of SQLite's. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function keysOf(table: string): readonly string[] {
  const keys = KEYS[table]
  if (keys === undefined) throw new Error(`no table of a log: ${table}`)
  return keys
}

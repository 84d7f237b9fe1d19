// What may have become of an object's storage while its host was down: a bit changed, a row lost or doubled, or all of it
// as it was some commits ago. By raw SQL, past the triggers that guard the log.

import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { Stream } from './chance.ts'

/** What a row stands in order by, in each table of a log. */
const KEYS = { wal: 'seq', segment: 'last_seq', checkpoint: 'seq, part', meta: 'id' } as const
export type LogTable = keyof typeof KEYS

export type Harm = { readonly table: LogTable; readonly how: 'changed' | 'missing' | 'doubled' }
export type Head = { readonly seq: number; readonly digest: string }

/** A change that the tables themselves refuse is tried elsewhere, so often. */
const TRIES = 8
/** As often as they stand here. */
const AT: readonly [LogTable, ...LogTable[]] = ['wal', 'wal', 'wal', 'meta', 'segment', 'checkpoint']
const HOW: readonly [Harm['how'], ...Harm['how'][]] = ['changed', 'changed', 'missing', 'doubled']
const ASCII_BITS = 7
const BYTE_BITS = 8
const INTEGER_BITS = 32

const metaHead = z.object({ head_seq: z.number(), head_digest: z.string() })
const value = z.union([z.string(), z.number(), z.instanceof(Uint8Array)])
const row = z.record(z.string(), value)
type Row = z.infer<typeof row>

/** As the log itself notes its end; null: there is no log. */
export function headIn(database: DatabaseSync): Head | null {
  if (!tablesOf(database).has('meta')) return null
  const found = metaHead.safeParse(database.prepare('SELECT head_seq, head_digest FROM meta').get())
  return found.success ? { seq: found.data.head_seq, digest: found.data.head_digest } : null
}

/** Null: nothing could be changed. */
export function harm(database: DatabaseSync, stream: Stream): Harm | null {
  return unguarded(database, () => {
    for (let count = 0; count < TRIES; count++) {
      const tables = tablesOf(database)
      const table = stream.pick(AT)
      const how = stream.pick(HOW)
      if (!tables.has(table) || (table === 'meta' && how === 'doubled')) continue
      const rows = rowsOf(database, table)
      // The last row is lost more easily than any other: a write that never came to the disk.
      const index = stream.happens(0.3) ? rows.length - 1 : stream.below(Math.max(1, rows.length))
      const found = rows[index]
      if (found !== undefined && isTaken(() => change(database, table, how, found, stream))) {
        return { table, how }
      }
    }
    return null
  })
}

function change(database: DatabaseSync, table: LogTable, how: Harm['how'], found: Row, stream: Stream): void {
  const place = placeOf(table, found)
  if (how === 'missing') {
    database.prepare(`DELETE FROM ${table} WHERE ${place.where}`).run(...place.values)
    return
  }
  if (how === 'doubled') {
    insert(database, table, moved(table, found, stream.between(1, 3)))
    return
  }
  const columns = Object.keys(found)
  const column = columns[stream.below(columns.length)] ?? ''
  const before = found[column]
  if (before === undefined) return
  const after = flipped(before, stream)
  database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${place.where}`).run(after, ...place.values)
}

function placeOf(table: LogTable, found: Row): { readonly where: string; readonly values: Row[string][] } {
  const keys = KEYS[table].split(', ')
  return {
    where: keys.map((key) => `${key} = ?`).join(' AND '),
    values: keys.flatMap((key) => found[key] ?? []),
  }
}

/** The same row once more, a few places on. */
function moved(table: LogTable, found: Row, places: number): Row {
  const [key = ''] = KEYS[table].split(', ')
  return { ...found, [key]: Number(found[key]) + places }
}

function insert(database: DatabaseSync, table: LogTable, added: Row): void {
  const columns = Object.keys(added)
  const marks = columns.map(() => '?').join(', ')
  database
    .prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`)
    .run(...Object.values(added))
}

function flipped(before: Row[string], stream: Stream): Row[string] {
  if (typeof before === 'number') return Number(BigInt(before) ^ (1n << BigInt(stream.below(INTEGER_BITS))))
  const isText = typeof before === 'string'
  const bytes = isText ? new TextEncoder().encode(before) : Uint8Array.from(before)
  if (bytes.length === 0) return before
  const at = stream.below(bytes.length)
  // What is text stays text, if another: SQLite gives nothing else back unchanged.
  bytes[at] = (bytes[at] ?? 0) ^ (1 << stream.below(isText ? ASCII_BITS : BYTE_BITS))
  return isText ? new TextDecoder().decode(bytes) : bytes
}

/** Ends of groups at which the log could be put back: of those that are not sealed, all but the last. */
export function earlierSeqs(database: DatabaseSync): readonly number[] {
  const rows = database.prepare('SELECT seq FROM wal ORDER BY seq').all()
  return rows.map(({ seq }) => Number(seq)).slice(0, -1)
}

/** All of it as it was when the log ended at `seq`. What readers had of it by then is not more than that. */
export function putBack(database: DatabaseSync, seq: number): void {
  unguarded(database, () => {
    database.prepare('DELETE FROM wal WHERE seq > ?').run(seq)
    if (tablesOf(database).has('checkpoint')) {
      database.prepare('DELETE FROM checkpoint WHERE seq > ?').run(seq)
    }
    const text = z.string().parse(database.prepare('SELECT cursors FROM meta').get()?.cursors)
    const cursors = z.record(z.string(), z.number()).parse(JSON.parse(text))
    const then = Object.fromEntries(Object.entries(cursors).map(([name, at]) => [name, Math.min(at, seq)]))
    database
      .prepare(
        'UPDATE meta SET head_seq = ?, head_digest = (SELECT digest FROM wal WHERE seq = ?), cursors = ?',
      )
      .run(seq, seq, JSON.stringify(then))
  })
}

function unguarded<T>(database: DatabaseSync, work: () => T): T {
  const triggers = database.prepare(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`).all()
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`)
  const result = work()
  for (const { sql } of triggers) database.exec(String(sql))
  return result
}

function tablesOf(database: DatabaseSync): ReadonlySet<unknown> {
  const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all()
  return new Set(tables.map(({ name }) => name))
}

function rowsOf(database: DatabaseSync, table: LogTable): readonly Row[] {
  return row.array().parse(database.prepare(`SELECT * FROM ${table} ORDER BY ${KEYS[table]}`).all())
}

function isTaken(work: () => void): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

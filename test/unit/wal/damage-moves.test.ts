// Guarantee: no group and no segment is lost, doubled, moved or taken from another log unnoticed, and an old copy of the
// whole is known as one by whoever remembers a later head.

import { expect, test } from 'vitest'
import type { WalDamage } from '../../../src/shared/wal/damage.ts'
import { unguarded } from '../../support/bit-flips.ts'
import { type LogRow, placeOf, rowsOf } from '../../support/damage-places.ts'
import { START } from '../../support/domain-values.ts'
import { openSmall, SMALL_GROUPS, SMALL_IDENTITY, smallLog } from '../../support/small-log.ts'

/** Milliseconds. */
const TIMEOUT_MS = 60_000
/** More groups than the log has. */
const ALL = 1_000

const log = smallLog()
const { database } = log.storage
const storage = unguarded(log.storage)
const rows = rowsOf(storage)
const segments = rows.filter(({ kind }) => kind === 'segment')
const tail = rows.filter(({ kind }) => kind === 'group')
const records = openSmall(storage).state.records

const DATA = {
  segment: 'first_seq, first_number, trail, text_bytes, block, digest',
  wal: 'v, at, by, count, leaves, digest',
}

test('the tail is cut off at every group', () => {
  for (const [index, { last }] of tail.entries()) {
    const left = rows.slice(0, segments.length + index)
    expect(damaged(`DELETE FROM wal WHERE seq >= ${last}`)).toEqual({
      reason: 'head',
      seq: left.at(-1)?.last,
    })
  }
})

test('every group is missing once', () => {
  for (const row of tail) check(`DELETE FROM wal WHERE seq = ${row.last}`, without(row))
})

test(
  'every group stands a second time, at every other seq',
  () => {
    const taken = new Set(tail.map(({ last }) => last))
    for (const { last } of tail) {
      for (let seq = 1; seq <= log.headSeq + 20; seq++) {
        if (taken.has(seq)) continue
        const doubled: LogRow = { kind: 'group', last: seq }
        check(`INSERT INTO wal SELECT ${seq}, ${DATA.wal} FROM wal WHERE seq = ${last}`, [...rows, doubled])
      }
    }
  },
  TIMEOUT_MS,
)

test.each<'wal' | 'segment'>(['wal', 'segment'])('every two rows of %s change places', (table) => {
  const places = table === 'wal' ? tail : segments
  for (const one of places) {
    for (const other of places) {
      if (other.last <= one.last) continue
      const swapped = rows.map((row) => (row === one || row === other ? { ...row } : row))
      check(swapOf(table, one.last, other.last), swapped)
    }
  }
})

test('every group, and every segment, is that of another object that says the same', () => {
  const other = smallLog({ ...SMALL_IDENTITY, object: 'two' }).storage.database
  for (const table of ['wal', 'segment'] as const) {
    const key = table === 'wal' ? 'seq' : 'last_seq'
    for (const row of table === 'wal' ? tail : segments) {
      const foreign = other.prepare(`SELECT * FROM ${table} WHERE ${key} = ?`).get(row.last)
      const places = Object.keys(foreign ?? {}).map(() => '?')
      const insert = database.prepare(`INSERT INTO ${table} VALUES (${places.join(', ')})`)
      const put = () => {
        database.exec(`DELETE FROM ${table} WHERE ${key} = ${row.last}`)
        insert.run(...Object.values(foreign ?? {}))
      }
      check(
        put,
        rows.map((candidate) => (candidate === row ? { ...row } : candidate)),
      )
    }
  }
})

test('every run of segments is missing', () => {
  for (const [from, { last: first }] of segments.entries()) {
    for (const { last } of segments.slice(from)) {
      const left = rows.filter((row) => row.kind === 'group' || row.last < first || row.last > last)
      check(`DELETE FROM segment WHERE last_seq BETWEEN ${first} AND ${last}`, left)
    }
  }
})

test('everything of a table is missing: checkpoints are not missed, the rest is', () => {
  expect(damaged('DELETE FROM checkpoint')).toBeNull()
  expect(damaged('DELETE FROM meta')).toEqual({ reason: 'unreadable', seq: 0 })
  expect(damaged('DELETE FROM wal; DELETE FROM segment')).toEqual({ reason: 'head', seq: 0 })
})

test('sealed groups that also lie in the tail, as after half a restore, are read once', () => {
  const [first] = segments
  expect(
    damaged(`INSERT INTO wal SELECT ${first?.last}, ${DATA.wal} FROM wal ORDER BY seq LIMIT 1`),
  ).toBeNull()
})

test(
  'an old copy of everything is known by every later head, and takes no more records',
  () => {
    const heads = openSmall(storage).wal.wireGroups(0, ALL)
    const own = openSmall(storage)
    for (const { seq, digest } of heads) {
      expect(own.holds({ seq, digest })).toBe(true)
      expect(openSmall(storage).holds({ seq, digest: '0'.repeat(64) })).toBe(false)
    }
    for (let groups = 1; groups < SMALL_GROUPS; groups++) {
      const copy = smallLog(SMALL_IDENTITY, groups).storage
      expect(openSmall(copy).verify()).toBeNull()
      for (const { seq, digest } of heads.slice(groups)) {
        const old = openSmall(copy)
        expect(old.holds({ seq, digest })).toBe(false)
        expect(old.damage).toEqual({ reason: 'old_copy', seq })
        expect(() => old.commit([1], { at: START, by: { source: 'queue' } })).toThrow('damaged')
      }
    }
  },
  TIMEOUT_MS,
)

function without(row: LogRow): readonly LogRow[] {
  return rows.filter((candidate) => candidate !== row)
}

function check(change: string | (() => void), changed: readonly LogRow[]): void {
  expect(damaged(change)?.seq ?? null, String(change)).toBe(placeOf(rows, changed))
}

/** What is found after the change, which is taken back. Whatever the state is then, it is one that the log had. */
function damaged(change: string | (() => void)): WalDamage | null {
  database.exec('SAVEPOINT damaged')
  try {
    if (typeof change === 'string') database.exec(change)
    else change()
    const journal = openSmall(storage)
    const damage = journal.damage ?? journal.verify()
    const seen = journal.state.records
    expect(seen).toEqual(damage === null ? records : records.slice(0, seen.length))
    for (const group of journal.wal.wireGroups(0, ALL)) expect(group.seq).toBeGreaterThan(0)
    return damage
  } finally {
    database.exec('ROLLBACK TO damaged; RELEASE damaged')
  }
}

/** All but the keys. */
function swapOf(table: 'wal' | 'segment', one: number, other: number): string {
  const key = table === 'wal' ? 'seq' : 'last_seq'
  const free = -1
  const move = (from: number, to: number) => `UPDATE ${table} SET ${key} = ${to} WHERE ${key} = ${from};`
  return move(one, free) + move(other, one) + move(free, other)
}

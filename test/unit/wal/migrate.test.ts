// Guarantee: an object that slept through releases wakes up with the newest tables and the same log; one whose tables
// cannot be brought up stays as it was, and says so.

import { describe, expect, test } from 'vitest'
import { metaRow } from '../../../src/durable-objects/wal/meta-row.ts'
import { migrate, WAL_MIGRATIONS } from '../../../src/durable-objects/wal/wal-schema.ts'
import { flipsOf, withFlip } from '../../support/bit-flips.ts'
import { START } from '../../support/domain-values.ts'
import { type NodeStorage, nodeStorage } from '../../support/node-storage.ts'
import { openSmall, smallLog } from '../../support/small-log.ts'

const NEWEST = WAL_MIGRATIONS.length
const ADDS_COLUMN = `ALTER TABLE meta ADD COLUMN note TEXT NOT NULL DEFAULT 'none'`
const ADDS_TABLE = 'CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; INSERT INTO later VALUES (7)'
const LATER = [...WAL_MIGRATIONS, ADDS_COLUMN, ADDS_TABLE]

describe('a log of this version, opened by code with later ones', () => {
  test('gets each of them once, and reads the same', () => {
    const { storage } = smallLog()
    const before = metaRow.read(storage)
    expect(metaRow.read(storage, LATER)).toEqual({ ...before, schemaVersion: NEWEST + 2 })
    expect(versionOf(storage)).toBe(NEWEST + 2)
    expect(storage.sql.exec('SELECT note FROM meta').toArray()).toEqual([{ note: 'none' }])
    expect(storage.sql.exec('SELECT id FROM later').toArray()).toEqual([{ id: 7 }])
    expect(openSmall(storage).verify()).toBeNull()
  })

  test('is not changed by being opened again', () => {
    const { storage } = smallLog()
    metaRow.read(storage, LATER)
    const after = contentOf(storage)
    metaRow.read(storage, LATER)
    expect(contentOf(storage)).toEqual(after)
  })

  test('is not changed at all where there is nothing to bring', () => {
    const { storage } = smallLog()
    const before = contentOf(storage)
    metaRow.read(storage)
    expect(contentOf(storage)).toEqual(before)
  })

  test('gets the last of them alone where the others were there', () => {
    const { storage } = smallLog()
    metaRow.read(storage, LATER.slice(0, -1))
    expect(versionOf(storage)).toBe(NEWEST + 1)
    expect(metaRow.read(storage, LATER).damage).toBeNull()
    expect(versionOf(storage)).toBe(NEWEST + 2)
  })

  test('takes records as before, whichever code comes to it in turn', () => {
    const { storage } = smallLog()
    metaRow.read(storage, LATER)
    const journal = openSmall(storage)
    journal.commit(['by old code'], { at: START, by: { source: 'queue' } })
    journal.wal.seal(journal.wal.head.seq, Number.MAX_SAFE_INTEGER, 4)
    expect(versionOf(storage)).toBe(NEWEST + 2)
    const { head, sealed } = journal.wal
    expect(metaRow.read(storage, LATER)).toMatchObject({ damage: null, head, sealed })
    expect(openSmall(storage).verify()).toBeNull()
  })
})

describe('a migration that fails', () => {
  test.each([
    ['at once', [...WAL_MIGRATIONS, 'CREATE TABLE wal (id INTEGER)']],
    ['after a part of it was done', [...WAL_MIGRATIONS, `${ADDS_COLUMN}; INSERT INTO nowhere VALUES (1)`]],
    ['after others that did not', [...LATER, 'no SQL']],
  ])('%s leaves everything as it was, and the log is damaged for this code', (_, migrations) => {
    const { storage } = smallLog()
    const before = contentOf(storage)
    expect(metaRow.read(storage, migrations).damage).toEqual({ reason: 'unreadable', seq: 0 })
    expect(contentOf(storage)).toEqual(before)
    // Code that does not want it goes on, and so does code in which it is mended.
    expect(openSmall(storage).verify()).toBeNull()
    expect(metaRow.read(storage, LATER).damage).toBeNull()
  })

  test('is not tried where a bit of the version has changed, up or down', () => {
    const { storage } = smallLog()
    const flips = [...flipsOf(storage, 'meta')].filter(({ column }) => column === 'schema_version')
    expect(flips.length).toBeGreaterThan(8)
    for (const flip of flips) {
      withFlip(storage, flip, () => {
        const before = contentOf(storage)
        expect(metaRow.read(storage, LATER).damage).toEqual({ reason: 'unreadable', seq: 0 })
        expect(contentOf(storage)).toEqual(before)
      })
    }
  })
})

test('migrations run in their order, from the version that is there', () => {
  const steps = ['CREATE TABLE one (id)', 'CREATE TABLE two (id)', 'CREATE TABLE three (id)']
  for (let from = 0; from <= steps.length; from++) {
    const storage = nodeStorage()
    migrate(storage.sql, from, steps)
    const tables = storage.sql.exec('SELECT name FROM sqlite_master ORDER BY rowid').toArray()
    expect(tables.map(({ name }) => name)).toEqual(['one', 'two', 'three'].slice(from))
  }
})

function versionOf({ sql }: NodeStorage): unknown {
  return sql.exec('SELECT schema_version FROM meta').toArray()[0]?.schema_version
}

/** Tables and what is in them. */
function contentOf({ database }: NodeStorage): unknown {
  const tables = database.prepare(`SELECT name, sql FROM sqlite_master ORDER BY name`).all()
  const rows = ['wal', 'segment', 'checkpoint', 'meta'].map((table) => {
    const select = database.prepare(`SELECT * FROM ${table}`)
    // Damaged ones may be beyond 2^53.
    select.setReadBigInts(true)
    return select.all()
  })
  return [tables, rows]
}

// Guarantee: what an actor wrote is written whole, in order and for ever, or not at all. Over a real SQLite.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Storage } from '../../../src/durable-objects/sqlite/storage.ts'
import { GROUP_MAX_BYTES, RECORD_MAX_BYTES } from '../../../src/durable-objects/wal/turn-rows.ts'
import { type RecordCodec, Wal } from '../../../src/durable-objects/wal/wal.ts'
import { InvariantError } from '../../../src/shared/lib/assert.ts'
import type { Json } from '../../../src/shared/lib/canonical-json.ts'
import {
  emptyHead,
  emptyPosition,
  headOf,
  verifyGroups,
  type WireGroup,
} from '../../../src/shared/wal/group.ts'
import { START } from '../../support/domain-values.ts'
import { type NodeStorage, nodeStorage } from '../../support/node-storage.ts'
import { holds } from '../../support/property.ts'
import { groupsOf, IDENTITY, turn } from '../../support/wal-groups.ts'

const codec: RecordCodec<Json> = { encode: (record) => record, decode: (json) => json }
const TURN = { at: START, by: { source: 'queue' } } as const

describe('asking for a log that was never written', () => {
  test('gives nothing and writes nothing', () => {
    const storage = nodeStorage()
    expect(Wal.open(storage, codec)).toBeNull()
    expect(tablesOf(storage)).toEqual([])
    expect(storage.sql.exec('SELECT total_changes() AS changes').toArray()).toEqual([{ changes: 0 }])
  })

  test('gives nothing after a beginning that was rolled back', () => {
    const storage = nodeStorage()
    expect(() =>
      storage.transactionSync(() => {
        Wal.create(storage, codec, IDENTITY, 1).append([1], TURN)
        throw new Error('crash')
      }),
    ).toThrow('crash')
    expect(Wal.open(storage, codec)).toBeNull()
    expect(tablesOf(storage)).toEqual([])
  })
})

describe('what was appended', () => {
  test('is there after the object was evicted: groups, digests, head and whose it is', () => {
    holds(
      fc.property(fc.array(turn, { maxLength: 6 }), (turns) => {
        const storage = nodeStorage()
        const wal = Wal.create(storage, codec, IDENTITY, 3)
        for (const { records, at, by } of turns) wal.append(records, { at, by })
        const again = reopened(storage)
        expect(again.identity).toEqual(IDENTITY)
        expect(again.incarnation).toBe(3)
        expect(again.head).toEqual(wal.head)
        expect(again.wireGroups(0, turns.length)).toEqual(groupsOf(IDENTITY, turns))
        expect([...again.groups(0)].map(({ at, by, records }) => ({ at, by, records }))).toEqual(turns)
      }),
      50,
    )
  })

  test('is a whole log to whoever checks it', () => {
    const storage = nodeStorage()
    const wal = Wal.create(storage, codec, IDENTITY, 1)
    for (const records of [[1], [2, 3], ['four']]) wal.append(records, TURN)
    expect(headAfter(wal.wireGroups(0, 100))).toEqual(wal.head)
    expect(wal.head.seq).toBe(4)
  })

  test('is given from a position on, in pages of any size', () => {
    const wal = Wal.create(nodeStorage(), codec, IDENTITY, 1)
    for (const records of [[1], [2, 3], [4]]) wal.append(records, TURN)
    const seqs = (after: number, limit: number) => wal.wireGroups(after, limit).map(({ seq }) => seq)
    expect(seqs(0, 2)).toEqual([1, 3])
    // Position 2 lies inside the second group: it holds a record after it.
    expect([seqs(1, 9), seqs(2, 9), seqs(3, 9), seqs(4, 9)]).toEqual([[3, 4], [3, 4], [4], []])
  })

  test('is replayed to the end, also where it has more rows than are read at once', () => {
    const wal = Wal.create(nodeStorage(), codec, IDENTITY, 1)
    for (let number = 1; number <= 1_001; number++) wal.append([number], TURN)
    expect([...wal.groups(0)].map(({ seq }) => seq)).toEqual(Array.from({ length: 1_001 }, (_, i) => i + 1))
    expect([...wal.groups(500)]).toHaveLength(501)
  })
})

describe('the log is append-only, whoever tries', () => {
  test.each([
    [`UPDATE wal SET leaves = '[]' WHERE seq = 1`],
    ['UPDATE wal SET digest = digest'],
    [`UPDATE wal SET by = 'nobody'`],
    ['DELETE FROM wal WHERE seq = 2'],
    ['DELETE FROM wal'],
  ])('%s is refused', (statement) => {
    const storage = nodeStorage()
    const wal = Wal.create(storage, codec, IDENTITY, 1)
    for (const record of [1, 2]) wal.append([record], TURN)
    const before = wal.wireGroups(0, 9)
    expect(() => storage.sql.exec(statement)).toThrow('append-only')
    expect(wal.wireGroups(0, 9)).toEqual(before)
  })

  test('a second group at a seq that is taken is refused, and the log stays as it was', () => {
    const storage = nodeStorage()
    const wal = Wal.create(storage, codec, IDENTITY, 1)
    const late = reopened(storage)
    wal.append([1], TURN)
    expect(() => late.append([2], TURN)).toThrow('UNIQUE')
    expect(wal.wireGroups(0, 9).map(({ records }) => records)).toEqual([[1]])
  })
})

describe('a turn that is larger than a row', () => {
  test('is split into groups that are small enough, in order, and still a whole log', () => {
    const storage = nodeStorage()
    const wal = Wal.create(storage, codec, IDENTITY, 1)
    const records = Array.from({ length: 7 }, (_, index) => String(index).repeat(300_000))
    wal.append(records, TURN)
    const groups = wal.wireGroups(0, 100)
    expect(groups.map((group) => group.records.length)).toEqual([3, 3, 1])
    expect(groups.flatMap((group) => group.records)).toEqual(records)
    expect(headAfter(groups)).toEqual(wal.head)
    for (const bytes of rowSizes(storage)) expect(bytes).toBeLessThanOrEqual(GROUP_MAX_BYTES)
  })

  test('is written in one transaction: where one of its groups fails, none is there', () => {
    const storage = nodeStorage()
    const wal = Wal.create(storage, codec, IDENTITY, 1)
    wal.append([1], TURN)
    const head = wal.head
    storage.database.exec(
      `CREATE TRIGGER full BEFORE INSERT ON wal WHEN NEW.seq > 4 BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    )
    const large = Array.from({ length: 6 }, () => 'x'.repeat(400_000))
    expect(() => wal.append(large, TURN)).toThrow('disk full')
    expect(wal.head).toEqual(head)
    expect(reopened(storage).head).toEqual(head)
    storage.database.exec('DROP TRIGGER full')
    wal.append([2], TURN)
    expect(headAfter(wal.wireGroups(0, 9))).toEqual(wal.head)
  })
})

describe('nothing is written of a turn', () => {
  const largest = 'x'.repeat(RECORD_MAX_BYTES - 2)
  test.each<[string, readonly Json[]]>([
    ['without records', []],
    ['with a record over the limit', [1, `${largest}x`]],
    ['with a record whose UTF-8 is over the limit', [1, '€'.repeat(RECORD_MAX_BYTES / 3)]],
    // Characters that JSON escapes are counted as they are written.
    ['with a record whose escapes are over the limit', [1, '\u0000'.repeat(RECORD_MAX_BYTES / 6 + 1)]],
  ])('%s', (_, records) => {
    const storage = nodeStorage()
    const wal = Wal.create(storage, codec, IDENTITY, 1)
    expect(() => wal.append(records, TURN)).toThrow(InvariantError)
    expect(wal.head).toEqual(emptyHead(IDENTITY))
    expect(wal.wireGroups(0, 9)).toEqual([])
  })

  test('with a record that the codec does not know', () => {
    const strict: RecordCodec<Json> = {
      ...codec,
      encode: (record) => {
        if (record === 'unknown') throw new Error('unknown record')
        return record
      },
    }
    const wal = Wal.create(nodeStorage(), strict, IDENTITY, 1)
    expect(() => wal.append([1, 'unknown'], TURN)).toThrow('unknown record')
    expect(wal.wireGroups(0, 9)).toEqual([])
  })

  test('and a record of exactly the limit is taken', () => {
    const wal = Wal.create(nodeStorage(), codec, IDENTITY, 1)
    wal.append([largest], TURN)
    expect([...wal.groups(0)].map(({ records }) => records)).toEqual([[largest]])
  })
})

describe('cursors', () => {
  test('say how far each reader came, from nowhere on, and only go forward', () => {
    const wal = Wal.create(nodeStorage(), codec, IDENTITY, 1)
    wal.append([1, 2, 3, 4, 5], TURN)
    expect(wal.cursor('projection')).toBe(0)
    wal.moveCursor('projection', 5)
    wal.moveCursor('projection', 3)
    wal.moveCursor('archive', 2)
    expect([wal.cursor('projection'), wal.cursor('archive'), wal.cursor('nobody')]).toEqual([5, 2, 0])
  })

  test('are there after the object was evicted', () => {
    const storage = nodeStorage()
    const wal = Wal.create(storage, codec, IDENTITY, 1)
    wal.append([1, 2, 3, 4, 5], TURN)
    wal.moveCursor('projection', 5)
    wal.moveCursor('archive', 2)
    const again = reopened(storage)
    expect([again.cursor('projection'), again.cursor('archive')]).toEqual([5, 2])
  })
})

function reopened(storage: Storage): Wal<Json> {
  const wal = Wal.open(storage, codec)
  if (wal === null) throw new Error('a log is there')
  if (!wal.verify().ok) throw new Error('the log is whole')
  return wal
}

function headAfter(groups: readonly WireGroup[]) {
  const verified = verifyGroups(emptyPosition(IDENTITY), groups)
  return verified.ok ? headOf(verified.value) : verified
}

function tablesOf(storage: NodeStorage): unknown[] {
  return storage.sql.exec('SELECT name FROM sqlite_master').toArray()
}

function rowSizes(storage: NodeStorage): number[] {
  const rows = storage.sql.exec('SELECT octet_length(leaves) - 2 AS bytes FROM wal').toArray()
  return rows.map(({ bytes }) => Number(bytes))
}

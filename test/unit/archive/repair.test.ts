// Guarantee (A8, L9): a log that is damaged anywhere is whole again when a copy proves what is missing, and is left as it
// was when it does not.

import { describe, expect, test } from 'vitest'
import { unixMs } from '../../../src/shared/lib/time.ts'
import type { WireGroup } from '../../../src/shared/wal/group.ts'
import { count, createCounting, openCounting } from '../../support/counting-journal.ts'
import { type NodeStorage, nodeStorage } from '../../support/node-storage.ts'

const NOW = unixMs(1_000_000)
const TURNS = 12
const ALL = 1_000

/** Somebody with access to the file: triggers do not stop him. */
const DROP_TRIGGERS = `
DROP TRIGGER wal_never_changes; DROP TRIGGER wal_never_loses; DROP TRIGGER IF EXISTS segment_never_changes;`

function written(sealedGroups: number) {
  const storage = nodeStorage()
  const journal = createCounting(storage)
  count(journal, TURNS)
  const seqs = journal.wal.wireGroups(0, ALL).map(({ seq }) => seq)
  // Two segments where anything is sealed.
  for (const end of sealedGroups === 0 ? [] : [seqs[1], seqs[sealedGroups - 1]]) {
    journal.wal.seal(end ?? 0, Number.MAX_SAFE_INTEGER, 3)
  }
  const groups = journal.wal.wireGroups(0, ALL)
  return { storage, groups, state: journal.state, head: journal.wal.head }
}

function damage(storage: NodeStorage, statements: string) {
  const triggers = storage.sql
    .exec(`SELECT sql FROM sqlite_master WHERE type = 'trigger'`)
    .toArray()
    .map(({ sql }) => String(sql))
  storage.database.exec(DROP_TRIGGERS + statements)
  for (const trigger of triggers) storage.database.exec(trigger)
  const journal = openCounting(storage)
  if (journal === null) throw new Error('the log is there')
  return journal
}

const DAMAGES: readonly (readonly [string, string])[] = [
  ['a changed leaf', `UPDATE wal SET leaves = replace(leaves, '"add":0', '"add":9') WHERE seq = 19`],
  ['a group that is missing', `DELETE FROM wal WHERE seq = 18`],
  ['several that are missing', `DELETE FROM wal WHERE seq BETWEEN 15 AND 19`],
  ['the last group missing', `DELETE FROM wal WHERE seq = (SELECT MAX(seq) FROM wal)`],
  ['the whole tail missing', `DELETE FROM wal`],
  ['a row that is no group', `UPDATE wal SET leaves = 'gone' WHERE seq = 18`],
  ['a digest that changed', `UPDATE wal SET digest = 'ff' || substr(digest, 3) WHERE seq = 21`],
  [
    'two groups that changed places',
    `UPDATE wal SET leaves = (SELECT leaves FROM wal WHERE seq = 19) WHERE seq = 21`,
  ],
  ['a head that changed', `UPDATE meta SET head_digest = 'ff' || substr(head_digest, 3)`],
]

const SEALED_DAMAGES: readonly (readonly [string, string])[] = [
  ['a changed byte of a segment', `UPDATE segment SET block = zeroblob(length(block)) WHERE first_seq > 1`],
  ['a changed first segment', `UPDATE segment SET block = zeroblob(length(block)) WHERE first_seq = 1`],
  ['a segment that is missing', `DELETE FROM segment WHERE first_seq > 1`],
  ['all that is sealed missing', `DELETE FROM segment`],
  ['a segment and the tail missing', `DELETE FROM segment WHERE first_seq > 1; DELETE FROM wal`],
]

describe.each([0, 6])('with %i sealed groups', (sealedGroups) => {
  const damages = sealedGroups === 0 ? DAMAGES : [...DAMAGES, ...SEALED_DAMAGES]

  test.each(damages)('%s is put back from the whole copy', (_, statements) => {
    const { storage, groups, state, head } = written(sealedGroups)
    const journal = damage(storage, statements)
    expect(journal.damage).not.toBeNull()
    expect(journal.repair(groups, NOW).ok).toBe(true)
    expect(journal.damage).toBeNull()
    expect(journal.state).toBe(state)
    const again = openCounting(storage)
    expect(again?.verify()).toBeNull()
    expect(again?.wal.head).toEqual(head)
    expect(again?.wal.wireGroups(0, ALL)).toEqual(groups)
    expect(again?.wal.repairs).toMatchObject([{ at: NOW }])
  })

  test.each(damages)('%s stays as it is when the copy proves nothing', (_, statements) => {
    const { storage, groups } = written(sealedGroups)
    const journal = damage(storage, statements)
    const before = journal.damage
    const forged = groups.map(
      (group): WireGroup => ({ ...group, records: [{ add: 7 }], digest: 'f'.repeat(64) }),
    )
    const foreign = groups.slice(0, 2)
    for (const copy of [[], forged, foreign]) {
      expect(journal.repair(copy, NOW).ok).toBe(false)
      expect(journal.damage).toEqual(before)
    }
    expect(openCounting(storage)?.wal.repairs).toEqual([])
  })

  test('a repaired log takes records and seals again', () => {
    const { storage, groups, state } = written(sealedGroups)
    const journal = damage(storage, `DELETE FROM wal WHERE seq = 19`)
    journal.repair(groups, NOW)
    count(journal, 3)
    journal.seal()
    expect(openCounting(storage)?.verify()).toBeNull()
    expect(openCounting(storage)?.state).toBeGreaterThan(state)
    expect(() => storage.sql.exec('UPDATE wal SET digest = ?', 'x')).not.toThrow()
  })
})

test('a copy that ends before the log did is not enough, and one that has the hole alone is', () => {
  const { storage, groups } = written(0)
  const journal = damage(storage, `DELETE FROM wal WHERE seq IN (18, 24)`)
  const [hole, last] = [18, 24].map((seq) => groups.filter((group) => group.seq === seq))
  expect(journal.repair(hole ?? [], NOW)).toEqual({ ok: false, error: 'too_short' })
  expect(
    journal.repair(
      [...(hole ?? []), ...groups.filter(({ seq }) => seq > 18 && seq < 24), ...(last ?? [])],
      NOW,
    ).ok,
  ).toBe(true)
})

test('a whole log is not repaired', () => {
  const { storage, groups } = written(6)
  expect(openCounting(storage)?.repair(groups, NOW)).toEqual({ ok: false, error: 'intact' })
})

test('an old copy of a log goes on from what the archive has of it, and stays old where that is not enough', () => {
  const { storage, groups, state, head } = written(0)
  const old = nodeStorage()
  const journal = createCounting(old)
  count(journal, 4)
  expect(journal.holds(head)).toBe(false)
  expect(journal.repair(groups.slice(0, 8), NOW).ok).toBe(true)
  expect(journal.damage).toEqual({ reason: 'old_copy', seq: head.seq })
  expect(journal.repair(groups, NOW).ok).toBe(true)
  expect(journal.damage).toBeNull()
  expect(journal.holds(head)).toBe(true)
  expect(journal.state).toBe(state)
  expect(storage.alarm()).toBeNull()
})

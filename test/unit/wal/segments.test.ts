// Guarantee: sealing changes where groups are and never what they say; it happens as a whole or not at all, and nobody
// else takes a group away.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Journal } from '../../../src/durable-objects/wal/journal.ts'
import type { Wal } from '../../../src/durable-objects/wal/wal.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import type { Json } from '../../../src/shared/lib/canonical-json.ts'
import { err, ok } from '../../../src/shared/lib/result.ts'
import { SEGMENT_MOST_BYTES } from '../../../src/shared/wal/profile.ts'
import { unguarded } from '../../support/bit-flips.ts'
import { type NodeStorage, nodeStorage } from '../../support/node-storage.ts'
import { holds } from '../../support/property.ts'
import { randomFrom } from '../../support/random.ts'
import { jsonCodec, listFold, openSmall, SMALL_IDENTITY, smallLog } from '../../support/small-log.ts'
import { type Turn, turn } from '../../support/wal-groups.ts'

/** More groups than any log of these tests has. */
const ALL = 1_000
/** Milliseconds. */
const TIMEOUT_MS = 60_000
/** Bytes of a row in production. */
const ROW_MOST_BYTES = 2_000_000
/** Seqs from one that is proved to the next: other ones in every log, because their lengths differ. */
const PROVED_STEP = 7

type Sealing = { readonly upTo: number; readonly bytes: number; readonly quality: number }

const sealing: fc.Arbitrary<Sealing> = fc.record({
  upTo: fc.nat(60),
  bytes: fc.nat(2_000),
  quality: fc.integer({ min: 0, max: 11 }),
})

describe('whatever is sealed, and however', () => {
  test(
    'the log reads the same: groups, pages from every seq, history, state, proofs',
    () => {
      const life = fc.array(fc.tuple(turn, fc.array(sealing, { maxLength: 2 })), {
        minLength: 1,
        maxLength: 8,
      })
      holds(
        fc.property(life, fc.integer({ min: 1, max: 4 }), (turns, page) => {
          const open = nodeStorage()
          const sealed = nodeStorage()
          const [one, other] = [journalIn(open), journalIn(sealed)]
          for (const [given, sealings] of turns) {
            commit(one, given)
            commit(other, given)
            for (const { upTo, bytes, quality } of sealings) other.wal.seal(upTo, bytes, quality)
          }
          for (const again of [other, openSmall(sealed)]) {
            expect(seen(again, page)).toEqual(seen(one, page))
            expect(again.verify()).toBeNull()
          }
        }),
        12,
      )
    },
    TIMEOUT_MS,
  )

  test('the log goes on the same: what is appended afterwards has the same digests', () => {
    const [open, sealed] = [journalIn(nodeStorage()), journalIn(nodeStorage())]
    for (let number = 1; number <= 40; number++) {
      for (const journal of [open, sealed]) commit(journal, { ...TURN, records: [number] })
      if (number % 7 === 0) sealed.wal.seal(number - (number % 3), 30, 4)
    }
    expect(sealed.wal.head).toEqual(open.wal.head)
    expect(sealed.wal.sealed.seq).toBeGreaterThan(10)
  })

  test('at most what is asked for is sealed, the oldest first, and nothing twice', () => {
    const { wal } = journalOf([1, 2, 3, 4, 5, 6])
    const bytes = Number.MAX_SAFE_INTEGER
    expect([wal.seal(2, bytes, 4), wal.sealed.seq]).toEqual([ok(2), 2])
    expect([wal.seal(2, bytes, 4), wal.sealed.seq]).toEqual([ok(0), 2])
    expect([wal.seal(6, bytes, 4), wal.sealed.seq]).toEqual([ok(4), 6])
    expect([wal.seal(6, bytes, 4), wal.sealed.seq]).toEqual([ok(0), 6])
  })

  test('a group that ends beyond what is asked for is not sealed, and that is no damage', () => {
    const journal = journalOf([1])
    commit(journal, { ...TURN, records: [2, 3, 4] })
    const { wal } = journal
    expect([wal.seal(3, Number.MAX_SAFE_INTEGER, 4), wal.sealed.seq]).toEqual([ok(1), 1])
    expect([wal.seal(3, Number.MAX_SAFE_INTEGER, 4), wal.sealed.seq]).toEqual([ok(0), 1])
  })

  test('a segment ends before the group that would pass its limit of bytes, and has one group in any case', () => {
    // Eight bytes of UTF-8 each, with the quotes and the brackets around.
    const { wal } = journalOf(['€a', '€b', '€c', '€d', '€e', '€f'])
    const bytes = (groups: number) => 8 * groups
    expect(wal.seal(6, bytes(2), 4)).toEqual(ok(2))
    expect(wal.seal(6, bytes(3) - 1, 4)).toEqual(ok(2))
    expect(wal.seal(6, 1, 4)).toEqual(ok(1))
    expect(wal.seal(6, 0, 4)).toEqual(ok(1))
  })

  test('its row is one that the platform takes, also where its text can hardly be pressed', () => {
    const storage = nodeStorage()
    const random = randomFrom(11)
    const noise = () => String.fromCharCode(...Array.from({ length: 50_000 }, () => 0x20 + 95 * random()))
    const { wal } = journalOf(Array.from({ length: 60 }, noise), storage)
    while (wal.sealed.seq < wal.head.seq) expect(wal.seal(wal.head.seq, SEGMENT_MOST_BYTES, 4).ok).toBe(true)
    const sizes = storage.sql.exec('SELECT octet_length(block) AS bytes FROM segment').toArray()
    expect(sizes.length).toBeGreaterThan(1)
    for (const { bytes } of sizes) expect(Number(bytes)).toBeLessThan(ROW_MOST_BYTES)
  })
})

describe('a crash while a log is sealed', () => {
  test.each([
    ['before the segment is there', 'BEFORE INSERT ON segment'],
    ['between the segment and the note of it', 'AFTER INSERT ON segment'],
    ['at the note of it', 'BEFORE UPDATE OF sealed_seq ON meta'],
    ['between the note and the groups', 'AFTER UPDATE OF sealed_seq ON meta'],
    ['amid the groups that are deleted', 'BEFORE DELETE ON wal WHEN OLD.seq = 3'],
    ['after the last of them', 'AFTER DELETE ON wal WHEN OLD.seq = 5'],
  ])('%s leaves all as it was, in memory and on disk', (_, when) => {
    const storage = nodeStorage()
    const journal = journalOf([1, 2, 3, 4, 5], storage)
    journal.wal.seal(1, 1, 4)
    const before = [seen(journal, 2), tablesOf(storage)]
    storage.database.exec(`CREATE TRIGGER crash ${when} BEGIN SELECT RAISE(ABORT, 'crash'); END`)
    expect(() => journal.wal.seal(5, Number.MAX_SAFE_INTEGER, 4)).toThrow('crash')
    storage.database.exec('DROP TRIGGER crash')
    expect([seen(journal, 2), tablesOf(storage)]).toEqual(before)
    expect(journal.wal.sealed.seq).toBe(1)
    for (const again of [journal, openSmall(storage)]) expect(again.verify()).toBeNull()
    expect(journal.wal.seal(5, Number.MAX_SAFE_INTEGER, 4)).toEqual(ok(4))
    expect(seen(openSmall(storage), 2)).toEqual(before[0])
  })
})

describe('a tail that was damaged since the log was recovered', () => {
  test.each([
    ['a changed group', 'UPDATE wal SET at = at + 1 WHERE seq = 3', { reason: 'digest', seq: 3 }],
    [
      'the first group, which cannot be read',
      'UPDATE wal SET v = 9 WHERE seq = 1',
      { reason: 'unreadable', seq: 1 },
    ],
    ['a missing group', 'DELETE FROM wal WHERE seq = 2', { reason: 'gap', seq: 3 }],
    ['all of it missing', 'DELETE FROM wal', { reason: 'head', seq: 0 }],
  ] as const)('%s: sealing says what is wrong, and moves nothing', (_, change, damage) => {
    const storage = unguarded(journalStorage([1, 2, 3, 4, 5]))
    const journal = openSmall(storage)
    expect(journal.damage).toBeNull()
    storage.database.exec(change)
    const before = tablesOf(storage)
    expect(journal.wal.seal(5, Number.MAX_SAFE_INTEGER, 4)).toEqual(err(damage))
    expect(tablesOf(storage)).toEqual(before)
    journal.seal()
    expect(journal.damage).toEqual(damage)
    expect(() => commit(journal, { ...TURN, records: [6] })).toThrow('damaged')
  })

  test('does not fail the turn that comes upon it: that one is written, and no more are taken', () => {
    const profile = { name: 'latency', checkpointRecords: 1_000, segmentBytes: 50, quality: 4 } as const
    const storage = nodeStorage()
    const journal = Journal.create(storage, jsonCodec, listFold, SMALL_IDENTITY, { profile, now: () => 0 })
    for (let number = 1; number <= 99; number++) commit(journal, { ...TURN, records: [number] })
    unguarded(storage).database.exec('DELETE FROM wal WHERE seq = 50')
    commit(journal, { ...TURN, records: [100] })
    expect(journal.damage).toEqual({ reason: 'gap', seq: 51 })
    expect(storage.sql.exec('SELECT MAX(seq) AS last FROM wal').toArray()).toEqual([{ last: 100 }])
    expect(() => commit(journal, { ...TURN, records: [101] })).toThrow('damaged')
  })
})

describe('the log is append-only where it is sealed, too', () => {
  const { storage, sealedSeq, headSeq } = smallLog()
  test.each([
    `UPDATE segment SET block = x'00'`,
    'UPDATE segment SET last_seq = last_seq + 1',
    'UPDATE segment SET digest = digest',
    'UPDATE segment SET text_bytes = 0 WHERE first_seq = 1',
    `DELETE FROM wal WHERE seq > ${sealedSeq}`,
    `DELETE FROM wal WHERE seq = ${headSeq}`,
    'DELETE FROM wal',
    'UPDATE wal SET seq = seq + 1',
  ])('%s is refused', (statement) => {
    const before = seen(openSmall(storage), 5)
    expect(() => storage.sql.exec(statement)).toThrow('append-only')
    expect(seen(openSmall(storage), 5)).toEqual(before)
  })

  test('what is sealed may be deleted from the tail, and is not there any more', () => {
    storage.sql.exec(`DELETE FROM wal WHERE seq <= ${sealedSeq}`)
    expect(openSmall(storage).verify()).toBeNull()
  })
})

test('an object that nothing will follow is sealed whole, and still takes what comes all the same', () => {
  const storage = nodeStorage()
  const journal = journalOf([1, 2, 3], storage)
  journal.seal()
  expect(storage.sql.exec('SELECT COUNT(*) AS groups FROM wal').toArray()).toEqual([{ groups: 0 }])
  commit(journal, { ...TURN, records: [4] })
  expect(openSmall(storage).state.records).toEqual([1, 2, 3, 4])
  expect(openSmall(storage).verify()).toBeNull()
})

const TURN: Turn = assertDefined(fc.sample(turn, { numRuns: 1, seed: 1 })[0], 'a turn')

function journalIn(storage: NodeStorage): Journal<{ readonly records: readonly Json[] }, Json> {
  return Journal.create(storage, jsonCodec, listFold, SMALL_IDENTITY)
}

function journalOf(records: readonly Json[], storage = nodeStorage()) {
  const journal = journalIn(storage)
  for (const record of records) commit(journal, { ...TURN, records: [record] })
  return journal
}

function journalStorage(records: readonly Json[]): NodeStorage {
  const storage = nodeStorage()
  journalOf(records, storage)
  return storage
}

function commit(journal: ReturnType<typeof journalIn>, { records, at, by }: Turn): void {
  journal.commit(records, { at, by })
}

/** All that can be read of a log, in pages of `page` groups. */
function seen(journal: ReturnType<typeof journalIn>, page: number) {
  const { wal } = journal
  const seqs = Array.from({ length: wal.head.seq + 2 }, (_, seq) => seq)
  return {
    head: wal.head,
    state: journal.state,
    pages: pagesOf(wal, page),
    from: seqs.map((seq) => wal.wireGroups(seq, page).map((group) => group.seq)),
    groups: [...wal.groups(0)],
    history: [...journal.history()],
    proofs: seqs.filter((seq) => (wal.head.seq - seq) % PROVED_STEP === 0).map((seq) => wal.prove(seq)),
  }
}

function pagesOf(wal: Wal<Json>, page: number) {
  const pages = []
  for (let after = 0; pages.length < ALL; ) {
    const groups = wal.wireGroups(after, page)
    const last = groups.at(-1)
    if (last === undefined) break
    pages.push(groups)
    after = last.seq
  }
  return pages
}

function tablesOf({ database }: NodeStorage): unknown {
  const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).all()
  return tables.map(({ name }) => [name, database.prepare(`SELECT * FROM ${name}`).all()])
}

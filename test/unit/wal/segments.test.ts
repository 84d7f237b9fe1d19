// Guarantee: sealing changes where groups are and never what they say; it happens as a whole or not at all, and nobody
// else takes a group away.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Journal } from '../../../src/durable-objects/wal/journal.ts'
import type { Wal } from '../../../src/durable-objects/wal/wal.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import type { Json } from '../../../src/shared/lib/canonical-json.ts'
import { type NodeStorage, nodeStorage } from '../../support/node-storage.ts'
import { holds } from '../../support/property.ts'
import { jsonCodec, listFold, openSmall, SMALL_IDENTITY, smallLog } from '../../support/small-log.ts'
import { type Turn, turn } from '../../support/wal-groups.ts'

/** More groups than any log of these tests has. */
const ALL = 1_000
/** Milliseconds. */
const TIMEOUT_MS = 60_000
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
    expect([wal.seal(2, bytes, 4), wal.sealed.seq]).toEqual([2, 2])
    expect([wal.seal(2, bytes, 4), wal.sealed.seq]).toEqual([0, 2])
    // A limit of bytes ends a segment after the group that reaches it.
    expect([wal.seal(6, 1, 4), wal.sealed.seq]).toEqual([1, 3])
    expect([wal.seal(6, bytes, 4), wal.sealed.seq]).toEqual([3, 6])
    expect([wal.seal(6, bytes, 4), wal.sealed.seq]).toEqual([0, 6])
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
    expect(journal.wal.seal(5, Number.MAX_SAFE_INTEGER, 4)).toBe(4)
    expect(seen(openSmall(storage), 2)).toEqual(before[0])
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
  return ['wal', 'segment', 'meta'].map((table) => database.prepare(`SELECT * FROM ${table}`).all())
}

// Guarantee: a checkpoint makes recovery short and changes nothing: the state is what the whole log folds to, whether a
// checkpoint is there, damaged, of another form or of another log.

import { describe, expect, test } from 'vitest'
import { checkpointTable } from '../../../src/durable-objects/wal/checkpoint-table.ts'
import { type Fold, Journal } from '../../../src/durable-objects/wal/journal.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import type { Json } from '../../../src/shared/lib/canonical-json.ts'
import { START } from '../../support/domain-values.ts'
import { type NodeStorage, nodeStorage } from '../../support/node-storage.ts'
import { randomFrom } from '../../support/random.ts'
import { counting } from '../../support/reads.ts'
import { jsonCodec, type ListState, listFold, openSmall, SMALL_IDENTITY } from '../../support/small-log.ts'

const TURN = { at: START, by: { source: 'queue' } } as const
const RECORDS = 30
/** Where checkpoints are written. */
const [OLDER, NEWER] = [10, 20]

describe('recovery', () => {
  test('reads and folds what came after the newest checkpoint, and no segment', () => {
    const { storage, state } = checkpointed()
    const counted = counting(storage)
    const journal = assertDefined(Journal.open(counted.storage, jsonCodec, listFold), 'a log')
    expect(journal.state).toEqual(state)
    expect(journal.damage).toBeNull()
    expect(counted.reads).toEqual({ groups: RECORDS - NEWER, blocks: 0 })
    expect(folded(journal)).toBe(RECORDS - NEWER)
  })

  test('goes on as if it had never stopped: the next group has the same digest', () => {
    const { storage } = checkpointed()
    const whole = Journal.create(nodeStorage(), jsonCodec, listFold, SMALL_IDENTITY)
    for (let number = 1; number <= RECORDS; number++) whole.commit([number], TURN)
    const again = openSmall(storage)
    for (const journal of [whole, again]) journal.commit(['more'], TURN)
    expect(again.wal.head).toEqual(whole.wal.head)
    expect(again.verify()).toBeNull()
  })

  test('of a checkpoint amid a segment reads on inside that segment', () => {
    const { storage, state } = checkpointed()
    openSmall(storage).verify()
    const journal = openSmall(storage)
    expect(journal.state).toEqual(state)
    journal.wal.seal(RECORDS - 2, Number.MAX_SAFE_INTEGER, 4)
    const counted = counting(storage)
    const again = assertDefined(Journal.open(counted.storage, jsonCodec, listFold), 'a log')
    expect(again.state).toEqual(state)
    expect(folded(again)).toBe(RECORDS - NEWER)
    expect(counted.reads).toEqual({ groups: 2, blocks: 1 })
  })
})

describe('a checkpoint does not count', () => {
  test.each<[string, (storage: NodeStorage) => void, number]>([
    ['that is damaged: the one before it does', breakNewer('data', `x'00'`), OLDER],
    ['whose digest is another', breakNewer('digest', `'none'`), OLDER],
    ['whose trail is another', breakNewer('trail', `'[]'`), OLDER],
    ['of which a part is missing', breakNewer('parts', '2'), OLDER],
    ['where both are damaged: the log says everything', breakAll('data', `x'00'`), 0],
    ['of another form of the state', breakAll('version', `'0'`), 0],
    ['that is not there', (storage) => storage.database.exec('DELETE FROM checkpoint'), 0],
    ['of another log', putForeign(RECORDS - 5), NEWER],
    ['of another log that ends where this one does', putForeign(RECORDS), NEWER],
    ['of a longer copy of this log', putLonger, NEWER],
  ])('%s', (_, damage, from) => {
    const { storage, state } = checkpointed()
    damage(storage)
    const journal = openSmall(storage)
    expect(journal.state).toEqual(state)
    expect(journal.damage).toBeNull()
    expect(folded(journal)).toBe(RECORDS - from)
  })

  test('for code whose state has another version, or is no such state', () => {
    const { storage, state } = checkpointed()
    const folds: readonly Fold<ListState, Json>[] = [
      { ...listFold, version: '2' },
      { ...listFold, isState: (value): value is ListState => value === null },
    ]
    for (const fold of folds) {
      const journal = assertDefined(Journal.open(storage, jsonCodec, fold), 'a log')
      expect(journal.state).toEqual(state)
      expect(folded(journal)).toBe(RECORDS)
    }
  })
})

test('the newest two are kept, whatever their number of parts', () => {
  const storage = nodeStorage()
  const journal = Journal.create(storage, jsonCodec, listFold, SMALL_IDENTITY)
  const next = randomFrom(7)
  // Nothing that can be pressed: so that it takes several rows.
  const text = () => Array.from({ length: 900_000 }, () => Math.floor(36 * next()).toString(36)).join('')
  for (let number = 1; number <= 4; number++) {
    journal.commit([text()], TURN)
    checkpoint(storage, journal)
  }
  const kept = storage.database.prepare('SELECT seq, COUNT(*) AS parts FROM checkpoint GROUP BY seq').all()
  expect(kept.map(({ seq }) => seq)).toEqual([3, 4])
  expect(Number(kept[1]?.parts)).toBeGreaterThan(1)
  expect(openSmall(storage).state).toEqual(journal.state)
  storage.database.exec('DELETE FROM checkpoint WHERE seq = 4 AND part = 1')
  const again = openSmall(storage)
  expect(again.state).toEqual(journal.state)
  expect(folded(again)).toBe(1)
})

test('one that claims to be later than the log does not keep the place of a good one', () => {
  const { storage } = checkpointed()
  storage.database.exec('UPDATE checkpoint SET seq = seq + 65536')
  const journal = openSmall(storage)
  for (const record of ['one', 'two']) {
    journal.commit([record], TURN)
    checkpoint(storage, journal)
  }
  const kept = storage.database.prepare('SELECT seq FROM checkpoint ORDER BY seq').all()
  expect(kept.map(({ seq }) => seq)).toEqual([RECORDS + 1, RECORDS + 2])
  const again = openSmall(storage)
  expect(again.state).toEqual(journal.state)
  expect(folded(again)).toBe(0)
})

test('one is written when its time has come, and the append that pays for it goes on', () => {
  const storage = nodeStorage()
  const profile = { name: 'latency', checkpointRecords: 100, segmentBytes: 300, quality: 4 } as const
  const journal = Journal.create(storage, jsonCodec, listFold, SMALL_IDENTITY, { profile, now: () => 0 })
  for (let number = 1; number <= 370; number++) journal.commit([number], TURN)
  expect(checkpointTable.size(storage.sql).seq).toBeGreaterThanOrEqual(300)
  // Nobody let it keep house: it did so itself.
  expect(journal.report().sealed.segments).toBeGreaterThan(0)
  const again = openSmall(storage)
  expect(again.state).toEqual(journal.state)
  expect(folded(again)).toBeLessThanOrEqual(50)
  expect(again.verify()).toBeNull()
})

/** A log with two checkpoints, of which what is before the older is sealed. */
function checkpointed(): { readonly storage: NodeStorage; readonly state: ListState } {
  const storage = nodeStorage()
  const journal = Journal.create(storage, jsonCodec, listFold, SMALL_IDENTITY)
  for (let number = 1; number <= RECORDS; number++) {
    journal.commit([number], TURN)
    if (number === OLDER || number === NEWER) checkpoint(storage, journal)
  }
  journal.wal.seal(OLDER, Number.MAX_SAFE_INTEGER, 4)
  return { storage, state: journal.state }
}

function checkpoint(storage: NodeStorage, journal: Journal<ListState, Json>): void {
  checkpointTable.write(storage.sql, listFold.version, journal.wal.position, journal.state)
}

/** Records that its recovery folded. */
function folded(journal: Journal<ListState, Json>): number | undefined {
  return journal.report().recovery?.records
}

function breakNewer(column: string, value: string): (storage: NodeStorage) => void {
  return ({ database }) =>
    database.exec(`UPDATE checkpoint SET ${column} = ${value} WHERE seq = (SELECT MAX(seq) FROM checkpoint)`)
}

function breakAll(column: string, value: string): (storage: NodeStorage) => void {
  return ({ database }) => database.exec(`UPDATE checkpoint SET ${column} = ${value}`)
}

/** Beside the newer one, which is kept. */
function putForeign(records: number): (storage: NodeStorage) => void {
  return (storage) => {
    const other = { ...SMALL_IDENTITY, object: 'two' }
    const journal = Journal.create(nodeStorage(), jsonCodec, listFold, other)
    for (let number = 1; number <= records; number++) journal.commit([number], TURN)
    checkpoint(storage, journal)
  }
}

function putLonger(storage: NodeStorage): void {
  const journal = Journal.create(nodeStorage(), jsonCodec, listFold, SMALL_IDENTITY)
  for (let number = 1; number <= RECORDS + 5; number++) journal.commit([number], TURN)
  checkpoint(storage, journal)
}

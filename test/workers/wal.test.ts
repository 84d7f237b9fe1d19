// The log over the storage of the real runtime: what Node's SQLite stands in for elsewhere (types of columns, triggers,
// rollback, compression, integers beyond 2^53) is the same here.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { Storage } from '../../src/durable-objects/sqlite/storage.ts'
import { type Fold, Journal } from '../../src/durable-objects/wal/journal.ts'
import { type RecordCodec, Wal } from '../../src/durable-objects/wal/wal.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import type { Json } from '../../src/shared/lib/canonical-json.ts'
import { err, ok } from '../../src/shared/lib/result.ts'
import { unixMs } from '../../src/shared/lib/time.ts'
import { verifyProof } from '../../src/shared/wal/proof.ts'
import { newTransfer } from './support/transfers.ts'

const codec: RecordCodec<Json> = { encode: (record) => record, decode: (json) => json }
const IDENTITY = { class: 'TestObject', object: 'one' }
const TURN = { at: unixMs(1_764_331_200_000), by: { source: 'queue' } } as const
const MANY = Number.MAX_SAFE_INTEGER

type Sum = { readonly sum: bigint }
const sumSchema = z.strictObject({ sum: z.bigint() })
const fold: Fold<Sum, Json> = {
  version: '1',
  initial: () => ({ sum: 0n }),
  evolve: ({ sum }, record) => ({ sum: sum + BigInt(Number(record)) }),
  isState: (value): value is Sum => sumSchema.safeParse(value).success,
}
const OPTIONS = { profile: 'latency', now: () => 0 } as const

type Stub = ReturnType<typeof newTransfer>['stub']

/** In an object that no transfer was ever written to. */
function inObject<T>(stub: Stub, work: (storage: Storage) => T): Promise<T> {
  return runInDurableObject(stub, (_object, { storage }) => work(storage))
}

function opened(storage: Storage): Wal<Json> {
  const wal = assertDefined(Wal.open(storage, codec), 'a log')
  expect(wal.verify().ok).toBe(true)
  return wal
}

function journalIn(storage: Storage): Journal<Sum, Json> {
  return assertDefined(Journal.open(storage, codec, fold, OPTIONS), 'a log')
}

/** 30 groups of 50 records. */
function createLong(storage: Storage): Journal<Sum, Json> {
  const journal = Journal.create(storage, codec, fold, IDENTITY, OPTIONS)
  const records = Array.from({ length: 50 }, (_, number) => number)
  for (let group = 0; group < 30; group++) journal.commit(records, TURN)
  return journal
}

it('a log that is sealed, appended to and evicted reads as before, and its records are proved', async () => {
  const { stub } = newTransfer()
  const written = await inObject(stub, (storage) => {
    const wal = Wal.create(storage, codec, IDENTITY, 1)
    for (let group = 0; group < 40; group++) wal.append([{ group }, `€${group}`, null], TURN)
    const groups = wal.wireGroups(0, MANY)
    expect(wal.seal(60, MANY, 3)).toEqual(ok(20))
    expect(wal.seal(90, MANY, 9)).toEqual(ok(10))
    return groups
  })
  await evictDurableObject(stub)
  await inObject(stub, (storage) => {
    const wal = opened(storage)
    expect(wal.wireGroups(0, MANY)).toEqual(written)
    for (const seq of [1, 59, 60, 61, 91, 120]) {
      expect(verifyProof(assertDefined(wal.prove(seq), 'a proof'), wal.head, seq).ok).toBe(true)
    }
  })
})

it('its rows cannot be changed or lost, and a crash while it is sealed leaves them', async () => {
  const { stub } = newTransfer()
  await inObject(stub, (storage) => {
    const wal = Wal.create(storage, codec, IDENTITY, 1)
    for (let group = 0; group < 4; group++) wal.append([group], TURN)
    wal.seal(2, MANY, 3)
    for (const change of ['UPDATE wal SET at = 1', 'DELETE FROM wal', 'UPDATE segment SET trail = trail']) {
      expect(() => storage.sql.exec(change)).toThrow('append-only')
    }
    storage.sql.exec(`CREATE TRIGGER crash AFTER DELETE ON wal BEGIN SELECT RAISE(ABORT, 'crash'); END`)
    expect(() => wal.seal(4, MANY, 3)).toThrow('crash')
    storage.sql.exec('DROP TRIGGER crash')
    const seqs = opened(storage)
      .wireGroups(0, MANY)
      .map(({ seq }) => seq)
    expect(seqs).toEqual([1, 2, 3, 4])
  })
})

it('a checkpoint gives the state of the log, and a damaged one is none', async () => {
  const { stub } = newTransfer()
  await inObject(stub, (storage) => {
    const { state } = createLong(storage)
    const recovered = () => {
      const journal = journalIn(storage)
      return [journal.damage, journal.state, journal.report().recovery?.records]
    }
    expect(recovered()).toEqual([null, state, 500])
    storage.sql.exec('UPDATE checkpoint SET data = zeroblob(4)')
    expect(recovered()).toEqual([null, state, 1_500])
  })
})

it('a cursor that was changed into another position is none', async () => {
  const { stub } = newTransfer()
  await inObject(stub, (storage) => {
    createLong(storage).wal.moveCursor('projection', 100)
    expect(journalIn(storage).wal.cursor('projection')).toBe(100)
    storage.sql.exec(`UPDATE meta SET cursors = '{"projection":1500}'`)
    expect(journalIn(storage).wal.cursor('projection')).toBe(0)
  })
})

it('damage is a value, whatever number is on disk, and whenever it came there', async () => {
  const { stub } = newTransfer()
  await inObject(stub, (storage) => {
    const journal = createLong(storage)
    storage.sql.exec('DROP TRIGGER wal_never_changes')
    storage.sql.exec('UPDATE wal SET count = count | (1 << 62)')
    expect(journal.report().records).toBe(1_500)
    expect(journalIn(storage).damage).toMatchObject({ reason: 'gap' })
    storage.sql.exec('UPDATE wal SET count = 50, seq = iif(seq = 1450, seq | (1 << 62), seq)')
    expect(journal.wal.seal(MANY, MANY, 3)).toEqual(err({ reason: 'gap', seq: 1_500 }))
    journal.seal()
    for (const life of [journal, journalIn(storage)]) {
      expect(life.damage).toEqual({ reason: 'gap', seq: 1_500 })
      expect(() => life.commit([1], TURN)).toThrow('damaged')
    }
    storage.sql.exec(`UPDATE meta SET head_seq = -1, sealed_trail = '{'`)
    expect(journalIn(storage).damage).toEqual({ reason: 'unreadable', seq: 0 })
  })
})

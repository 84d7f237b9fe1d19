// The smallest actor's log: it counts. For tests of what every log does, whatever its records mean.

import { z } from 'zod'
import type { Storage } from '../../src/durable-objects/sqlite/storage.ts'
import { type Fold, Journal } from '../../src/durable-objects/wal/journal.ts'
import type { RecordCodec } from '../../src/durable-objects/wal/wal.ts'
import { unixMs } from '../../src/shared/lib/time.ts'

export type Added = { readonly add: number }
export type CountingJournal = Journal<number, Added>

export const COUNTING = { class: 'CountingObject', object: 'counter' } as const

const added = z.strictObject({ add: z.number() })
const codec: RecordCodec<Added> = { encode: (record) => record, decode: (json) => added.parse(json) }
const fold: Fold<number, Added> = {
  version: '1',
  initial: () => 0,
  evolve: (sum, { add }) => sum + add,
  isState: (value) => typeof value === 'number',
}

export function createCounting(storage: Storage): CountingJournal {
  return Journal.create(storage, codec, fold, COUNTING)
}

export function openCounting(storage: Storage): CountingJournal | null {
  return Journal.open(storage, codec, fold)
}

/** Turns of one to three records. */
export function count(journal: CountingJournal, turns: number): void {
  for (let turn = 0; turn < turns; turn++) {
    const records = Array.from({ length: 1 + (turn % 3) }, (_, add) => ({ add }))
    journal.commit(records, { at: unixMs(turn), by: { source: 'queue' } })
  }
}

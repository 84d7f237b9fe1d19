// A small log that has everything that a log can have: segments, a tail, checkpoints in both, cursors, a repair. Small,
// because tests change every bit of it.

import { checkpointTable } from '../../src/durable-objects/wal/checkpoint-table.ts'
import { type Fold, Journal } from '../../src/durable-objects/wal/journal.ts'
import { metaRow } from '../../src/durable-objects/wal/meta-row.ts'
import type { RecordCodec, Wal } from '../../src/durable-objects/wal/wal.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import type { Json } from '../../src/shared/lib/canonical-json.ts'
import { addMs } from '../../src/shared/lib/time.ts'
import type { By } from '../../src/shared/wal/by.ts'
import type { WalIdentity } from '../../src/shared/wal/group.ts'
import { START } from './domain-values.ts'
import { type NodeStorage, nodeStorage } from './node-storage.ts'

/** The records themselves: so that two states are equal only if they come from the same records. */
export type ListState = { readonly records: readonly Json[] }

export const jsonCodec: RecordCodec<Json> = { encode: (record) => record, decode: (json) => json }

export const listFold: Fold<ListState, Json> = {
  version: '1',
  initial: () => ({ records: [] }),
  evolve: ({ records }, record) => ({ records: [...records, record] }),
  isState: (value): value is ListState =>
    typeof value === 'object' && value !== null && 'records' in value && Array.isArray(value.records),
}

export const SMALL_IDENTITY: WalIdentity = { class: 'TestObject', object: 'one' }

/** Records of each group. One is of several leaves, so that what lies between two of them is there. */
const SIZES = [1, 2, 17, 1, 1, 3, 1, 2, 1, 17, 1, 1, 2, 1] as const
/** Groups after which all that is there is sealed. */
const SEALED_AT: readonly number[] = [2, 4, 8]
const CHECKPOINTS_AT: readonly number[] = [8, 10]
export const SMALL_READERS = ['projection', 'archive'] as const
/** Groups of the whole log. */
export const SMALL_GROUPS = SIZES.length
const QUALITY = 4

export type SmallLog = { readonly storage: NodeStorage; readonly headSeq: number; readonly sealedSeq: number }

/** `groups`: how many of them; an old copy has fewer. */
export function smallLog(identity: WalIdentity = SMALL_IDENTITY, groups: number = SIZES.length): SmallLog {
  const storage = nodeStorage()
  const journal = Journal.create(storage, jsonCodec, listFold, identity)
  const { wal } = journal
  let next = 0
  for (const [index, size] of SIZES.slice(0, groups).entries()) {
    const records = Array.from({ length: size }, () => next++)
    journal.commit(records, { at: addMs(START, 1_000 * index), by: byOf(index) })
    if (SEALED_AT.includes(index + 1)) sealAll(wal)
    if (CHECKPOINTS_AT.includes(index + 1)) checkpoint(storage, journal)
  }
  for (const [index, reader] of SMALL_READERS.entries()) wal.moveCursor(reader, 20 - index)
  metaRow.writeRepairs(storage.sql, [{ at: START, from_seq: 3, to_seq: 5 }])
  return { storage, headSeq: wal.head.seq, sealedSeq: wal.sealed.seq }
}

export function openSmall(storage: NodeStorage): Journal<ListState, Json> {
  return assertDefined(Journal.open(storage, jsonCodec, listFold), 'a log is there')
}

/** One segment of all that is in the tail. */
function sealAll(wal: Wal<Json>): void {
  wal.seal(wal.head.seq, Number.MAX_SAFE_INTEGER, QUALITY)
}

function checkpoint(storage: NodeStorage, journal: Journal<ListState, Json>): void {
  checkpointTable.write(storage.sql, listFold.version, journal.wal.position, journal.state)
}

function byOf(index: number): By {
  return index % 4 === 3 ? { source: 'signer', view: index } : { source: 'queue' }
}

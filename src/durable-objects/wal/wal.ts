// One actor's write-ahead log over its object's SQLite. Owns the tables, the digest chain and the readers' cursors.
// Knows nothing of what records mean: the codec encodes and checks them.
//
// Invariants: seq is dense from 1; a group is one row, so a turn is written whole or not at all; what cannot be encoded
// or is too large is refused before anything is written.

import { z } from 'zod'
import { assert } from '../../shared/lib/assert.ts'
import { canonicalJson, type Json } from '../../shared/lib/canonical-json.ts'
import { toRfc3339, type UnixMs, unixMs } from '../../shared/lib/time.ts'
import { by as byCodec } from '../../shared/schema/wal-document.ts'
import type { By } from '../../shared/wal/by.ts'
import {
  canonicalRecordDigest,
  emptyHead,
  groupDigest,
  WAL_VERSION,
  type WalHead,
  type WalIdentity,
  type WireGroup,
} from '../../shared/wal/group.ts'
import type { Storage } from '../sqlite/storage.ts'
import { type GroupRow, walStatements } from './wal-schema.ts'

/** Bytes of one record. SQLite rows end at 2 MB in production, and the local runtime would take more. */
export const RECORD_MAX_BYTES = 1_048_576
/** Bytes of one row. A turn that is larger is written as several groups, still in one transaction. */
export const GROUP_MAX_BYTES = 1_048_576
/** Rows that are read at once on replay: bounds what is in memory beside the state. */
const REPLAY_ROWS = 500

/** How a record is turned into JSON and back. Both directions throw for what they do not know. */
export type RecordCodec<Entry> = {
  encode(record: Entry): unknown
  decode(json: Json): Entry
}

export type Turn = { readonly at: UnixMs; readonly by: By }
export type Group<Entry> = Turn & { readonly seq: number; readonly records: readonly Entry[] }

/** How far each reader has come: `seq` of the last record it has for good. */
export type Cursors = Readonly<Record<string, number>>
const cursorsJson = z.record(z.string(), z.number())
const recordsJson = z.array(z.json())

export class Wal<Entry> {
  readonly #storage: Storage
  readonly #codec: RecordCodec<Entry>
  readonly identity: WalIdentity
  #head: WalHead
  #cursors: Cursors
  #incarnation: number

  private constructor(
    storage: Storage,
    codec: RecordCodec<Entry>,
    identity: WalIdentity,
    incarnation: number,
  ) {
    this.#storage = storage
    this.#codec = codec
    this.identity = identity
    this.#incarnation = incarnation
    this.#head = walStatements.head(storage.sql) ?? emptyHead(identity)
    this.#cursors = {}
  }

  /** The log that is there; null: nothing was ever written to this object, and asking has not changed that. */
  static open<Entry>(storage: Storage, codec: RecordCodec<Entry>): Wal<Entry> | null {
    if (!walStatements.exists(storage.sql)) return null
    const meta = walStatements.meta(storage.sql)
    const wal = new Wal(storage, codec, { class: meta.class, object: meta.object }, meta.incarnation)
    wal.#cursors = cursorsJson.parse(JSON.parse(meta.cursors))
    return wal
  }

  /** Makes the tables. They are committed with the first group of the same turn, or not at all. */
  static create<Entry>(
    storage: Storage,
    codec: RecordCodec<Entry>,
    identity: WalIdentity,
    incarnation: number,
  ): Wal<Entry> {
    walStatements.create(storage.sql, { ...identity, incarnation, cursors: '{}' })
    return new Wal(storage, codec, identity, incarnation)
  }

  get head(): WalHead {
    return this.#head
  }

  /** Which life of the object: a rebuilt one counts on, and its rows replace those of the life before. */
  get incarnation(): number {
    return this.#incarnation
  }

  cursor(reader: string): number {
    return this.#cursors[reader] ?? 0
  }

  moveCursor(reader: string, seq: number): void {
    if (this.cursor(reader) >= seq) return
    const moved = { ...this.#cursors, [reader]: seq }
    walStatements.writeCursors(this.#storage.sql, JSON.stringify(moved))
    this.#cursors = moved
  }

  /** Appends one turn. Synchronous: nothing can come between its groups. */
  append(records: readonly Entry[], turn: Turn): void {
    assert(records.length > 0, 'a turn without records is not written')
    const encoded = records.map((record) => canonicalJson(this.#codec.encode(record)))
    const groups = splitBySize(encoded)
    const head = this.#storage.transactionSync(() => {
      let written = this.#head
      for (const group of groups) written = this.#appendGroup(written, group, turn)
      return written
    })
    this.#head = head
  }

  #appendGroup(previous: WalHead, records: readonly string[], turn: Turn): WalHead {
    const seq = previous.seq + records.length
    const header = { v: WAL_VERSION, seq, at: toRfc3339(turn.at), by: turn.by } as const
    const digest = groupDigest(previous.digest, header, records.map(canonicalRecordDigest))
    walStatements.append(this.#storage.sql, {
      seq,
      at: turn.at,
      by: canonicalJson({ ...turn.by }),
      records: `[${records.join(',')}]`,
      digest,
    })
    return { seq, digest }
  }

  /** As stored and shown. */
  wireGroups(afterSeq: number, limit: number): WireGroup[] {
    return walStatements.groups(this.#storage.sql, afterSeq, limit).map(toWire)
  }

  *groups(afterSeq: number): Generator<Group<Entry>> {
    let position = afterSeq
    for (;;) {
      const rows = walStatements.groups(this.#storage.sql, position, REPLAY_ROWS)
      for (const row of rows) {
        yield this.#decode(row)
        position = row.seq
      }
      if (rows.length < REPLAY_ROWS) return
    }
  }

  #decode(row: GroupRow): Group<Entry> {
    const wire = toWire(row)
    return {
      seq: wire.seq,
      at: unixMs(row.at),
      by: wire.by,
      records: wire.records.map((json) => this.#codec.decode(json)),
    }
  }
}

function toWire(row: GroupRow): WireGroup {
  return {
    v: WAL_VERSION,
    seq: row.seq,
    at: toRfc3339(unixMs(row.at)),
    by: byCodec.parse(JSON.parse(row.by)),
    records: recordsJson.parse(JSON.parse(row.records)),
    digest: row.digest,
  }
}

const utf8 = new TextEncoder()

function splitBySize(records: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = []
  let group: string[] = []
  let bytes = 0
  for (const record of records) {
    const size = utf8.encode(record).length
    assert(size <= RECORD_MAX_BYTES, `a record of ${size} bytes is above ${RECORD_MAX_BYTES}`)
    if (group.length > 0 && bytes + size > GROUP_MAX_BYTES) {
      groups.push(group)
      group = []
      bytes = 0
    }
    group.push(record)
    bytes += size + 1
  }
  return [...groups, group]
}

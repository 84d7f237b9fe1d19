// One actor's write-ahead log over its object's SQLite. Owns the tables, the digests and the readers' cursors. Knows
// nothing of what records mean: the codec encodes and checks them. What it promises: shared/wal/SPEC.md.

import { assert, assertDefined } from '../../shared/lib/assert.ts'
import type { Json } from '../../shared/lib/canonical-json.ts'
import { err, ok, type Result } from '../../shared/lib/result.ts'
import { sha256Hex } from '../../shared/lib/sha256.ts'
import { toRfc3339, type UnixMs } from '../../shared/lib/time.ts'
import type { By } from '../../shared/wal/by.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import {
  advance,
  contentDigest,
  emptyPosition,
  headOf,
  WAL_VERSION,
  type WalHead,
  type WalIdentity,
  type WalPosition,
  type WireGroup,
} from '../../shared/wal/group.ts'
import type { RecordProof } from '../../shared/wal/proof.ts'
import type { Storage } from '../sqlite/storage.ts'
import { type Meta, metaRow, type Repair } from './meta-row.ts'
import { positionAt } from './position-at.ts'
import { prove } from './prove.ts'
import { intactUpTo, type RepairRefusal, repair } from './repair.ts'
import { segmentTable } from './segment-table.ts'
import { bytesOf, recordsOf, type StoredGroup } from './stored-group.ts'
import { tailTable } from './tail-table.ts'
import { rowsOfTurn, type TurnRow } from './turn-rows.ts'
import { hasTables } from './wal-schema.ts'
import { read, type ShownGroup, shown, verified, walk } from './walk.ts'

/** How a record is turned into JSON and back. Both directions throw for what they do not know. */
export type RecordCodec<Entry> = {
  encode(record: Entry): unknown
  decode(json: Json): Entry
}

export type Turn = { readonly at: UnixMs; readonly by: By }
export type Group<Entry> = Turn & { readonly seq: number; readonly records: readonly Entry[] }

export class Wal<Entry> {
  readonly #storage: Storage
  readonly #codec: RecordCodec<Entry>
  #meta: Meta
  /** The end, with all that the next group names; null: the log was not recovered in this life of the object. */
  #position: WalPosition | null

  private constructor(storage: Storage, codec: RecordCodec<Entry>, meta: Meta, position: WalPosition | null) {
    this.#storage = storage
    this.#codec = codec
    this.#meta = meta
    this.#position = position
  }

  /** The log that is there; null: nothing was ever written to this object, and asking has not changed that. */
  static open<Entry>(storage: Storage, codec: RecordCodec<Entry>): Wal<Entry> | null {
    if (!hasTables(storage.sql)) return null
    return new Wal(storage, codec, metaRow.read(storage), null)
  }

  /** Makes the tables. They are committed with the first group of the same turn, or not at all. */
  static create<Entry>(
    storage: Storage,
    codec: RecordCodec<Entry>,
    identity: WalIdentity,
    incarnation: number,
  ): Wal<Entry> {
    const meta = metaRow.create(storage.sql, identity, incarnation)
    return new Wal(storage, codec, meta, meta.sealed)
  }

  get identity(): WalIdentity {
    return this.#meta.identity
  }

  get head(): WalHead {
    return this.#meta.head
  }

  /** Which life of the object: a rebuilt one counts on, and its rows replace those of the life before. */
  get incarnation(): number {
    return this.#meta.incarnation
  }

  /** The end of what is sealed. */
  get sealed(): WalPosition {
    return this.#meta.sealed
  }

  get position(): WalPosition {
    return assertDefined(this.#position, 'a log is recovered before it is gone on with')
  }

  cursor(reader: string): number {
    const seq = this.#meta.cursors[reader] ?? 0
    // Beyond the end nobody was ever: damaged, and to be told again is better than never.
    return seq <= this.head.seq ? seq : 0
  }

  moveCursor(reader: string, seq: number): void {
    if (this.cursor(reader) >= seq) return
    const cursors = { ...this.#meta.cursors, [reader]: seq }
    metaRow.writeCursors(this.#storage.sql, cursors)
    this.#meta = { ...this.#meta, cursors }
  }

  /** Reads and verifies what follows `from`, shows it, and makes the log ready for more. */
  recover(from: WalPosition, visit: (group: Group<Entry>) => void): Result<WalPosition, WalDamage> {
    let position = from
    const { head, damage } = this.#meta
    for (const step of walk(this.#storage.sql, from)) {
      if (!step.ok) return err(damage ?? step.error)
      const group = this.#decode(step.value.group)
      if (!group.ok) return err(damage ?? group.error)
      visit(group.value)
      position = step.value.end
    }
    if (damage !== null) return err(damage)
    const end = headOf(position)
    if (end.seq !== head.seq || end.digest !== head.digest) return err({ reason: 'head', seq: end.seq })
    this.#position = position
    return ok(position)
  }

  /** Everything, from the first group on. */
  verify(): Result<WalPosition, WalDamage> {
    return this.recover(emptyPosition(this.identity), () => {})
  }

  /** Appends one turn. Synchronous: nothing can come between its groups. Answers the bytes of what was written. */
  append(records: readonly Entry[], turn: Turn): number {
    assert(records.length > 0, 'a turn without records is not written')
    const rows = rowsOfTurn(records.map((record) => this.#codec.encode(record)))
    const position = this.#storage.transactionSync(() => {
      let written = this.position
      for (const row of rows) written = this.#appendGroup(written, row, turn)
      metaRow.writeHead(this.#storage.sql, headOf(written))
      return written
    })
    this.#position = position
    this.#meta = { ...this.#meta, head: headOf(position) }
    return rows.reduce((sum, row) => sum + bytesOf(row), 0)
  }

  #appendGroup(position: WalPosition, { count, leaves }: TurnRow, { at, by }: Turn): WalPosition {
    const seq = position.seq + count
    const header = { v: WAL_VERSION, seq, at: toRfc3339(at), by } as const
    const content = contentDigest(
      header,
      count,
      leaves.map((leaf) => sha256Hex(leaf)),
    )
    const next = advance(position, seq, content)
    tailTable.append(this.#storage.sql, {
      v: WAL_VERSION,
      seq,
      at,
      by,
      count,
      leaves,
      digest: headOf(next).digest,
    })
    return next
  }

  /** As shown, up to the first damage. From sealed groups and the tail alike. */
  wireGroups(afterSeq: number, limit: number): WireGroup[] {
    return shown(this.#storage.sql, afterSeq).take(limit).toArray()
  }

  *groups(afterSeq: number): Generator<Group<Entry>> {
    for (const stored of read(this.#storage.sql, afterSeq)) {
      const group = this.#decode(stored)
      if (!group.ok) return
      yield group.value
    }
  }

  /** That the record at `seq` stands in this log; null: it does not, or the log is damaged there. */
  prove(seq: number): RecordProof | null {
    return prove(this.#storage.sql, this.#meta, seq)
  }

  /** Every group after `from` that verifies, up to the first damage. */
  verifiedGroups(from: WalPosition): Generator<ShownGroup> {
    return verified(this.#storage.sql, from)
  }

  /** After the group that ends in `seq`; null: none does, or the log is damaged on the way. */
  positionAt(seq: number): WalPosition | null {
    return positionAt(this.#storage.sql, this.#meta, seq)
  }

  /** How far the log verifies from its first group on. */
  intact(): WalPosition {
    return intactUpTo(this.#storage.sql, this.#meta)
  }

  /** Puts groups of a copy in the place of damaged ones, when they prove themselves. The log must be recovered again. */
  repair(copy: readonly WireGroup[], at: UnixMs): Result<Repair, RepairRefusal> {
    const repaired = repair(this.#storage, this.#meta, copy, at)
    if (!repaired.ok) return repaired
    this.#meta = repaired.value
    this.#position = null
    return ok(assertDefined(repaired.value.repairs.at(-1), 'a repair is noted'))
  }

  get repairs(): readonly Repair[] {
    return this.#meta.repairs
  }

  /**
   * Turns the oldest groups of the tail, up to `upToSeq` and at most `bytes` of them (but one at least), into one segment.
   * Answers how many groups that were, or what is wrong with those that are next: nothing is sealed then.
   */
  seal(upToSeq: number, bytes: number, quality: number): Result<number, WalDamage> {
    if (this.#meta.damage !== null) return err(this.#meta.damage)
    const groups = this.#oldest(upToSeq, bytes)
    const sealed = groups.length === 0 ? null : this.#moveToSegment(groups, quality)
    if (sealed === null) return this.#whyNotSealed(upToSeq, groups)
    this.#meta = { ...this.#meta, sealed }
    return ok(groups.length)
  }

  #oldest(upToSeq: number, bytes: number): readonly StoredGroup[] {
    const groups: StoredGroup[] = []
    let size = 0
    for (const group of read(this.#storage.sql, this.sealed.seq)) {
      size += bytesOf(group)
      if (group.seq > upToSeq || (groups.length > 0 && size > bytes)) break
      groups.push(group)
    }
    return groups
  }

  /** Null: they are not what their digests say. */
  #moveToSegment(groups: readonly StoredGroup[], quality: number): WalPosition | null {
    const { sql } = this.#storage
    return this.#storage.transactionSync(() => {
      const end = segmentTable.append(sql, this.sealed, groups, quality)
      if (end === null) return null
      metaRow.writeSealed(sql, { ...this.#meta, sealed: end })
      tailTable.deleteUpTo(sql, end.seq)
      return end
    })
  }

  /** Of a tail that was read without being verified. */
  #whyNotSealed(upToSeq: number, groups: readonly StoredGroup[]): Result<0, WalDamage> {
    if (this.sealed.seq >= Math.min(upToSeq, this.head.seq)) return ok(0)
    const recovered = this.recover(this.sealed, () => {})
    if (!recovered.ok) return recovered
    // All is well: the next group ends beyond `upToSeq`.
    assert(groups.length === 0, 'a segment is what was sealed')
    return ok(0)
  }

  /** What is wrong in the tail: recovery begins at a checkpoint, and that may lie behind it. */
  tailDamage(): WalDamage | null {
    for (const step of walk(this.#storage.sql, this.sealed)) if (!step.ok) return step.error
    return null
  }

  #decode(stored: StoredGroup): Result<Group<Entry>, WalDamage> {
    const { seq, at, by } = stored
    try {
      const records = recordsOf(stored).map((json) => this.#codec.decode(json))
      return ok({ seq, at, by, records })
    } catch {
      return err({ reason: 'record', seq })
    }
  }
}

// A log with the state that it folds to. The state in memory is only ever what the log on disk says: a record is
// folded first (an illegal one throws before anything is written), then appended; when either fails, the state is
// dropped and read again from the log.
//
// Recovery begins at the newest checkpoint that proves itself, else at the beginning. A damaged log gives the state up to
// the damage, and takes no more records.

import { assert } from '../../shared/lib/assert.ts'
import type { Result } from '../../shared/lib/result.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import { emptyPosition, type WalIdentity, type WalPosition, type WireGroup } from '../../shared/wal/group.ts'
import { SEGMENT_MOST_BYTES } from '../../shared/wal/profile.ts'
import type { LogReport } from '../../shared/wal/report.ts'
import type { Storage } from '../sqlite/storage.ts'
import { checkpointTable } from './checkpoint-table.ts'
import { Keeping, type KeepingOptions } from './keeping.ts'
import type { Repair } from './meta-row.ts'
import type { RepairRefusal } from './repair.ts'
import { type Group, type RecordCodec, type Turn, Wal } from './wal.ts'

export type Fold<State, Entry> = {
  /** Changes with the form of the state, and with what a record does to it: older checkpoints do not count any more. */
  readonly version: string
  readonly initial: () => State
  /** May change and give back the state that it is given: the journal owns it. */
  readonly evolve: (state: State, record: Entry, turn: Turn) => State
  /** Of what a checkpoint of this version held. Its digest has proved that it is what was written. */
  readonly isState: (value: unknown) => value is State
}

export class Journal<State, Entry> {
  readonly wal: Wal<Entry>
  readonly #storage: Storage
  readonly #fold: Fold<State, Entry>
  readonly #keeping: Keeping
  #state: State | null = null
  #damage: WalDamage | null = null

  private constructor(storage: Storage, wal: Wal<Entry>, fold: Fold<State, Entry>, keeping: Keeping) {
    this.#storage = storage
    this.wal = wal
    this.#fold = fold
    this.#keeping = keeping
  }

  static open<State, Entry>(
    storage: Storage,
    codec: RecordCodec<Entry>,
    fold: Fold<State, Entry>,
    options?: KeepingOptions,
  ): Journal<State, Entry> | null {
    const wal = Wal.open(storage, codec)
    return wal === null ? null : new Journal(storage, wal, fold, new Keeping(storage.sql, options))
  }

  static create<State, Entry>(
    storage: Storage,
    codec: RecordCodec<Entry>,
    fold: Fold<State, Entry>,
    identity: WalIdentity,
    options?: KeepingOptions,
  ): Journal<State, Entry> {
    const wal = Wal.create(storage, codec, identity, FIRST_INCARNATION)
    const journal = new Journal(storage, wal, fold, new Keeping(storage.sql, options))
    journal.#state = fold.initial()
    return journal
  }

  get state(): State {
    this.#state ??= this.#recover()
    return this.#state
  }

  /** Null: the log is whole, as far as recovery looks. */
  get damage(): WalDamage | null {
    this.#state ??= this.#recover()
    return this.#damage
  }

  commit(records: readonly Entry[], turn: Turn): void {
    if (records.length === 0) return
    let state = this.state
    assert(this.#damage === null, 'a damaged log takes no more records')
    this.#state = null
    for (const record of records) state = this.#fold.evolve(state, record, turn)
    const bytes = this.wal.append(records, turn)
    this.#state = state
    this.#keeping.appended(records.length, bytes)
    // Only where nobody has let it keep house for long: an append must not wait for that. Asked before a checkpoint that is
    // due starts the count again: where those are as close as can be, it would never come to it.
    if (this.#keeping.isOverdue) this.maintain()
    if (this.#damage === null && this.#keeping.isCheckpointDue) this.#checkpoint(state)
  }

  /** What keeps a long log quick: a checkpoint where one is due, and segments of what lies behind it. */
  maintain(): void {
    const { state } = this
    if (this.#damage !== null || !this.#keeping.isSealingDue || !this.#isSealable()) return
    this.#checkpoint(state)
    const { segmentBytes, quality } = this.#keeping.profile
    while (this.#keeping.isSealingDue) {
      if (!this.#seal(segmentBytes, quality)) return
    }
  }

  /** All of it, because nothing will follow. */
  seal(): void {
    if (this.damage !== null || !this.#isSealable()) return
    const bytes = Math.min(this.#keeping.profile.segmentBytes, SEGMENT_MOST_BYTES)
    while (this.#seal(bytes, SEAL_QUALITY)) {}
  }

  /** False: there is nothing left to seal, or the tail is damaged, which fences from here on. */
  #seal(bytes: number, quality: number): boolean {
    const sealed = this.wal.seal(this.wal.head.seq, bytes, quality)
    this.#keeping.sealed()
    if (!sealed.ok) this.#damage = sealed.error
    return sealed.ok && sealed.value > 0
  }

  /** What a segment is made of must be whole. Damage that recovery passed over fences from here on. */
  #isSealable(): boolean {
    this.#damage = this.wal.tailDamage()
    return this.#damage === null
  }

  /** Everything, from the first group on: also what recovery passes over. Damage that it finds fences from here on. */
  verify(): WalDamage | null {
    if (this.damage !== null) return this.#damage
    const verified = this.wal.verify()
    if (!verified.ok) this.#damage = verified.error
    return this.#damage
  }

  /** Puts what a copy proves in the place of what is damaged; then the log is whole again, or as damaged as it was. */
  repair(copy: readonly WireGroup[], at: UnixMs): Result<Repair, RepairRefusal> {
    const repaired = this.wal.repair(copy, at)
    if (!repaired.ok) return repaired
    const before = this.#damage
    this.#state = null
    this.#damage = null
    this.#state = this.#recover()
    // The witness is asked again when the log has come up to what it remembers.
    if (before?.reason === 'old_copy' && this.wal.head.seq < before.seq) this.#damage ??= before
    this.#keeping.sealed()
    return repaired
  }

  /** Whether a witness that remembers this head remembers one of this log. Where not, this is an old copy: fenced. */
  holds({ seq, digest }: { readonly seq: number; readonly digest: string | null }): boolean {
    if (this.damage !== null) return false
    const isThere = this.wal.head.seq >= seq && (digest === null || this.#digestAt(seq) === digest)
    if (!isThere) this.#damage = { reason: 'old_copy', seq }
    return isThere
  }

  /** Somebody acted on more than this log says: an old copy, fenced. */
  foundOld(): void {
    this.holds({ seq: this.wal.head.seq + 1, digest: null })
  }

  #digestAt(seq: number): string | null {
    const [group] = this.wal.wireGroups(seq - 1, 1)
    return group?.seq === seq ? group.digest : null
  }

  report(): LogReport {
    return this.#keeping.report(this.wal.head.seq)
  }

  /** The state after each group, for those who show how it came about. Ends where the log is damaged. */
  *history(): Generator<{ readonly group: Group<Entry>; readonly before: State; readonly after: State }> {
    const { damage } = this
    let before = this.#fold.initial()
    let seq = 0
    for (const group of this.wal.groups(0)) {
      // Recovery may have begun at a checkpoint behind a group that is missing.
      if ((damage !== null && damage.seq <= group.seq) || group.seq !== seq + group.records.length) return
      seq = group.seq
      const after = this.#after(before, group)
      if (after === null) return
      yield { group, before, after: after.state }
      before = after.state
    }
  }

  /** Null: what stands there cannot be folded. It may have been changed since the log was recovered. */
  #after(before: State, group: Group<Entry>): { readonly state: State } | null {
    try {
      let state = before
      for (const record of group.records) state = this.#fold.evolve(state, record, group)
      return { state }
    } catch {
      return null
    }
  }

  #checkpoint(state: State): void {
    checkpointTable.write(this.#storage.sql, this.#fold.version, this.wal.position, state)
    this.#keeping.checkpointed()
  }

  #recover(): State {
    const { sql } = this.#storage
    const since = this.#keeping.now()
    for (const { position, state } of checkpointTable.read(sql, this.#fold.version)) {
      if (!this.#fold.isState(state)) continue
      const recovered = this.#replay(position, state)
      if (recovered.damage === null) return this.#recovered(recovered.state, position.seq, since)
    }
    const recovered = this.#replay(emptyPosition(this.wal.identity), this.#fold.initial())
    this.#damage = recovered.damage
    return this.#recovered(recovered.state, 0, since)
  }

  #recovered(state: State, from: number, since: number): State {
    this.#keeping.recovered(this.wal.head.seq - from, this.#keeping.now() - since)
    return state
  }

  #replay(from: WalPosition, start: State): { readonly state: State; readonly damage: WalDamage | null } {
    let state = start
    let { seq } = from
    try {
      const end = this.wal.recover(from, (group) => {
        for (const record of group.records) state = this.#fold.evolve(state, record, group)
        seq = group.seq
      })
      return { state, damage: end.ok ? null : end.error }
    } catch {
      // Written by other code, whose records this code folds otherwise: as good as damaged.
      return { state, damage: { reason: 'record', seq: seq + 1 } }
    }
  }
}

const FIRST_INCARNATION = 1
/** Of Brotli, for a log that nothing will follow: pressed once, kept for years. */
const SEAL_QUALITY = 10

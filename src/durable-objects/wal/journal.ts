// A log with the state that it folds to. The state in memory is only ever what the log on disk says: a record is
// folded first (an illegal one throws before anything is written), then appended; when either fails, the state is
// dropped and read again from the log.

import type { WalIdentity } from '../../shared/wal/group.ts'
import type { Storage } from '../sqlite/storage.ts'
import { type Group, type RecordCodec, type Turn, Wal } from './wal.ts'

export type Fold<State, Entry> = {
  readonly initial: () => State
  /** May change and give back the state that it is given: the journal owns it. */
  readonly evolve: (state: State, record: Entry, turn: Turn) => State
}

export class Journal<State, Entry> {
  readonly wal: Wal<Entry>
  readonly #fold: Fold<State, Entry>
  #state: State | null = null

  private constructor(wal: Wal<Entry>, fold: Fold<State, Entry>) {
    this.wal = wal
    this.#fold = fold
  }

  static open<State, Entry>(
    storage: Storage,
    codec: RecordCodec<Entry>,
    fold: Fold<State, Entry>,
  ): Journal<State, Entry> | null {
    const wal = Wal.open(storage, codec)
    return wal === null ? null : new Journal(wal, fold)
  }

  static create<State, Entry>(
    storage: Storage,
    codec: RecordCodec<Entry>,
    fold: Fold<State, Entry>,
    identity: WalIdentity,
  ): Journal<State, Entry> {
    const journal = new Journal(Wal.create(storage, codec, identity, FIRST_INCARNATION), fold)
    journal.#state = fold.initial()
    return journal
  }

  get state(): State {
    this.#state ??= this.#replay()
    return this.#state
  }

  commit(records: readonly Entry[], turn: Turn): void {
    if (records.length === 0) return
    let state = this.state
    this.#state = null
    for (const record of records) state = this.#fold.evolve(state, record, turn)
    this.wal.append(records, turn)
    this.#state = state
  }

  /** The state after each group, for those who show how it came about. */
  *history(): Generator<{ readonly group: Group<Entry>; readonly before: State; readonly after: State }> {
    let before = this.#fold.initial()
    for (const group of this.wal.groups(0)) {
      let after = before
      for (const record of group.records) after = this.#fold.evolve(after, record, group)
      yield { group, before, after }
      before = after
    }
  }

  #replay(): State {
    let state = this.#fold.initial()
    for (const group of this.wal.groups(0)) {
      for (const record of group.records) state = this.#fold.evolve(state, record, group)
    }
    return state
  }
}

const FIRST_INCARNATION = 1

// Objects whose storage is not what they wrote (I10), and what they make of it. Told apart from the engines: by what a fresh
// reading of the log says, and by the head that was there before.

import { openChainJournal } from '../../../src/durable-objects/chain/chain-journal.ts'
import { openSignerJournal } from '../../../src/durable-objects/signer/signer-journal.ts'
import { damageOf, openTransferJournal } from '../../../src/durable-objects/transfer/transfer-journal.ts'
import type { WalDamage } from '../../../src/shared/wal/damage.ts'
import type { SimStorage } from '../storage.ts'
import type { Harm, Head } from '../tampering.ts'

export type Strike = {
  /** Null: all of it is an earlier state. */
  readonly harm: Harm | null
  /** What others may have been told of: where the log ended before, or as far as a signer's witness had seen it. */
  readonly trunk: Head
  /** Where the log ended before. */
  readonly head: Head
  /** The object has said that it is fenced. */
  isTold: boolean
}

/**
 * `sound`: the log is what it was, or goes on from there. `fenced`: it is damaged, and says so itself. `astray`: an old
 * copy, which does not know of all that was written.
 */
export type Standing = 'sound' | 'fenced' | 'astray'

type Struck = { readonly actor: string; readonly name: string; readonly storage: SimStorage }
type OpenLog = {
  readonly damage: WalDamage | null
  /** The whole log, also what recovery passes over. */
  verify(): WalDamage | null
  readonly wal: { wireGroups(afterSeq: number, limit: number): readonly Head[] }
}

const OPEN: Readonly<Record<string, (storage: SimStorage) => OpenLog | null>> = {
  TransferObject: (storage) => {
    const journal = openTransferJournal(storage)
    if (journal !== null) damageOf(journal)
    return journal
  },
  SignerObject: (storage) => openSignerJournal(storage),
  ChainObject: (storage) => openChainJournal(storage),
}

/** A fresh reading of a log: what recovery sees of it, and all of it once somebody asks. */
type Reading = {
  readonly version: number
  readonly log: OpenLog | null
  readonly isSound: boolean
  /** Of the whole of it. */
  harm?: WalDamage | null
}

export class Strikes {
  readonly #strikes = new Map<string, Strike>()
  /** The last of each storage: asked for at every look, and dear. */
  readonly #readings = new WeakMap<SimStorage, Reading>()
  readonly #witnessed: (name: string) => Head | null

  /** What a signer's witness remembers of it. */
  constructor(witnessed: (name: string) => Head | null) {
    this.#witnessed = witnessed
  }

  add(name: string, harm: Harm | null, trunk: Head, head: Head): void {
    this.#strikes.set(name, { harm, trunk, head, isTold: false })
  }

  of(name: string): Strike | null {
    return this.#strikes.get(name) ?? null
  }

  tell(name: string): void {
    const strike = this.#strikes.get(name)
    if (strike !== undefined) strike.isTold = true
  }

  standing(struck: Struck): Standing {
    const { name } = struck
    const strike = this.#strikes.get(name)
    if (strike === undefined) return 'sound'
    const { log, isSound } = this.#read(struck)
    if (log === null || !isSound) return 'fenced'
    // A head that was on its way to the witness when the object was struck arrives after that.
    const remembered = [strike.trunk, this.#witnessed(name)].filter((head) => head !== null)
    const isThere = ({ seq, digest }: Head) => log.wal.wireGroups(seq - 1, 1)[0]?.digest === digest
    if (remembered.every(isThere)) return 'sound'
    // Damage where recovery passes by, behind a checkpoint: that is no earlier state.
    return this.#harmOf(struck) === null ? 'astray' : 'sound'
  }

  /**
   * Damaged where a fresh reading, which begins at a checkpoint, passes by: the object may have found it when it was to seal
   * that part. Then it is fenced as long as it is awake, and has said so.
   */
  isHidden(struck: Struck): boolean {
    return this.#strikes.get(struck.name)?.isTold === true && this.#harmOf(struck) !== null
  }

  #read({ actor, storage }: Struck): Reading {
    const last = this.#readings.get(storage)
    if (last?.version === storage.version) return last
    const log = OPEN[actor]?.(storage) ?? null
    const reading = { version: storage.version, log, isSound: log !== null && log.damage === null }
    this.#readings.set(storage, reading)
    return reading
  }

  #harmOf(struck: Struck): WalDamage | null {
    const reading = this.#read(struck)
    if (reading.harm === undefined) reading.harm = reading.log?.verify() ?? null
    return reading.harm
  }
}

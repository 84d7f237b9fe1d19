// What the logs of all objects say, as far as it is committed: folded record by record as commits happen, apart from the
// engines. All invariants are held against this and against the chain as it truly is.

import { openChainJournal } from '../../../src/durable-objects/chain/chain-journal.ts'
import { openSignerJournal } from '../../../src/durable-objects/signer/signer-journal.ts'
import type { Storage } from '../../../src/durable-objects/sqlite/storage.ts'
import { openTransferJournal } from '../../../src/durable-objects/transfer/transfer-journal.ts'
import type { Journal } from '../../../src/durable-objects/wal/journal.ts'
import type { Group } from '../../../src/durable-objects/wal/wal.ts'
import type { Address } from '../../../src/shared/chain/address.ts'
import { evolve as evolveChain } from '../../../src/shared/chain/evolve.ts'
import type { TxHash } from '../../../src/shared/chain/hash.ts'
import type { ChainRecord } from '../../../src/shared/chain/records.ts'
import { type ChainState, NO_CHAIN } from '../../../src/shared/chain/state.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import type { Hex } from '../../../src/shared/lib/hex.ts'
import type { UnixMs } from '../../../src/shared/lib/time.ts'
import { evolve as evolveSigner } from '../../../src/shared/signer/state/evolve.ts'
import type { SignerRecord } from '../../../src/shared/signer/state/records.ts'
import { type BlockInclusion, stepsOf } from '../../../src/shared/signer/state/slot.ts'
import { newSigner, type SignerState } from '../../../src/shared/signer/state/state.ts'
import { evolve as evolveTransfer } from '../../../src/shared/transfer/evolve.ts'
import type { TransferRecord } from '../../../src/shared/transfer/records.ts'
import { NO_TRANSFER, type TransferState } from '../../../src/shared/transfer/state.ts'
import {
  type AttemptSummary,
  type StepKey,
  sameStep,
  stepKeyText,
} from '../../../src/shared/transfer/step-report.ts'

/** Follows one log: yields what was committed since it last looked. */
class Reader<State, Entry> {
  readonly #open: () => Journal<State, Entry> | null
  #journal: Journal<State, Entry> | null = null
  seq = 0
  groups = 0

  constructor(open: () => Journal<State, Entry> | null) {
    this.#open = open
  }

  /** The storage was put back: what is in it now is read from the beginning. */
  restart(): void {
    this.#journal = null
    this.seq = 0
  }

  news(): readonly Group<Entry>[] {
    this.#journal ??= this.#open()
    const groups = [...(this.#journal?.wal.groups(this.seq) ?? [])]
    this.seq = groups.at(-1)?.seq ?? this.seq
    this.groups += groups.length
    return groups
  }
}

export class TransferBook {
  state: TransferState = NO_TRANSFER
  readonly kinds: string[] = []
  /** By seq, of the ends of groups. */
  readonly digests = new Map<number, string>()
  /** By seq, of the ends of groups. */
  readonly phases = new Map<number, TransferState['phase']>()
  readonly #reader: Reader<TransferState, TransferRecord>

  constructor(storage: Storage) {
    this.#reader = new Reader(() => openTransferJournal(storage))
  }

  get seq(): number {
    return this.#reader.seq
  }

  get groups(): number {
    return this.#reader.groups
  }

  /** The object came back as it was before. Digests that were told stay what they were. */
  restart(): void {
    this.#reader.restart()
    this.state = NO_TRANSFER
    this.read()
  }

  read(): readonly TransferRecord[] {
    const records: TransferRecord[] = []
    for (const group of this.#reader.news()) {
      for (const record of group.records) {
        this.state = evolveTransfer(this.state, record, group)
        this.kinds.push(record.kind)
        records.push(record)
      }
      this.phases.set(group.seq, this.state.phase)
    }
    return records
  }
}

/** `steps`: what the bytes run, each with its place in a batch; null: alone. `isPrivate`: their account was, as it signed. */
export type SignedBytes = {
  readonly raw: Hex
  readonly nonce: number
  readonly account: Address
  readonly isPrivate: boolean
  readonly steps: readonly { readonly key: StepKey; readonly place: number | null }[]
}

function bytesOf(state: SignerState, record: Extract<SignerRecord, { kind: 'signed' }>): SignedBytes {
  const { nonce, raw } = record
  const slot = assertDefined(state.slots.get(nonce), 'a slot is signed')
  const account = assertDefined(state.identity, 'a signer is somebody').address
  const places = stepsOf(slot)
  // What brings a batch of another account runs what that one's log says.
  const own = record.steps.filter((key) => !state.carriages.has(stepKeyText(key)))
  const steps = own.map((key) => {
    const place = places.findIndex((step) => sameStep(step.key, key))
    return { key, place: slot.work.kind === 'batch' ? place : null }
  })
  return { raw, nonce, account, isPrivate: state.isPrivate, steps }
}

/** Other bytes at a nonce: how long after the ones before they were decided on, and whether strict nodes take them. */
export type Raise = {
  readonly nonce: number
  readonly index: number
  readonly afterMs: number
  readonly isEnough: boolean
}

export class SignerBook {
  state: SignerState = newSigner()
  /** Bytes that are in the log, by hash. */
  readonly signed = new Map<TxHash, SignedBytes>()
  /** The block of each slot that was `included`, by its nonce. */
  readonly #included = new Map<number, BlockInclusion>()
  /** Steps of each batch that others were given to bring. */
  readonly entrusted = new Map<Hex, readonly StepKey[]>()
  /** Until when they may, milliseconds. */
  readonly validUntil = new Map<Hex, number>()
  /** The block of each that was `brought`. */
  readonly #brought = new Map<Hex, BlockInclusion>()
  /** What each nonce was given to. */
  readonly owners = new Map<number, string>()
  /** When the next bytes of each slot were decided on. */
  readonly #decided = new Map<number, UnixMs>()
  /** The newest bytes of each slot, and when they were signed. */
  readonly #newest = new Map<number, { readonly attempt: AttemptSummary; readonly at: UnixMs }>()
  /** Replacements that were seen at the last reading. */
  raises: Raise[] = []
  /** Signatures that were seen for the first time at the last reading. */
  fresh: SignerRecord[] = []
  readonly #reader: Reader<SignerState, SignerRecord>

  constructor(storage: Storage) {
    this.#reader = new Reader(() => openSignerJournal(storage))
  }

  get groups(): number {
    return this.#reader.groups
  }

  /**
   * The object came back as it was before. What was signed stays signed, and a nonce keeps the step whose bytes `left`; what
   * had not left yet is given anew.
   */
  restart(left: ReadonlySet<TxHash>): void {
    const kept = new Set([...this.signed].flatMap(([hash, { nonce }]) => (left.has(hash) ? [nonce] : [])))
    for (const nonce of this.owners.keys()) if (!kept.has(nonce)) this.owners.delete(nonce)
    this.#reader.restart()
    this.state = newSigner()
    this.read()
  }

  read(): readonly SignerRecord[] {
    const records: SignerRecord[] = []
    this.fresh = []
    this.raises = []
    for (const group of this.#reader.news()) {
      for (const record of group.records) {
        this.state = evolveSigner(this.state, record, group)
        if (record.kind === 'replacing') this.#decided.set(record.nonce, group.at)
        if (record.kind === 'signed') {
          if (!this.signed.has(record.attempt.hash)) this.fresh.push(record)
          this.signed.set(record.attempt.hash, bytesOf(this.state, record))
          this.#compare(record, group.at)
        }
        if (record.kind === 'included') this.#included.set(record.nonce, record.inclusion)
        if (record.kind === 'entrusted') this.validUntil.set(record.batch, record.valid_until * 1_000)
        if (record.kind === 'entrusted')
          this.entrusted.set(
            record.batch,
            record.steps.map(({ key }) => key),
          )
        if (record.kind === 'brought') this.#brought.set(record.batch, record.inclusion)
        if (record.kind === 'released') this.owners.delete(record.nonce)
        records.push(record)
      }
    }
    return records
  }

  #compare({ nonce, attempt }: Extract<SignerRecord, { kind: 'signed' }>, at: UnixMs): void {
    const before = this.#newest.get(nonce)
    this.#newest.set(nonce, { attempt, at })
    if (attempt.index === 0 || before === undefined) return
    const isMore = (fee: bigint, than: bigint) => fee * 10n > than * 11n
    const isEnough =
      isMore(attempt.max_fee_per_gas, before.attempt.max_fee_per_gas) &&
      isMore(attempt.max_priority_fee_per_gas, before.attempt.max_priority_fee_per_gas)
    // What a life before wrote down is signed by this one's clock, which says nothing of the time between.
    const decidedAt = this.#decided.get(nonce) ?? at
    this.raises.push({ nonce, index: attempt.index, afterMs: decidedAt - before.at, isEnough })
  }

  /** The block in which a slot came to its end. */
  inclusionOf(
    record: Extract<SignerRecord, { kind: 'finalized' | 'settled' | 'delivered' }>,
  ): BlockInclusion | null {
    if (record.kind === 'delivered') return this.#brought.get(record.batch) ?? null
    return record.kind === 'finalized' ? record.inclusion : (this.#included.get(record.nonce) ?? null)
  }

  /** What has this nonce already; null: nothing else. */
  ownerBeside(nonce: number, text: string): string | null {
    const owner = this.owners.get(nonce)
    if (owner === undefined) this.owners.set(nonce, text)
    return owner === undefined || owner === text ? null : owner
  }
}

export class ChainBook {
  state: ChainState = NO_CHAIN
  /** Of the end of the group in which following began for the first time. */
  followedSince = Number.POSITIVE_INFINITY
  /** Up to this block nobody looks any more for what an account did. */
  readonly watchedFrom = new Map<Address, number>()
  readonly #reader: Reader<ChainState, ChainRecord>

  constructor(storage: Storage) {
    this.#reader = new Reader(() => openChainJournal(storage))
  }

  get groups(): number {
    return this.#reader.groups
  }

  restart(): void {
    this.#reader.restart()
    this.state = NO_CHAIN
    this.read()
  }

  read(): readonly ChainRecord[] {
    const records: ChainRecord[] = []
    for (const { records: some, seq } of this.#reader.news()) {
      for (const record of some) {
        this.state = evolveChain(this.state, record)
        if (record.kind === 'watched') {
          this.watchedFrom.set(record.address, this.state.blocks[0]?.number ?? 0)
        }
        records.push(record)
      }
      if (this.state.blocks.length > 0) this.followedSince = Math.min(this.followedSince, seq)
    }
    return records
  }
}

// Watches a whole world: reads every commit, every broadcast and every block, and holds the invariants against them. Which
// are looked at when stands in SPEC.md.

import { isDeepStrictEqual } from 'node:util'
import { openSignerJournal } from '../../../src/durable-objects/signer/signer-journal.ts'
import { openTransferJournal } from '../../../src/durable-objects/transfer/transfer-journal.ts'
import { isAddress } from '../../../src/shared/chain/address.ts'
import type { BlockRef } from '../../../src/shared/chain/block.ts'
import type { TxHash } from '../../../src/shared/chain/hash.ts'
import type { Log, Receipt } from '../../../src/shared/chain/receipt.ts'
import type { ChainRecord } from '../../../src/shared/chain/records.ts'
import { type AccountCaps, NO_CAPS } from '../../../src/shared/fees/fee-caps.ts'
import type { Hex } from '../../../src/shared/lib/hex.ts'
import { BATCH_DONE_TOPIC } from '../../../src/shared/signer/evidence/evidence.ts'
import type { SignerRecord } from '../../../src/shared/signer/state/records.ts'
import type { TransferRecord } from '../../../src/shared/transfer/records.ts'
import type { TransferState } from '../../../src/shared/transfer/state.ts'
import type { StepKey } from '../../../src/shared/transfer/step-report.ts'
import type { ChainHost, SignerHost, TransferHost } from '../actors.ts'
import type { SimBlock, SimChain } from '../chain/chain.ts'
import type { Endpoint } from '../chain/endpoint.ts'
import type { Stage } from '../stage.ts'
import { type Head, headIn } from '../tampering.ts'
import { ChainBook, SignerBook, TransferBook } from './books.ts'
import { Privacy } from './privacy.ts'
import { checkSigner, checkSignerFold } from './signer-checks.ts'
import { Strikes } from './strikes.ts'
import { checkTransfer } from './transfer-checks.ts'

/** Commits of a signer between two comparisons of its whole state. */
const FOLD_EVERY = 8

export class Auditor {
  readonly transfers = new Map<string, TransferBook>()
  readonly signers = new Map<string, SignerBook>()
  chainBook: ChainBook | null = null
  readonly strikes = new Strikes((name) => this.witnessed(name))
  readonly privacy: Privacy
  chainName: string | null = null
  /** Of every account. */
  caps: AccountCaps = NO_CAPS
  readonly #stage: Stage
  readonly #chain: SimChain
  /** Mined effects of each step in the branch that counts. */
  readonly #effects = new Map<string, number>()
  /** Bytes that went to an endpoint. */
  readonly #left = new Set<TxHash>()
  #commits = 0

  constructor(stage: Stage, chain: SimChain) {
    this.#stage = stage
    this.#chain = chain
    this.privacy = new Privacy(this.signers, stage)
  }

  watchTransfer(host: TransferHost): void {
    const book = new TransferBook(host.storage)
    this.transfers.set(host.name, book)
    host.onCommit = () => {
      if (this.#isFenced(host)) return
      const before = viewOf(book.state)
      const records = book.read()
      this.#note(host.name, records)
      // An end lasts, whatever else its signer said after that and has lost.
      if (!records.some(({ kind }) => TRANSFER_ENDS.has(kind)))
        this.#checkViews(host.name, before, viewOf(book.state))
      checkTransfer(this.#alias(host.name), host, book, records, this.#chain, this.#stage.violations)
    }
  }

  watchSigner(host: SignerHost): void {
    const book = new SignerBook(host.storage)
    this.signers.set(host.name, book)
    let lifeSeen = -1
    host.onCommit = () => {
      if (this.#isFenced(host)) return
      const before = { generation: 0, view: book.state.chainView }
      const records = book.read()
      this.#note(host.name, records)
      this.#checkViews(host.name, before, { generation: 0, view: book.state.chainView })
      this.#checkAstray(host, book.fresh)
      this.#commits += 1
      const seen = { chain: this.#chain, caps: this.caps }
      checkSigner(this.#alias(host.name), host, book, records, seen, this.#stage.violations)
      // A new life has read its whole log.
      if (host.life === lifeSeen && this.#commits % FOLD_EVERY !== 0) return
      lifeSeen = host.life
      checkSignerFold(this.#alias(host.name), host, book, this.#stage.violations)
    }
  }

  watchChain(host: ChainHost): void {
    const book = new ChainBook(host.storage)
    this.chainBook = book
    this.chainName = host.name
    host.onCommit = () => {
      if (this.#isFenced(host)) return
      const before = book.state.finalized
      const records = book.read()
      this.#note(host.name, records)
      this.#checkBeginnings(records, before)
      const after = book.state.finalized
      if (after === null || after === before) return
      const isForward = before === null || after.number >= before.number
      this.#stage.violations.check('I11', isForward, () => `finalized goes back to ${after.number}`)
      this.#stage.violations.check(
        'I11',
        after.number <= this.#chain.finalized && this.#chain.has(after),
        () => `the chain calls ${after.number} final, of which ${this.#chain.finalized} is`,
      )
    }
  }

  /** What is final is walked over once: blocks below it are nobody's news any more. */
  #checkBeginnings(records: readonly ChainRecord[], finalized: BlockRef | null): void {
    for (const record of records) {
      if (record.kind !== 'started' || finalized === null) continue
      this.#stage.violations.check(
        'I11',
        record.block.number >= finalized.number,
        () => `following begins at ${record.block.number}, below ${finalized.number}, which is final`,
      )
    }
  }

  /** What was said later is not undone by what was said before it. */
  #checkViews(name: string, before: View, after: View): void {
    const isForward = after.generation !== before.generation || after.view >= before.view
    this.#stage.violations.check(
      'I5',
      isForward,
      () => `news of ${this.#alias(name)} goes back from view ${before.view} to ${after.view}`,
    )
  }

  /** A damaged log takes nothing: what was accepted into it would be nowhere. */
  #isFenced(host: TransferHost | SignerHost | ChainHost): boolean {
    const strike = this.strikes.of(host.name)
    if (strike === null || this.strikes.standing(host) !== 'fenced') return false
    const seq = host.storage.tamper(headIn)?.seq ?? 0
    const isStill = strike.harm?.table === 'meta' || seq === strike.head.seq
    const name = this.#alias(host.name)
    this.#stage.violations.check('I10', isStill, () => `${name} is damaged, and writes on to ${seq}`)
    return true
  }

  /** An old copy of a signer does not know what it signed: it signs nothing. What a repair puts back it did not sign. */
  #checkAstray(host: SignerHost, fresh: readonly SignerRecord[]): void {
    if (this.strikes.of(host.name) === null || this.strikes.standing(host) !== 'astray') return
    this.#stage.violations.check(
      'I10',
      fresh.length === 0,
      () => `${this.#alias(host.name)} is an old copy, and writes ${fresh.map(noteOf).join(', ')}`,
    )
  }

  /** The object came back as an earlier state of itself. */
  restart(name: string): void {
    this.transfers.get(name)?.restart()
    this.signers.get(name)?.restart(this.#left)
    if (name === this.chainName) this.chainBook?.restart()
  }

  /** Groups of the object's log that were committed, about. */
  groupsOf(name: string): number {
    const book = this.transfers.get(name) ?? this.signers.get(name)
    return book?.groups ?? (name === this.chainName ? (this.chainBook?.groups ?? 0) : 0)
  }

  /** The head of a signer's log that its witness remembers. */
  witnessed(name: string): Head | null {
    const address = name.split('/')[1] ?? ''
    return isAddress(address) ? (this.chainBook?.state.witnessed.get(address) ?? null) : null
  }

  /** Bytes leave for an endpoint. */
  broadcast(raw: Hex, hash: TxHash, endpoint: Endpoint): void {
    this.#left.add(hash)
    this.privacy.handed(hash, endpoint)
    const isWritten = [...this.signers.values()].some(({ signed }) => signed.get(hash)?.raw === raw)
    this.#stage.violations.check(
      'I8',
      isWritten,
      () => `bytes of ${hash.slice(0, 10)} leave and are in no log`,
    )
  }

  /** The branch that counts has changed. */
  head(head: SimBlock, removed: readonly SimBlock[]): void {
    for (const block of removed) this.#count(block, -1)
    const added: SimBlock[] = []
    const depth = removed.length === 0 ? 1 : removed.length
    for (let block: SimBlock | null = head; block !== null && added.length < depth; block = block.parent) {
      added.push(block)
    }
    for (const block of added) this.#count(block, 1)
  }

  #count(block: SimBlock, change: 1 | -1): void {
    for (const { hash } of block.transactions) {
      for (const { key, isDone } of this.ran(hash, block)) if (isDone) this.#countStep(key, change)
    }
  }

  #countStep(key: StepKey, change: 1 | -1): void {
    const step = `${key.transfer}/${key.step}`
    const effects = (this.#effects.get(step) ?? 0) + change
    this.#effects.set(step, effects)
    if (change < 0) return
    const name = this.#alias(key.transfer)
    this.#stage.violations.check('I1', effects <= 1, () => `${name} has ${effects} effects on the chain`)
    const phase = this.transfers.get(key.transfer)?.state.phase
    const isOver = phase === 'canceled' || phase === 'expired'
    this.#stage.violations.check('I5', !isOver, () => `${name} is ${phase}, and then it is mined`)
  }

  /** Steps that bytes of ours ran in this block, by what the chain itself says. */
  ran(hash: TxHash, { receipts }: SimBlock): readonly Ran[] {
    const receipt = receipts.get(hash)
    return receipt === undefined ? [] : [...this.#ranByBytes(hash, receipt), ...this.#brought(receipt)]
  }

  /** Whether others brought this batch up to this block. */
  hasRunBy(id: Hex, height: number): boolean {
    for (let block = this.#chain.at(height); block !== null; block = block.parent) {
      for (const { logs } of block.receipts.values()) {
        if (logs.some(({ topics }) => topics[0] === BATCH_DONE_TOPIC && topics[1] === id)) return true
      }
    }
    return false
  }

  /** Batches that accounts have signed, by whomever they were brought. */
  #brought({ logs }: Receipt): readonly Ran[] {
    const ran: Ran[] = []
    for (const log of logs) {
      const id = log.topics[1]
      if (log.topics[0] !== BATCH_DONE_TOPIC || id === undefined) continue
      const book = [...this.signers.values()].find(({ state }) => state.identity?.address === log.address)
      const [done, failed] = [bitsAt(log, 0), bitsAt(log, 1)]
      for (const [place, key] of (book?.entrusted.get(id) ?? []).entries()) {
        const bit = 1n << BigInt(place)
        if (((done | failed) & bit) !== 0n) ran.push({ key, isDone: (done & bit) !== 0n })
      }
    }
    return ran
  }

  #ranByBytes(hash: TxHash, receipt: Receipt): readonly Ran[] {
    const bytes = [...this.signers.values()].flatMap(({ signed }) => signed.get(hash) ?? [])[0]
    if (bytes === undefined) return []
    const { account, steps } = bytes
    const log = receipt.logs.find(
      ({ address, topics }) => address === account && topics[0] === BATCH_DONE_TOPIC,
    )
    const [done, failed] = log === undefined ? [0n, 0n] : [bitsAt(log, 0), bitsAt(log, 1)]
    return steps.flatMap(({ key, place }) => {
      if (place === null) return [{ key, isDone: receipt.status === 'success' }]
      const bit = 1n << BigInt(place)
      return ((done | failed) & bit) === 0n ? [] : [{ key, isDone: (done & bit) !== 0n }]
    })
  }

  /** The logs once more from the beginning, as an object that wakes would read them. */
  checkReplay(transfers: Iterable<TransferHost>, signers: Iterable<SignerHost>): void {
    const { violations } = this.#stage
    for (const host of transfers) {
      const book = this.transfers.get(host.name)
      const replayed = openTransferJournal(host.storage)?.state
      if (book === undefined || replayed === undefined || this.strikes.standing(host) === 'fenced') continue
      const name = this.#alias(host.name)
      violations.check(
        'I3',
        isDeepStrictEqual(replayed, book.state),
        () => `${name} replays to another state`,
      )
    }
    for (const host of signers) {
      const book = this.signers.get(host.name)
      const replayed = openSignerJournal(host.storage)?.state
      if (book === undefined || replayed === undefined || this.strikes.standing(host) === 'fenced') continue
      const name = this.#alias(host.name)
      violations.check(
        'I3',
        isDeepStrictEqual(replayed, book.state),
        () => `${name} replays to another state`,
      )
    }
  }

  #note(name: string, records: readonly { readonly kind: string }[]): void {
    if (this.#stage.note === null || records.length === 0) return
    this.#stage.note(`      ${this.#alias(name)} writes ${records.map(noteOf).join(', ')}`)
  }

  #alias(name: string): string {
    return this.#stage.alias(name)
  }
}

type Ran = { readonly key: StepKey; readonly isDone: boolean }

function bitsAt({ data }: Log, word: number): bigint {
  return BigInt(`0x${data.slice(2 + 64 * word, 66 + 64 * word)}`)
}

function noteOf(record: { readonly kind: string }): string {
  const nonce = 'nonce' in record ? ` ${String(record.nonce)}` : ''

  return `${record.kind}${nonce}`
}

/** As of which position of its source a log was last told something; of a transfer, of this generation. */
const TRANSFER_ENDS: ReadonlySet<TransferRecord['kind']> = new Set([
  'finalized',
  'failed',
  'canceled',
  'expired',
  'closed',
  'unbound',
  'retried',
])

type View = { readonly generation: number; readonly view: number }

function viewOf(state: TransferState): View {
  // Before it is bound no signer has anything to say of this generation.
  if (state.phase === 'none') return { generation: 0, view: 0 }
  return { generation: state.generation, view: state.phase === 'accepted' ? 0 : state.seen_view }
}

// What a transfer's object does, without the object: decide, append, arm the alarm, then act. The shell
// (transfer-object.ts) gives it storage, time and ways out, and so does the simulator.
//
// Order in every turn: records, alarm, and only then effects. A crash after any of them leaves a log that says what is
// due and an alarm that comes back to it.

import type { Address } from '../../shared/chain/address.ts'
import { assert, assertDefined } from '../../shared/lib/assert.ts'
import { addMs, MINUTE_MS, type UnixMs } from '../../shared/lib/time.ts'
import type { ArchiveReceipt } from '../../shared/ports/archived-actor.ts'
import type {
  CancelReply,
  CreateReply,
  Heard,
  SpeedUpReply,
  StatusChange,
} from '../../shared/ports/transfer-actor.ts'
import { MESSAGE_VERSION, type TransferRow } from '../../shared/schema/queue-messages.ts'
import type { TransferDocument } from '../../shared/schema/transfer-document.ts'
import type { RecordProofDocument, WalDocument } from '../../shared/schema/wal-document.ts'
import type { TenantId } from '../../shared/tenancy/tenant-id.ts'
import * as decisions from '../../shared/transfer/decide.ts'
import type { Decision } from '../../shared/transfer/decision.ts'
import { CAUGHT_UP, isSealable, nextWake, type Pace, type Readers } from '../../shared/transfer/next-wake.ts'
import { isOfLaterState } from '../../shared/transfer/old-copy.ts'
import type { TransferRecord } from '../../shared/transfer/records.ts'
import { speedUp } from '../../shared/transfer/speed-up.ts'
import { type ExistingTransfer, NO_TRANSFER, type TransferState } from '../../shared/transfer/state.ts'
import type { StepReport } from '../../shared/transfer/step-report.ts'
import type { By } from '../../shared/wal/by.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import { LogKeeper } from '../archive/log-keeper.ts'
import { archiveStanding } from '../archive/shipping.ts'
import { Outbox } from './outbox.ts'
import { TransferAlarm } from './transfer-alarm.ts'
import type { TransferDeps } from './transfer-deps.ts'
import { BY_QUEUE, TransferEffects } from './transfer-effects.ts'
import {
  createTransferJournal,
  damageOf,
  openTransferJournal,
  type TransferJournal,
} from './transfer-journal.ts'
import { createReplyOf, documentOf, historyOf, walOf } from './transfer-view.ts'

/** How often an object with a damaged log looks whether it can be repaired, and says that it is there. */
const FENCED_LOOK_MS = 5 * MINUTE_MS

/** The read model, as a reader of the log. */
const PROJECTION = 'projection'

export class TransferEngine {
  readonly archive: LogKeeper<TransferState, TransferRecord>
  readonly outbox: Outbox
  readonly #deps: TransferDeps
  #journal: TransferJournal | null
  /** The newest report of this life of the object: one that brought nothing is not in the log, and still is newer. */
  #heard = { generation: 0, view: 0 }
  readonly #alarm: TransferAlarm
  readonly #effects: TransferEffects

  constructor(deps: TransferDeps) {
    this.#deps = deps
    this.#journal = openTransferJournal(deps.storage, deps.keeping)
    this.archive = new LogKeeper(
      deps,
      () => this.#journal,
      (state) => (state.phase === 'none' ? null : state.tenant),
    )
    this.#alarm = new TransferAlarm({ ...deps, next: (lookedAt) => this.#nextWake(lookedAt) })
    const outbox = new Outbox({
      row: () => this.row(),
      part: (isWhole) => this.archive.carry(isWhole),
      tell: () => {
        deps.project()
        this.archive.announce()
      },
    })
    this.outbox = outbox
    this.#effects = new TransferEffects(deps, {
      outbox,
      existing: () => this.#existing(),
      decide: (by, decide) => this.#decide(by, decide),
      report: (news) => this.report(news),
      foundOld: () => this.#existingJournal().foundOld(),
    })
  }

  get journal(): TransferJournal | null {
    return this.#journal
  }

  create(input: decisions.CreateInput, by: By): CreateReply {
    const now = this.#deps.now()
    if (this.#damage !== null && this.#state.phase === 'none') {
      return { answer: { result: 'fenced' }, document: null }
    }
    const decision = decisions.create(this.#state, input, now)
    if (decision.answer.result === 'created') {
      this.#journal = this.#deps.storage.transactionSync(() => {
        const journal = createTransferJournal(this.#deps.storage, input.id, this.#deps.keeping)
        journal.commit(decision.records, { at: now, by })
        return journal
      })
      this.#recorded()
    }
    // As it was accepted: so it is answered whenever it is posted again, whatever follows in this turn.
    const reply = createReplyOf(decision.answer, this.#journal, this.#confirmations())
    const isAtOnce = decision.answer.result === 'created' && input.path?.by === 'request'
    const submission = isAtOnce ? this.#effects.submission() : null
    if (submission !== null) return { ...reply, submission }
    this.#effects.start(decision.effects)
    return reply
  }

  read(tenant: TenantId): TransferDocument | null {
    return this.#of(tenant) === null ? null : this.#document()
  }

  history(tenant: TenantId): readonly StatusChange[] | null {
    return this.#of(tenant) === null ? null : historyOf(this.#existingJournal())
  }

  wal(tenant: TenantId, afterSeq: number, limit: number): WalDocument | null {
    return this.#of(tenant) === null ? null : walOf(this.#existingJournal(), afterSeq, limit)
  }

  proof(tenant: TenantId, seq: number): RecordProofDocument | 'unknown' | null {
    return this.#of(tenant) === null ? null : (this.#existingJournal().wal.prove(seq) ?? 'unknown')
  }

  async cancel(tenant: TenantId, command: string, by: By): Promise<CancelReply | null> {
    if (this.#of(tenant) === null) return null
    if (this.#damage !== null) return { answer: { result: 'fenced' }, document: this.#document() }
    const asked = this.#turn(by, (state) => decisions.cancel(state, command))
    if (asked.answer.result !== 'awaited') {
      return { answer: asked.answer, document: this.#document() }
    }
    await this.#effects.perform(asked.effects)
    // Asking again after the signer's answer gives what became of the wish, and changes nothing.
    const { answer } = decisions.cancel(this.#state, command)
    return { answer, document: this.#document() }
  }

  speedUp(tenant: TenantId, command: string, by: By): SpeedUpReply | null {
    if (this.#of(tenant) === null) return null
    if (this.#damage !== null) return { answer: { result: 'fenced' }, document: this.#document() }
    const { answer, effects } = this.#turn(by, (state) => speedUp(state, command))
    this.#effects.start(effects)
    return { answer, document: this.#document() }
  }

  bind(choice: Address | null): decisions.BindAnswer {
    if (this.#damage !== null) return { result: 'refused', reason: 'fenced' }
    return this.#turn(BY_QUEUE, (state, now) => decisions.bind(state, choice, now)).answer
  }

  report(news: StepReport): boolean {
    const { acknowledged, isNew } = this.#settle(news)
    if (isNew) this.outbox.tell()
    return acknowledged
  }

  /** Whoever brings the news takes along what has to be told of it. */
  hear(news: StepReport): Heard {
    const { acknowledged } = this.#settle(news)
    // Also of what it knew: the answer to the call that told it first may be lost.
    const isDue = this.#damage === null && this.#journal !== null && !this.#isProjected()
    return { acknowledged, outbox: isDue ? this.outbox.carry() : null }
  }

  #settle(news: StepReport): { readonly acknowledged: boolean; readonly isNew: boolean } {
    if (isOfLaterState(this.#state, news)) this.#existingJournal().foundOld()
    if (this.#damage !== null) return { acknowledged: false, isNew: false }
    const by: By = { source: 'signer', view: news.view }
    const heardView = this.#heardBefore(news)
    const { answer, records, effects } = this.#decide(by, (state) =>
      decisions.report(state, news, this.#confirmations(), heardView),
    )
    this.#effects.start(effects)
    return { acknowledged: answer.acknowledged, isNew: records.length > 0 }
  }

  /** The newest view of this generation that was heard before. */
  #heardBefore({ generation, view }: StepReport): number {
    const { generation: known, view: heard } = this.#heard
    if (generation < known) return 0
    const before = generation === known ? heard : 0
    this.#heard = { generation, view: Math.max(before, view) }
    return before
  }

  acknowledgeProjection(incarnation: number, seq: number): void {
    if (this.#journal === null || this.#journal.wal.incarnation !== incarnation) return
    // The read model has seen more of this log than there is: it is an old copy.
    if (this.#journal.holds({ seq, digest: null })) this.#journal.wal.moveCursor(PROJECTION, seq)
    this.#alarm.arm()
  }

  acknowledgeOutbox(incarnation: number, seq: number): void {
    this.acknowledgeProjection(incarnation, seq)
    this.acknowledgeArchive({ incarnation, tailSeq: seq, sealedSeq: null })
  }

  /** The alarm, or somebody who found it overdue. Whatever the log leaves undone is driven on. */
  async wake(source: 'alarm' | 'cron' | 'reconciliation'): Promise<void> {
    if (this.#journal === null) return
    this.#alarm.fired()
    if (source === 'alarm' && this.#isEarly()) return
    // Before anything can fail.
    this.#alarm.arm()
    const wasDamaged = this.#damage !== null
    await this.archive.keep(() => isSealable(this.#state, this.#deps.now(), this.#pace()))
    if (this.#damage !== null) return this.#tellDamage(this.#damage)
    if (wasDamaged) this.#deps.publish()
    const { effects } = this.#turn({ source }, (state, now) =>
      decisions.wake(state, now, this.#confirmations(), this.#rebindMs()),
    )
    // Also when nothing was recorded: the alarm that fired is gone, and the row may never have arrived.
    this.#alarm.arm()
    if (!this.#isProjected()) this.outbox.tell()
    await this.#effects.perform(effects)
  }

  acknowledgeArchive(receipt: ArchiveReceipt): void {
    if (this.#journal === null) return
    this.archive.acknowledge(receipt)
    this.#alarm.arm()
  }

  #tellDamage(damage: WalDamage): void {
    this.#alarm.arm()
    this.#deps.damaged(this.#existingJournal().wal.identity.object, damage)
    if (this.#state.phase !== 'none') this.outbox.tell()
  }

  /** The row of the read model, as of now. */
  row(): TransferRow | null {
    const state = this.#state
    if (this.#journal === null || state.phase === 'none') return null
    const { wal } = this.#journal
    return {
      v: MESSAGE_VERSION,
      transfer: state.id,
      tenant: state.tenant,
      chain: state.request.chain,
      incarnation: wal.incarnation,
      seq: wal.head.seq,
      // As if the row had arrived: a final one is not overdue because its own projection is under way.
      next_wake_at: this.#nextWake(this.#deps.now(), CAUGHT_UP),
      document: this.#document(),
    }
  }

  #turn<Answer>(by: By, decide: (state: TransferState, now: UnixMs) => Decision<Answer>): Decision<Answer> {
    const decision = this.#decide(by, decide)
    if (decision.records.length > 0) this.outbox.tell()
    return decision
  }

  /** The records, and what hangs on them in the same turn; the readers of the log are not told. */
  #decide<Answer>(by: By, decide: (state: TransferState, now: UnixMs) => Decision<Answer>): Decision<Answer> {
    const now = this.#deps.now()
    const decision = decide(this.#state, now)
    // Found to be damaged while somebody was asked: what they said is asked again when it is whole.
    if (this.#damage !== null) return { ...decision, records: [], effects: [] }
    if (decision.records.length > 0) {
      this.#existingJournal().commit(decision.records, { at: now, by })
      this.#recorded()
    }
    return decision
  }

  /** In the same turn as the records, so that they are durable together or not at all. */
  #recorded(): void {
    this.#alarm.arm()
    this.#deps.publish()
  }

  #isEarly(): boolean {
    const state = this.#state
    return state.phase !== 'none' && this.#damage === null && this.#alarm.putOff(state.updated_at)
  }

  #nextWake(lookedAt: UnixMs, readers: Readers = this.#readers()): UnixMs | null {
    if (this.#damage !== null) return addMs(lookedAt, FENCED_LOOK_MS)
    return nextWake(this.#state, lookedAt, readers, this.#pace())
  }

  #readers(): Readers {
    return { isProjected: this.#isProjected(), ...archiveStanding(this.#existingJournal().wal) }
  }

  #isProjected(): boolean {
    const { wal } = this.#existingJournal()
    return wal.cursor(PROJECTION) >= wal.head.seq
  }

  #confirmations(): number {
    return this.#state.phase === 'none' ? 1 : this.#pace().confirmations
  }

  #rebindMs(): number | undefined {
    return this.#state.phase === 'none' ? undefined : this.#pace().rebindMs
  }

  #pace(): Pace {
    return this.#deps.pace(this.#existing().request.chain)
  }

  #document(): TransferDocument {
    return documentOf(this.#existingJournal(), this.#confirmations())
  }

  get #damage(): WalDamage | null {
    return this.#journal === null ? null : damageOf(this.#journal)
  }

  get #state(): TransferState {
    return this.#journal?.state ?? NO_TRANSFER
  }

  /** Null for another tenant too: for it, nothing is here. */
  #of(tenant: TenantId): ExistingTransfer | null {
    const state = this.#state
    return state.phase !== 'none' && state.tenant === tenant ? state : null
  }

  #existing(): ExistingTransfer {
    const state = this.#state
    assert(state.phase !== 'none', 'the transfer exists')
    return state
  }

  #existingJournal(): TransferJournal {
    return assertDefined(this.#journal, 'the transfer exists')
  }
}

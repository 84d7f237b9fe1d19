// What a signer's object does, without the object: the only place where a step becomes money.
//
// Order: admission, slot and fees (`reserved`), bytes and hash (`signed`), and only then does anything leave; the
// outcome after it. Each is durable before the next begins, so after a crash the log says exactly how far it came:
// reserved bytes are signed again (the same, RFC 6979), signed ones go out again (the same), nothing twice.
//
// Invariants: the line is dense; slots are signed in nonce order; no lock is held over a call to another object; after
// every await the state is read again.

import type { ChainFacts, FactsReply } from '../../shared/chain/account-facts.ts'
import type { TxHash } from '../../shared/chain/hash.ts'
import { type ChainPolicy, carriersFor, visibilityFor } from '../../shared/chain/policy.ts'
import { addMs, type UnixMs } from '../../shared/lib/time.ts'
import type { SignerName, SignerSummary } from '../../shared/ports/signer-actor.ts'
import type { Admission, AdmitReply } from '../../shared/signer/admission.ts'
import { admit, withdraw } from '../../shared/signer/admit.ts'
import {
  askDelegation,
  type DelegationAnswer,
  type DelegationWish,
} from '../../shared/signer/ask-delegation.ts'
import { attemptsOf, outcomes } from '../../shared/signer/broadcasts.ts'
import { settle } from '../../shared/signer/evidence/settle.ts'
import { forgettable } from '../../shared/signer/forgettable.ts'
import { hasten } from '../../shared/signer/hasten.ts'
import { loadOf, type SignerLoad, statusOf } from '../../shared/signer/load.ts'
import { isDue } from '../../shared/signer/offers/pacing.ts'
import type { AttemptOutcome, SignedAttempt } from '../../shared/signer/state/attempt.ts'
import type { SignerRecord } from '../../shared/signer/state/records.ts'
import type { Exception } from '../../shared/signer/state/results.ts'
import { latestOf } from '../../shared/signer/state/standing.ts'
import type { SignerState } from '../../shared/signer/state/state.ts'
import type { WithdrawAnswer } from '../../shared/transfer/decide.ts'
import type { WithdrawCause } from '../../shared/transfer/records.ts'
import { type StepKey, type StepReport, stepKeyText } from '../../shared/transfer/step-report.ts'
import type { By } from '../../shared/wal/by.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import { LogKeeper } from '../archive/log-keeper.ts'
import { Carrying } from './carrying.ts'
import { inRuns } from './key-runs.ts'
import { LogWitness } from './log-witness.ts'
import type { SignerDeps } from './signer-deps.ts'
import { SignerLog } from './signer-log.ts'
import { SignerPlanner } from './signer-planner.ts'
import { StepReports } from './step-reports.ts'

/** Facts that are older than this many blocks are asked for: a push may have been lost. */
const FACTS_STALE_BLOCKS = 3

const UNDONE: ReadonlySet<SignerRecord['kind']> = new Set(['orphaned', 'unbrought'])
const SLOT_ENDS: ReadonlySet<SignerRecord['kind']> = new Set(['finalized', 'settled', 'closed'])

export class SignerEngine {
  readonly archive: LogKeeper<SignerState, SignerRecord>
  readonly #deps: SignerDeps
  readonly #log: SignerLog
  readonly #planner: SignerPlanner
  /** When each attempt last left, in this life of the object. */
  readonly #lastSent = new Map<TxHash, UnixMs>()
  #factsAt: UnixMs | null = null
  /** Of the newest facts in this life of the object. */
  #heardView = 0
  readonly #witness: LogWitness
  readonly #carrying: Carrying
  readonly #reports: StepReports

  constructor(deps: SignerDeps) {
    this.#deps = deps
    this.#log = new SignerLog(deps.storage, deps.now, deps.keeping)
    this.archive = new LogKeeper(
      deps,
      () => this.#log.journal,
      ({ identity }) => identity?.tenant ?? null,
    )
    this.#planner = new SignerPlanner(deps, this.#log)
    this.#carrying = new Carrying(deps, this.#log)
    this.#witness = new LogWitness(deps, this.#log, (name, damage) => this.#tellDamage(name, damage))
    this.#reports = new StepReports(deps, this.#log, this.#witness, (name, records) =>
      this.#commit(name, records, { source: 'transfer' }),
    )
    if (this.#log.damage === null && this.#log.news.size > 0) this.#reports.soon()
  }

  async admit(name: SignerName, admissions: readonly Admission[]): Promise<AdmitReply> {
    const by: By = { source: 'queue' }
    const policy = this.#deps.policy(name)
    if (!(await this.#isVouchedFor(name, by))) {
      const refuse = ({ key }: Admission) => ({ key, result: 'refused', reason: 'fenced' }) as const
      return { answers: admissions.map(refuse), attempts: [] }
    }
    const named = visibilityFor(policy, name.address)
    const { answers, records } = admit(this.#log.state, admissions, this.#deps.now(), named)
    this.#commit(name, records, by)
    await this.#plan(name)
    const attempts = await this.#release(name, policy)
    this.#deps.background(this.#carry(name))
    return { answers, attempts }
  }

  async withdraw(name: SignerName, key: StepKey, cause: WithdrawCause): Promise<WithdrawAnswer> {
    const by: By = { source: 'transfer' }
    if (!(await this.#isVouchedFor(name, by))) return { result: 'fenced' }
    const { answer, records } = withdraw(this.#log.state, key, cause)
    this.#commit(name, records, by)
    // Other bytes are to take its place.
    if (records.some(({ kind }) => kind === 'recalled')) this.#deps.background(this.#planAndBroadcast(name))
    // A copy of this log from before would have the step in its pool: such a one must be known before anybody is told.
    const isKept = answer.result !== 'withdrawn' || (await this.#witness.vouches(name))
    return isKept ? answer : { result: 'fenced' }
  }

  async hasten(name: SignerName, key: StepKey, command: string): Promise<void> {
    const by: By = { source: 'transfer' }
    if (!(await this.#isVouchedFor(name, by))) return
    const records = hasten(this.#log.state, key, command)
    this.#commit(name, records, by)
    if (records.length > 0) this.#deps.background(this.#planAndBroadcast(name))
  }

  /** The account is to have the executor's code, or none again. */
  async delegate(name: SignerName, wish: DelegationWish, command: string, by: By): Promise<DelegationAnswer> {
    if (!(await this.#isVouchedFor(name, by))) return { result: 'fenced' }
    const { batch } = this.#deps.policy(name)
    const { answer, records } = askDelegation(this.#log.state, wish, command, batch)
    this.#commit(name, records, by)
    if (records.length > 0) this.#deps.background(this.#planAndBroadcast(name))
    return answer
  }

  /** Neither damaged nor an old copy. */
  async #isVouchedFor(name: SignerName, by: By): Promise<boolean> {
    if (this.#log.damage !== null) return false
    this.#log.open(name, by, this.#deps.policy(name))
    if (!this.#witness.hasSeen) await this.#witness.show(name)
    return this.#witness.hasSeen
  }

  outcomes(told: readonly AttemptOutcome[]): void {
    const name = this.#name()
    // What is not written here the next broadcast tells again.
    if (name === null || !this.#witness.hasSeen) return
    this.#commit(name, outcomes(this.#log.state, told), { source: 'queue' })
    for (const outcome of told) {
      const isTaken = outcome.class === 'accepted' || outcome.class === 'known'
      // The slot waits and the bytes go out again; that they were not taken somebody may have to look into.
      if (!isTaken)
        this.#deps.log('signer.not_taken', { chain: name.chain, address: name.address, ...outcome })
    }
  }

  async report(name: SignerName, key: StepKey): Promise<StepReport> {
    await this.#witness.vouches(name)
    // Whoever asks for an end has not taken it yet.
    if (this.#log.state.ended.get(stepKeyText(key))?.isAcknowledged === false) this.#reports.again(key)
    return this.#reports.of(name, latestOf(this.#log.state, key))
  }

  /** Stores and answers; what follows from it happens after the chain has its answer. */
  facts(facts: ChainFacts): FactsReply {
    const name = this.#name()
    // The chain tells only who asked it to: a log that does not say so is damaged from its first record on, or lost.
    if (name === null) return { isActive: true, settledBelow: 0 }
    // Nothing may be forgotten or settled on our account until the log is whole again, and known to be no old copy.
    if (!this.#witness.hasSeen) {
      if (this.#log.damage === null) this.#deps.background(this.#lookAgain(name))
      return { isActive: true, settledBelow: 0 }
    }
    this.#factsAt = this.#deps.now()
    this.#planner.heard(facts)
    // Facts that brought nothing are not in the log, and still are newer than what comes late.
    const records = facts.view >= this.#heardView ? settle(this.#log.state, facts) : []
    this.#heardView = Math.max(this.#heardView, facts.view)
    for (const record of records) {
      // What was undone goes out again at once.
      if (record.kind === 'orphaned') this.#forgetSent(record.nonce)
      if (record.kind === 'included') this.#noteBatch(record.nonce, record.except)
    }
    this.#commit(name, records, { source: 'chain' })
    const { state } = this.#log
    const hasWork = state.pool.size > 0 || records.some(({ kind }) => UNDONE.has(kind))
    if (records.length > 0 && hasWork) this.#deps.background(this.#planAndBroadcast(name))
    // Nor what an old copy would still have open.
    if (!this.#witness.hasSeenEnds) {
      this.#deps.background(this.#showEnds(name))
      return { isActive: true, settledBelow: 0 }
    }
    const [firstOpen] = state.slots.keys()
    const isActive = state.slots.size > 0 || state.carried.size > 0 || this.#planner.isPlanning
    const settledBelow = firstOpen ?? state.nextNonce ?? 0
    return { isActive, settledBelow, ...this.#broughtThrough(name, facts) }
  }

  /** Whatever others brought in final blocks is in the log by now, or is of no batch that is still open. */
  #broughtThrough(name: SignerName, { finalized }: ChainFacts): Pick<FactsReply, 'broughtThrough'> {
    const isBrought = carriersFor(this.#deps.policy(name), name).length > 0
    return isBrought && finalized >= 0 ? { broughtThrough: finalized } : {}
  }

  /** A slot that runs no step ends, and no transfer has to be told. */
  async #showEnds(name: SignerName): Promise<void> {
    await this.#witness.vouches(name)
  }

  async summary(name: SignerName): Promise<SignerSummary> {
    const balance = await this.#planner.balance(name)
    const { state } = this.#log
    const { chain, address } = name
    const pause = this.#pause
    return {
      chain,
      address,
      kind: state.delegate === null ? 'plain' : 'delegated',
      status: statusOf(pause),
      status_reason: pause,
      balance,
      next_nonce: state.nextNonce,
      log: this.#log.report(),
      pool: state.pool.size,
      open_slots: state.slots.size,
    }
  }

  async load(name: SignerName): Promise<SignerLoad> {
    const balance = await this.#planner.balance(name)
    const { window } = this.#deps.policy(name)
    return loadOf(this.#log.state, this.#deps.now(), { status: statusOf(this.#pause), window, balance })
  }

  get #pause(): ReturnType<SignerPlanner['pauseReason']> {
    return this.#log.damage === null ? this.#planner.pauseReason() : 'fenced'
  }

  /** The alarm, or somebody who found it overdue. */
  async wake(): Promise<void> {
    // A log that is damaged from its first record on does not even say whose it is.
    if (this.#name() === null) await this.archive.keep()
    const name = this.#name()
    if (name === null) {
      if (this.#log.damage !== null) this.#deps.log('log.damaged', this.#log.damage)
      return
    }
    const policy = this.#deps.policy(name)
    this.#log.disarmed()
    // First of all, and before anything can fail: the next look is certain.
    this.#log.arm(policy)
    await this.archive.keep()
    this.#log.takeUpRepairs()
    if (this.#log.damage !== null) return this.#tellDamage(name, this.#log.damage)
    await this.#lookAgain(name)
    if (this.#log.news.size > 0) await this.#reports.run()
  }

  async #lookAgain(name: SignerName): Promise<void> {
    if (!this.#witness.hasSeen) await this.#witness.show(name)
    if (!this.#witness.hasSeen) return
    const forgotten = inRuns(forgettable(this.#log.state, this.#deps.now()))
    this.#commit(
      name,
      forgotten.map((keys) => ({ kind: 'forgotten', keys }) as const),
      { source: 'alarm' },
    )
    await this.#pullFacts(name, this.#deps.policy(name))
    await this.#planAndBroadcast(name)
  }

  async #pullFacts(name: SignerName, policy: ChainPolicy): Promise<void> {
    if (this.#log.state.slots.size === 0 && this.#log.state.carried.size === 0) return
    const staleMs = FACTS_STALE_BLOCKS * policy.block_time_ms
    if (this.#factsAt !== null && this.#deps.now() < addMs(this.#factsAt, staleMs)) return
    this.facts(await this.#deps.chainFacts(policy, name))
  }

  async #planAndBroadcast(name: SignerName): Promise<void> {
    const policy = this.#deps.policy(name)
    await this.#plan(name)
    const attempts = await this.#release(name, policy)
    if (attempts.length > 0) this.outcomes(await this.#deps.broadcast(name, attempts))
    await this.#carry(name)
  }

  /** A signature leaves as bytes do: not before the log that vouches for it was shown. */
  async #carry(name: SignerName): Promise<void> {
    if (!this.#carrying.isDue) return
    if (!this.#witness.hasSeenSignatures) await this.#witness.show(name)
    if (this.#witness.hasSeenSignatures) await this.#carrying.run()
  }

  /** An old copy must not even sign: the first thing in a life of the object is to ask its witness. */
  async #plan(name: SignerName): Promise<void> {
    if (!this.#witness.hasSeen) await this.#witness.show(name)
    if (this.#witness.hasSeen) await this.#planner.run()
  }

  /** What goes out now. Nothing leaves before the log that vouches for it was shown to its witness. */
  async #release(name: SignerName, policy: ChainPolicy): Promise<readonly SignedAttempt[]> {
    if (this.#dueAttempts(policy).length === 0) return []
    if (!this.#witness.hasSeenSignatures) await this.#witness.show(name)
    // Meanwhile more may have been signed: whoever signed it shows it, and takes all of it along.
    return this.#witness.hasSeenSignatures ? this.#handOut(policy) : []
  }

  #tellDamage({ chain, address }: SignerName, damage: WalDamage): void {
    this.#deps.log('log.damaged', { chain, address, ...damage })
  }

  #dueAttempts(policy: ChainPolicy): readonly SignedAttempt[] {
    const now = this.#deps.now()
    return attemptsOf(this.#log.state, (slot) => isDue(slot, now, policy.block_time_ms, this.#lastSent))
  }

  /** Only what is in the log leaves. Marked as sent beforehand: two consumers must not hand out the same at once. */
  #handOut(policy: ChainPolicy): readonly SignedAttempt[] {
    const now = this.#deps.now()
    const attempts = this.#dueAttempts(policy)
    for (const { hash } of attempts) this.#lastSent.set(hash, now)
    return attempts
  }

  /** Of slots that are closed nothing goes out any more. */
  #forgetGone(): void {
    const open = new Set(
      [...this.#log.state.slots.values()].flatMap(({ attempts }) => attempts.map(({ hash }) => hash)),
    )
    for (const hash of this.#lastSent.keys()) if (!open.has(hash)) this.#lastSent.delete(hash)
  }

  #noteBatch(nonce: number, except: readonly Exception[]): void {
    const slot = this.#log.state.slots.get(nonce)
    if (slot !== undefined) this.#planner.ran(slot, except)
  }

  #forgetSent(nonce: number): void {
    for (const { hash } of this.#log.state.slots.get(nonce)?.attempts ?? []) this.#lastSent.delete(hash)
  }

  #commit(name: SignerName, records: Parameters<SignerLog['commit']>[0], by: By): void {
    this.#log.commit(records, by, this.#deps.policy(name))
    this.archive.announce()
    if (records.some(({ kind }) => SLOT_ENDS.has(kind))) this.#forgetGone()
    if (this.#log.news.size > 0) this.#reports.soon()
  }

  #name(): SignerName | null {
    return this.#log.state.identity
  }

  get state(): SignerState {
    return this.#log.state
  }
}

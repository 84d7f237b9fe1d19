// Gives steps their slots and signs them. One run at a time: what a run asked of the chain is still true of the pool
// when it decides, but for withdrawals and admissions, and those the pure planner looks at anew.

import { encodeTrial } from '../../shared/adapters/encode-action.ts'
import { slotTransaction } from '../../shared/adapters/slot-transaction.ts'
import { fullnessOf } from '../../shared/batch/block-room.ts'
import type { ChainFacts } from '../../shared/chain/account-facts.ts'
import type { Address } from '../../shared/chain/address.ts'
import { accountCaps, type ChainPolicy } from '../../shared/chain/policy.ts'
import { assert } from '../../shared/lib/assert.ts'
import { ok, type Result } from '../../shared/lib/result.ts'
import { addMs, SECOND_MS, type UnixMs } from '../../shared/lib/time.ts'
import type { AskingSigner, WatchAnswer } from '../../shared/ports/chain-actor.ts'
import type { NodeResult } from '../../shared/ports/chain-node.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import type { SigningFailure, TransactionSigner } from '../../shared/ports/transaction-signer.ts'
import type { GasEstimate, SignerAccount, SignerQuery } from '../../shared/signer/account/account.ts'
import type { AccountCode } from '../../shared/signer/account/account-code.ts'
import { tokensOf } from '../../shared/signer/account/budget.ts'
import { isRecent } from '../../shared/signer/account/recent.ts'
import { isForGood, reconcilePlans } from '../../shared/signer/account/second-opinion.ts'
import { replacements } from '../../shared/signer/offers/replacements.ts'
import { early, isForOthers, type PlanPolicy, turnNow } from '../../shared/signer/plan/candidates.ts'
import { needsLook } from '../../shared/signer/plan/needs-look.ts'
import { plan } from '../../shared/signer/plan/plan.ts'
import type { SignerRecord } from '../../shared/signer/state/records.ts'
import type { Exception } from '../../shared/signer/state/results.ts'
import { type OpenSlot, stepsOf } from '../../shared/signer/state/slot.ts'
import {
  needsCode,
  type PooledStep,
  type SignerState,
  visibilityOf,
} from '../../shared/signer/state/state.ts'
import type { HoldReason } from '../../shared/transfer/status.ts'
import { stepKeyText } from '../../shared/transfer/step-report.ts'
import type { By } from '../../shared/wal/by.ts'
import { SingleFlight } from '../turns/single-flight.ts'
import type { SignerLook, Whom } from './ask-account.ts'
import { PlanMemory } from './plan-memory.ts'
import { planPolicyOf, wordsOf } from './plan-policy.ts'
import { PriceLook, type PriceLookDeps } from './price-look.ts'
import { signCarried } from './sign-carried.ts'
import type { SignerLog } from './signer-log.ts'

type SignedRecord = Extract<SignerRecord, { kind: 'signed' }>

/** A dashboard asks every few seconds, and every open page does. */
const BALANCE_FRESH_MS = 10 * SECOND_MS

const BY: By = { source: 'queue' }

const UNTRIED: GasEstimate = { ok: false, reverted: false, message: 'the account has no code to run it yet' }

export type PlannerDeps = PriceLookDeps & {
  readonly now: () => UnixMs
  readonly signer: TransactionSigner
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
  readonly policy: (name: SignerName) => ChainPolicy
  /** Before the first slot is open: from here on the chain is followed for this account. */
  readonly watch: (policy: ChainPolicy, signer: AskingSigner) => Promise<WatchAnswer>
  /** Of one that `isUsable`; null: there is no such endpoint. */
  readonly account: (
    policy: ChainPolicy,
    query: SignerQuery,
    whom: Whom,
    isUsable: (account: SignerAccount) => boolean,
  ) => Promise<NodeResult<SignerLook> | null>
}

export class SignerPlanner {
  readonly #deps: PlannerDeps
  readonly #log: SignerLog
  readonly #flight = new SingleFlight(() => this.#counted())
  #balance: { readonly wei: bigint; readonly at: UnixMs } | null = null
  /** What lives at the account, at the last look in this life of the object, and what our log said of it then. */
  #code: { readonly seen: AccountCode; readonly delegate: Address | null } | null = null
  readonly #memory = new PlanMemory()
  #runs = 0
  /** The latest run left something that another one may give to others. */
  #isMore = false
  #finalizedAt: UnixMs | null = null
  #finalized: number | null = null
  /** What holds the key did not sign when last asked. */
  #isUnsigned = false
  readonly #prices: PriceLook
  /** What the account did up to this block the chain will not tell; null: not asked in this life of the object. */
  #since: number | null = null

  constructor(deps: PlannerDeps, log: SignerLog) {
    this.#deps = deps
    this.#log = log
    this.#prices = new PriceLook(deps)
  }

  run(): Promise<void> {
    return this.#flight.run()
  }

  /** A slot may open any moment: the chain must not stop following for this account. */
  get isPlanning(): boolean {
    return this.#runs > 0
  }

  /** Wei, as of a moment ago; null: no endpoint answers. For those who only want to know: nothing is decided by it. */
  async balance(name: SignerName): Promise<bigint | null> {
    const now = this.#deps.now()
    if (this.#balance !== null && now < addMs(this.#balance.at, BALANCE_FRESH_MS)) return this.#balance.wei
    const query = { address: name.address, tokens: [], estimates: [], words: [] }
    const whom = { besides: null, visibility: visibilityOf(this.#log.state) }
    const look = await this.#deps.account(this.#deps.policy(name), query, whom, () => true)
    if (look?.ok === true) this.#balance = { wei: look.value.account.balance, at: now }
    return this.#balance?.wei ?? null
  }

  /** What keeps waiting steps from going, when it is the signer's own trouble. */
  pauseReason(): HoldReason | 'signing' | null {
    if (this.#isUnsigned) return 'signing'
    for (const step of this.#log.state.pool.values()) {
      if (step.held === 'funds' || step.held === 'fenced') return step.held
    }
    return null
  }

  async #counted(): Promise<void> {
    this.#runs += 1
    try {
      do {
        this.#isMore = false
        await this.#run()
      } while (this.#isMore)
    } finally {
      this.#runs -= 1
    }
  }

  async #run(): Promise<void> {
    const name = this.#log.state.identity
    if (name === null) return
    const policy = this.#deps.policy(name)
    // A crash between slot and signature leaves slots to sign before anything else.
    await this.#signOffers(name, policy)
    this.#log.commit(await signCarried(this.#deps, () => this.#log.state, name, policy), BY, policy)
    const caps = accountCaps(policy, name.address)
    const replacing = replacements(this.#log.state, this.#deps.now(), policy.block_time_ms, caps)
    this.#log.commit(replacing, BY, policy)
    await this.#signOffers(name, policy)
    this.#log.commit(early(this.#log.state, this.#deps.now()), BY, policy)
    await this.#prices.look(this.#log.state, policy)
    const planPolicy = this.#planPolicy(name, policy)
    const turn = turnNow(this.#log.state, this.#lastCode, this.#deps.now(), planPolicy, this.#memory.turns)
    const { steps } = turn
    // Neither a command nor a better offer needs a step that waits.
    if (steps.length === 0 && !needsLook(this.#log.state, this.#deps.now(), planPolicy)) return
    if (this.#log.state.slots.size === 0 || this.#since === null) {
      const { slots, carried } = this.#log.state
      const isUnderWay = slots.size > 0 || carried.size > 0
      const answer = await this.#deps.watch(policy, { ...name, isUnderWay })
      if (answer.result === 'fenced') this.#log.commit(fenced(this.#log.state, steps), BY, policy)
      // Unreachable: everything stays as it is, the alarm looks again.
      if (answer.result !== 'following') return
      this.#since = answer.since
    }
    const carried = [...this.#log.state.carried.values()].flatMap((batch) => batch.steps)
    const slotted = [...[...this.#log.state.slots.values()].flatMap(stepsOf), ...carried]
    const tokens = tokensOf([...steps, ...slotted].map(({ action }) => action))
    const records = await this.#planFor(name, policy, steps, tokens, this.#since)
    if (records === null) return
    this.#log.commit(records, BY, policy)
    this.#memory.planned(records, turn)
    await this.#signOffers(name, policy)
    this.#log.commit(await signCarried(this.#deps, () => this.#log.state, name, policy), BY, policy)
    // What is left may fill another one.
    if (records.some(({ kind }) => kind === 'batched' || kind === 'entrusted')) this.#isMore = true
  }

  /** What the chain has told of its final block. */
  heard({ finalized, finalized_at }: Pick<ChainFacts, 'finalized' | 'finalized_at'>): void {
    this.#finalizedAt = finalized_at ?? this.#finalizedAt
    if (finalized >= 0) this.#finalized = Math.max(this.#finalized ?? 0, finalized)
  }

  ran(slot: OpenSlot, except: readonly Exception[]): void {
    this.#memory.ran(slot, except)
  }

  #planPolicy(name: SignerName, policy: ChainPolicy): PlanPolicy {
    const canSign = this.#deps.signer.holds(name.address)
    const { guide } = this.#prices
    return planPolicyOf(name, policy, { canSign, guide, finalizedAt: this.#finalizedAt })
  }

  /**
   * What the latest look said; or our own log, where a block brought or undid a delegation since. The look that follows is
   * what is gone by.
   */
  get #lastCode(): AccountCode {
    const { delegate } = this.#log.state
    if (this.#code?.delegate === delegate) return this.#code.seen
    return delegate === null ? { kind: 'none' } : { kind: 'delegated', to: delegate }
  }

  /** What one endpoint says alone decides nothing for good: then another operator's has to say the same. */
  async #planFor(
    name: SignerName,
    policy: ChainPolicy,
    steps: readonly PooledStep[],
    tokens: readonly Address[],
    since: number,
  ): Promise<readonly SignerRecord[] | null> {
    const isShared = this.#lastCode.kind === 'delegated'
    const behind = isShared ? this.#memory.behind(steps, this.#log.state.pool.values()) : []
    const { state } = this.#log
    const now = this.#deps.now()
    const planPolicy = this.#planPolicy(name, policy)
    const gas = this.#memory.questions(
      steps,
      behind,
      now,
      isForOthers(state, this.#lastCode, now, planPolicy),
    )
    const estimates = gas.asked.map(({ action }) => ({
      from: name.address,
      ...encodeTrial(action, name.address),
    }))
    const words = wordsOf(state, now, planPolicy)
    const query = { address: name.address, tokens, estimates, words }
    const planOf = ({ account }: SignerLook): readonly SignerRecord[] => {
      const answers = gas.answers(account.estimates)
      const looked = steps.flatMap((step, index) => {
        // Tried before the account had the code: that says nothing.
        const estimate = needsCode(step) && !isShared ? UNTRIED : answers[index]
        return estimate === undefined ? [] : [{ key: step.key, estimate }]
      })
      return plan(this.#log.state, looked, tokens, account, this.#deps.now(), planPolicy)
    }
    const isUsable = (account: SignerAccount) => isRecent(this.#log.state, account, since, this.#finalized)
    const { delegate } = state
    const visibility = visibilityOf(state)
    const first = await this.#deps.account(policy, query, { besides: null, visibility }, isUsable)
    if (first?.ok !== true) return null
    this.#balance = { wei: first.value.account.balance, at: this.#deps.now() }
    this.#code = { seen: first.value.account.code, delegate }
    const { estimates: told, room } = first.value.account
    this.#memory.looked(gas, steps, behind, told, this.#deps.now(), fullnessOf(room))
    const records = planOf(first.value)
    if (!records.some(isForGood)) return records
    const second = await this.#secondLook(policy, query, first.value, isUsable)
    if (second?.ok === false) return null
    // The state may have moved on meanwhile: both plans are made of what is there now.
    return second === null ? planOf(first.value) : reconcilePlans(planOf(first.value), planOf(second.value))
  }

  /** Another operator's. Of a private account a public endpoint is asked how far it is, and of nothing that it is to do. */
  async #secondLook(
    policy: ChainPolicy,
    query: SignerQuery,
    { operator: besides, account }: SignerLook,
    isUsable: (account: SignerAccount) => boolean,
  ): Promise<NodeResult<SignerLook> | null> {
    const visibility = visibilityOf(this.#log.state)
    const second = await this.#deps.account(policy, query, { besides, visibility }, isUsable)
    if (second !== null || visibility === 'public') return second
    const bare = { ...query, tokens: [], estimates: [] }
    const seen = await this.#deps.account(policy, bare, { besides, visibility: 'public' }, isUsable)
    if (seen?.ok !== true) return seen
    const { estimates, token_balances } = account
    return ok({ ...seen.value, account: { ...seen.value.account, estimates, token_balances } })
  }

  /** All are asked for at once, for a key may be far away; up to the first slot that has no bytes at all they count. */
  async #signOffers(name: SignerName, policy: ChainPolicy): Promise<void> {
    const offered = [...this.#log.state.slots.values()].filter((slot) => slot.next !== null)
    if (offered.length === 0) return
    const answers = await Promise.all(offered.map((slot) => this.#sign(name, policy, slot)))
    this.#isUnsigned = answers.some((answer) => !answer.ok)
    const missing = answers.findIndex((answer, index) => !answer.ok && offered[index]?.attempts.length === 0)
    // Nothing stands signed above an unsigned slot: what is left out here was never sent.
    const counted = answers.slice(0, missing < 0 ? answers.length : missing)
    const records = counted.flatMap((answer) => (answer.ok ? [answer.value] : []))
    // Meanwhile a stranger's final transaction may have closed one of them.
    const open = records.filter((record) => this.#log.state.slots.has(record.nonce))
    this.#log.commit([...open, ...released(this.#log.state, offered[missing], answers[missing])], BY, policy)
  }

  async #sign(
    name: SignerName,
    { chain }: ChainPolicy,
    slot: OpenSlot,
  ): Promise<Result<SignedRecord, SigningFailure>> {
    const { nonce, next, attempts } = slot
    assert(next !== null, 'there is something to sign')
    const { steps, ...fees } = next
    const signed = await this.#deps.signer.sign(
      name.address,
      slotTransaction(chain, name.address, slot, next),
    )
    if (!signed.ok) {
      this.#deps.log('signer.not_signed', { ...name, nonce, ...signed.error })
      return signed
    }
    const { hash, raw } = signed.value
    return ok({ kind: 'signed', nonce, attempt: { index: attempts.length, hash, ...fees }, steps, raw })
  }
}

/** A key that does not sign delegations: the steps go one by one. */
function released(
  state: SignerState,
  slot: OpenSlot | undefined,
  answer: Result<SignedRecord, SigningFailure> | undefined,
): readonly SignerRecord[] {
  if (slot?.work.kind !== 'delegation' || answer?.ok !== false || answer.error.reason !== 'refused') return []
  return state.slots.has(slot.nonce) ? [{ kind: 'released', nonce: slot.nonce }] : []
}

/** Those that were withdrawn in the meantime are gone. */
function fenced(state: SignerState, steps: readonly PooledStep[]): readonly SignerRecord[] {
  return steps
    .filter(({ key, held }) => held !== 'fenced' && state.pool.has(stepKeyText(key)))
    .map(({ key }) => ({ kind: 'held', key, reason: 'fenced' }))
}

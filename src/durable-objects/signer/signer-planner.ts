// Gives steps their slots and signs them. One run at a time: what a run asked of the chain is still true of the pool
// when it decides, but for withdrawals and admissions, and those the pure planner looks at anew.

import { encodeAction } from '../../shared/adapters/encode-action.ts'
import type { Address } from '../../shared/chain/address.ts'
import type { ChainPolicy } from '../../shared/chain/policy.ts'
import { addMs, SECOND_MS, type UnixMs } from '../../shared/lib/time.ts'
import type { WatchAnswer, WatchedSigner } from '../../shared/ports/chain-actor.ts'
import type { NodeResult } from '../../shared/ports/chain-node.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import type { TransactionSigner } from '../../shared/ports/transaction-signer.ts'
import type { SignerAccount, SignerQuery } from '../../shared/signer/account.ts'
import { candidates, early, plan } from '../../shared/signer/plan.ts'
import { isRecent } from '../../shared/signer/recent.ts'
import type { SignerRecord } from '../../shared/signer/records.ts'
import { isForGood, reconcilePlans } from '../../shared/signer/second-opinion.ts'
import type { OpenSlot, PooledStep, SignerState } from '../../shared/signer/state.ts'
import type { HoldReason } from '../../shared/transfer/status.ts'
import { stepKeyText } from '../../shared/transfer/step-report.ts'
import type { By } from '../../shared/wal/by.ts'
import { SingleFlight } from '../turns/single-flight.ts'
import type { SignerLook } from './ask-account.ts'
import type { SignerLog } from './signer-log.ts'

type SignedRecord = Extract<SignerRecord, { kind: 'signed' }>

/** A dashboard asks every few seconds, and every open page does. */
const BALANCE_FRESH_MS = 10 * SECOND_MS

const BY: By = { source: 'queue' }

export type PlannerDeps = {
  readonly now: () => UnixMs
  readonly signer: TransactionSigner
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
  readonly policy: (name: SignerName) => ChainPolicy
  /** Before the first slot is open: from here on the chain is followed for this account. */
  readonly watch: (policy: ChainPolicy, signer: WatchedSigner) => Promise<WatchAnswer>
  /** Of any operator but `besides`, and of one that `isUsable`; null: there is no other. */
  readonly account: (
    policy: ChainPolicy,
    query: SignerQuery,
    besides: string | null,
    isUsable: (account: SignerAccount) => boolean,
  ) => Promise<NodeResult<SignerLook> | null>
}

export class SignerPlanner {
  readonly #deps: PlannerDeps
  readonly #log: SignerLog
  readonly #flight = new SingleFlight(() => this.#counted())
  #balance: { readonly wei: bigint; readonly at: UnixMs } | null = null
  #runs = 0
  /** What holds the key did not sign when last asked. */
  #isUnsigned = false
  /** What the account did up to this block the chain will not tell; null: not asked in this life of the object. */
  #since: number | null = null

  constructor(deps: PlannerDeps, log: SignerLog) {
    this.#deps = deps
    this.#log = log
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
    const query = { address: name.address, tokens: [], words: [], estimates: [] }
    const look = await this.#deps.account(this.#deps.policy(name), query, null, () => true)
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
      await this.#run()
    } finally {
      this.#runs -= 1
    }
  }

  async #run(): Promise<void> {
    const name = this.#log.state.identity
    if (name === null) return
    const policy = this.#deps.policy(name)
    // A crash between slot and signature leaves slots to sign before anything else.
    await this.#signReserved(name, policy)
    this.#log.commit(early(this.#log.state, this.#deps.now()), BY, policy)
    const planPolicy = { window: policy.window, canSign: this.#deps.signer.holds(name.address) }
    const steps = candidates(this.#log.state, this.#deps.now(), planPolicy)
    if (steps.length === 0) return
    if (this.#log.state.slots.size === 0 || this.#since === null) {
      const answer = await this.#deps.watch(policy, name)
      if (answer.result === 'fenced') this.#log.commit(fenced(this.#log.state, steps), BY, policy)
      // Unreachable: everything stays as it is, the alarm looks again.
      if (answer.result !== 'following') return
      this.#since = answer.since
    }
    const tokens = tokensOf(steps, this.#log.state.slots.values())
    const records = await this.#planFor(name, policy, steps, tokens, this.#since)
    if (records === null) return
    this.#log.commit(records, BY, policy)
    await this.#signReserved(name, policy)
  }

  /** What one endpoint says alone decides nothing for good: then another operator's has to say the same. */
  async #planFor(
    name: SignerName,
    policy: ChainPolicy,
    steps: readonly PooledStep[],
    tokens: readonly Address[],
    since: number,
  ): Promise<readonly SignerRecord[] | null> {
    const estimates = steps.map((step) => ({ from: name.address, ...encodeAction(step.action) }))
    const query = { address: name.address, tokens, words: [], estimates }
    const planPolicy = { window: policy.window, canSign: this.#deps.signer.holds(name.address) }
    const planOf = ({ account }: SignerLook): readonly SignerRecord[] => {
      const looked = steps.flatMap((step, index) => {
        const estimate = account.estimates[index]
        return estimate === undefined ? [] : [{ key: step.key, estimate }]
      })
      return plan(this.#log.state, looked, tokens, account, planPolicy)
    }
    const isUsable = (account: SignerAccount) => isRecent(this.#log.state, account, since)
    const first = await this.#deps.account(policy, query, null, isUsable)
    if (first?.ok !== true) return null
    this.#balance = { wei: first.value.account.balance, at: this.#deps.now() }
    const records = planOf(first.value)
    if (!records.some(isForGood)) return records
    const second = await this.#deps.account(policy, query, first.value.operator, isUsable)
    if (second?.ok === false) return null
    // The state may have moved on meanwhile: both plans are made of what is there now.
    return second === null ? planOf(first.value) : reconcilePlans(planOf(first.value), planOf(second.value))
  }

  /** All are asked for at once, for a key may be far away; up to the first that is not signed they count. */
  async #signReserved(name: SignerName, policy: ChainPolicy): Promise<void> {
    const unsigned = [...this.#log.state.slots.values()].filter((slot) => slot.attempts.length === 0)
    if (unsigned.length === 0) return
    const answers = await Promise.all(unsigned.map((slot) => this.#sign(name, policy, slot)))
    const missing = answers.indexOf(null)
    this.#isUnsigned = missing >= 0
    // Nothing stands signed above an unsigned slot: what is left out here was never sent.
    const records = answers
      .slice(0, missing < 0 ? answers.length : missing)
      .filter((record) => record !== null)
    // Meanwhile a stranger's final transaction may have closed one of them.
    const open = records.filter((record) => this.#log.state.slots.has(record.nonce))
    this.#log.commit(open, BY, policy)
  }

  async #sign(name: SignerName, policy: ChainPolicy, slot: OpenSlot): Promise<SignedRecord | null> {
    const { nonce, gas_limit, max_fee_per_gas, max_priority_fee_per_gas } = slot
    const fees = { gas_limit, max_fee_per_gas, max_priority_fee_per_gas }
    const unsigned = {
      chain: policy.chain,
      nonce,
      ...encodeAction(slot.action),
      ...fees,
      authorization: null,
    }
    const signed = await this.#deps.signer.sign(name.address, unsigned)
    if (!signed.ok) {
      this.#deps.log('signer.not_signed', { ...name, nonce, ...signed.error })
      return null
    }
    const { hash, raw } = signed.value
    return { kind: 'signed', nonce, attempt: { index: 0, hash, ...fees }, steps: [slot.key], raw }
  }
}

/** Those that were withdrawn in the meantime are gone. */
function fenced(state: SignerState, steps: readonly PooledStep[]): readonly SignerRecord[] {
  return steps
    .filter(({ key, held }) => held !== 'fenced' && state.pool.has(stepKeyText(key)))
    .map(({ key }) => ({ kind: 'held', key, reason: 'fenced' }))
}

function tokensOf(steps: readonly PooledStep[], slots: Iterable<OpenSlot>): readonly Address[] {
  const tokens = new Set<Address>()
  for (const { action } of [...steps, ...slots]) if (action.type === 'erc20') tokens.add(action.token)
  return [...tokens]
}

// A signer as a test drives it: each call is one turn of the real decisions, recorded and folded. After every turn it is
// checked what must hold in any: a step is in one place, and the line is dense.

import { expect } from 'vitest'
import type { BroadcastClass } from '../../src/shared/broadcast/outcome.ts'
import type { ChainFacts } from '../../src/shared/chain/account-facts.ts'
import type { Inclusion } from '../../src/shared/chain/receipt.ts'
import { addMs, type UnixMs } from '../../src/shared/lib/time.ts'
import type { GasEstimate, SignerAccount } from '../../src/shared/signer/account/account.ts'
import { tokensOf } from '../../src/shared/signer/account/budget.ts'
import type { Admission, AdmissionAnswer } from '../../src/shared/signer/admission.ts'
import { admit, withdraw } from '../../src/shared/signer/admit.ts'
import { outcomes } from '../../src/shared/signer/broadcasts.ts'
import { settle } from '../../src/shared/signer/evidence/settle.ts'
import { early, type PlanPolicy, turnNow } from '../../src/shared/signer/plan/candidates.ts'
import { needsLook } from '../../src/shared/signer/plan/needs-look.ts'
import { plan } from '../../src/shared/signer/plan/plan.ts'
import { newTurnMemory, type TurnMemory } from '../../src/shared/signer/plan/turn.ts'
import { evolve } from '../../src/shared/signer/state/evolve.ts'
import type { SignerRecord } from '../../src/shared/signer/state/records.ts'
import { type OpenSlot, stepsOf } from '../../src/shared/signer/state/slot.ts'
import { reportOf } from '../../src/shared/signer/state/standing.ts'
import { newSigner, type SignerState } from '../../src/shared/signer/state/state.ts'
import type { WithdrawAnswer } from '../../src/shared/transfer/decide.ts'
import type { WithdrawCause } from '../../src/shared/transfer/records.ts'
import type { Action } from '../../src/shared/transfer/request.ts'
import { type StepKey, type StepReport, stepKeyText } from '../../src/shared/transfer/step-report.ts'
import {
  blockHashOf,
  CHAIN,
  hexOf,
  RECIPIENT,
  SIGNER,
  START,
  stepKeyOf,
  TENANT,
  txHashOf,
} from './domain-values.ts'

/** Gas of a plain transfer, and what a unit of it is bid in these tests: 2 x 9 + 2. */
export const GAS = 21_000n
export const MAX_FEE = 20n
export const FIRST_NONCE = 5
export const BLOCK_TIME_MS = 12_000
/** What a step of the bench moves unless told otherwise, and what its slot may take in all. */
export const AMOUNT = 1_000n
export const COST = AMOUNT + GAS * MAX_FEE

export const OK_GAS: GasEstimate = { ok: true, gas: GAS }
export const REVERTS: GasEstimate = { ok: false, reverted: true, message: 'execution reverted' }
export const NO_ANSWER: GasEstimate = { ok: false, reverted: false, message: 'timeout' }

export type PlanChange = {
  readonly account?: Partial<SignerAccount>
  readonly policy?: Partial<PlanPolicy>
  readonly estimate?: (key: StepKey) => GasEstimate
  /** Between the question and the plan. */
  readonly meanwhile?: () => void
}

export class SignerBench {
  readonly state: SignerState = newSigner()
  readonly log: { readonly record: SignerRecord; readonly at: UnixMs }[] = []
  now: UnixMs = START
  /** Of the chain's facts. */
  view = 0
  /** As large as a batch may be, so that tests say how large one is. */
  memory: TurnMemory = { ...newTurnMemory(), size: { mostSteps: 256, clean: 0 } }

  constructor() {
    this.commit([{ kind: 'opened', tenant: TENANT, chain: CHAIN, address: SIGNER }])
  }

  commit(records: readonly SignerRecord[]): readonly SignerRecord[] {
    for (const record of records) {
      evolve(this.state, record, { at: this.now })
      this.log.push({ record, at: this.now })
    }
    checkPlaces(this.state)
    return records
  }

  /** Slow: for the end of a test. */
  expectReplay(): void {
    const replayed = this.log.reduce((state, { record, at }) => evolve(state, record, { at }), newSigner())
    expect(replayed).toEqual(this.state)
  }

  after(durationMs: number): this {
    this.now = addMs(this.now, durationMs)
    return this
  }

  /** Asks for the step of this number; the answers of all that asked. */
  admit(...numbers: readonly number[]): readonly AdmissionAnswer['result'][] {
    return this.admitAll(numbers.map((number) => admission(number, { bound_at: this.now })))
  }

  admitAll(admissions: readonly Admission[]): readonly AdmissionAnswer['result'][] {
    const { answers, records } = admit(this.state, admissions, this.now)
    this.commit(records)
    return answers.map(({ result }) => result)
  }

  withdraw(number: number, cause: WithdrawCause = 'deadline'): WithdrawAnswer {
    const { answer, records } = withdraw(this.state, stepKeyOf(number), cause)
    this.commit(records)
    return answer
  }

  /** One look and one plan, as the planner does it; then everything that got a slot is signed. */
  plan(change: PlanChange = {}): readonly SignerRecord[] {
    const records = this.planOnly(change)
    this.sign()
    return records
  }

  planOnly({ account = {}, policy = {}, estimate = () => OK_GAS, meanwhile }: PlanChange = {}) {
    const rules = { window: 16, canSign: true, batch: null, blockTimeMs: BLOCK_TIME_MS, ...policy }
    const { code = { kind: 'none' } } = account
    this.commit(early(this.state, this.now))
    const turn = turnNow(this.state, code, this.now, rules, this.memory)
    const { steps } = turn
    this.memory = { ...this.memory, passes: turn.passes }
    if (steps.length === 0 && !needsLook(this.state, this.now, rules)) return []
    const looked = steps.map(({ key }) => ({ key, estimate: estimate(key) }))
    meanwhile?.()
    const tokens = tokensOf([...steps.map(({ action }) => action), ...slotActions(this.state)])
    return this.commit(plan(this.state, looked, tokens, accountOf(this.state, account), this.now, rules))
  }

  sign(): void {
    for (const slot of this.state.slots.values()) if (slot.next !== null) this.commit([signedOf(slot)])
    for (const { id: batch, signature } of this.state.carried.values()) {
      if (signature === null) this.commit([{ kind: 'authorized', batch, signature: hexOf('0x03') }])
    }
  }

  sent(number: number, ...classes: readonly BroadcastClass[]): readonly SignerRecord[] {
    const hash = hashOf(this.slot(number).nonce)
    const told = classes.map((name) => ({ hash, endpoint: 'one', class: name, detail: null }))
    return this.commit(outcomes(this.state, told))
  }

  facts(change: Partial<ChainFacts>): readonly SignerRecord[] {
    this.view = change.view ?? this.view + 1
    const facts = { view: this.view, head: 1_000, inclusions: [], finalized: -1, ...change }
    return this.commit(settle(this.state, facts))
  }

  slot(number: number): OpenSlot {
    const slot = this.state.slots.get(this.state.slotOf.get(stepKeyText(stepKeyOf(number))) ?? -1)
    if (slot === undefined) throw new Error(`step ${number} has a slot`)
    return slot
  }

  report(number: number): StepReport {
    return reportOf(this.state, SIGNER, stepKeyOf(number), this.log.length)
  }
}

export function admission(number: number, change: Partial<Admission> = {}): Admission {
  const action: Action = { type: 'native', to: RECIPIENT, amount: AMOUNT }
  return {
    key: stepKeyOf(number),
    action,
    not_before: null,
    max_fee_per_gas: null,
    bound_at: START,
    ...change,
  }
}

/** The hash of our transaction at a nonce; `attempt`: of its replacements. */
export function hashOf(nonce: number, attempt = 0) {
  return txHashOf(1_000 + nonce + 100_000 * attempt)
}

/** Our transaction at this nonce, in the block of this number; what differs from that is given. */
export function included(
  nonce: number,
  block: number,
  change: Partial<Inclusion['receipt']> & { readonly to?: Inclusion['to']; readonly fork?: number } = {},
): Inclusion {
  const { to = RECIPIENT, fork = 0, ...receipt } = change
  return {
    nonce,
    to,
    value: AMOUNT,
    receipt: {
      hash: hashOf(nonce),
      block_number: block,
      block_hash: blockHashOf(block * 16 + fork),
      status: 'success',
      gas_used: GAS,
      effective_gas_price: 11n,
      logs: [],
      ...receipt,
    },
  }
}

export function signedOf(slot: OpenSlot): SignerRecord {
  const { nonce, next, attempts } = slot
  if (next === null) throw new Error(`there is something to sign for nonce ${nonce}`)
  const { steps, ...fees } = next
  const attempt = { index: attempts.length, hash: hashOf(nonce, attempts.length), ...fees }
  return { kind: 'signed', nonce, attempt, steps, raw: hexOf('0x02') }
}

/** Rich, and at the nonce where the signer's own line goes on. */
export function accountOf(state: SignerState, change: Partial<SignerAccount>): SignerAccount {
  const nonce = state.nextNonce ?? FIRST_NONCE
  return {
    at: { number: 100, hash: blockHashOf(100) },
    balance: 10n ** 18n,
    latest_nonce: nonce,
    pending_nonce: nonce,
    token_balances: [],
    code: { kind: 'none' },
    used: new Map(),
    estimates: [],
    fees: { next_base_fee: 9n, priority_fee: 2n },
    room: { gas_limit: 36_000_000n, gas_used: 0n },
    ...change,
  }
}

function slotActions(state: SignerState): readonly Action[] {
  return [...state.slots.values()].flatMap(stepsOf).map(({ action }) => action)
}

/** A step is in one place, and the slots are in nonce order below the end of the line. */
function checkPlaces(state: SignerState): void {
  const inWork = [...state.slotOf.keys(), ...state.carriedOf.keys()]
  const places = [...state.pool.keys(), ...inWork, ...state.ended.keys()]
  expect(new Set(places).size, 'a step in two places').toBe(places.length)
  const slots = [...state.slots.values()]
  expect(slots.map(({ nonce }) => nonce)).toEqual([...state.slots.keys()].sort((one, other) => one - other))
  const slotOf = slots.flatMap((slot) =>
    stepsOf(slot).map(({ key }) => [stepKeyText(key), slot.nonce] as const),
  )
  expect(new Map(slotOf)).toEqual(state.slotOf)
  for (const { nonce } of slots) expect(nonce).toBeLessThan(state.nextNonce ?? 0)
  // A filler closes a gap that a reorg left below what was signed.
  const isOpen = ({ work, attempts }: OpenSlot) => work.kind !== 'filler' && attempts.length === 0
  const firstUnsigned = slots.findIndex(isOpen)
  const above = firstUnsigned < 0 ? [] : slots.slice(firstUnsigned)
  for (const { attempts } of above) expect(attempts, 'signed above an unsigned slot').toEqual([])
}

// The planner: which waiting steps take a slot now, which wait on and why. Pure. It asks for what it must know first
// (`candidates`), and is given it (`SignerAccount`); between the two the world may have changed, so `plan` looks at the
// state anew and skips what is no longer in the pool.

import type { Address } from '../../chain/address.ts'
import { bid } from '../../fees/bid.ts'
import { assertDefined } from '../../lib/assert.ts'
import type { UnixMs } from '../../lib/time.ts'
import type { HoldReason } from '../../transfer/status.ts'
import { type StepKey, stepKeyText } from '../../transfer/step-report.ts'
import type { GasEstimate, SignerAccount } from '../account/account.ts'
import { Budget } from '../account/budget.ts'
import { fill } from '../offers/holes.ts'
import { marketOffer } from '../offers/market-offer.ts'
import { repricings } from '../offers/repricings.ts'
import type { SignerRecord } from '../state/records.ts'
import { needsCode, type SignerState } from '../state/state.ts'
import { hasCommand, type PlanPolicy, roomOf, wayOf } from './candidates.ts'
import { planBatch } from './plan-batch.ts'
import { closing, entrust, lapses } from './plan-carried.ts'
import { type LookedStep, reserve } from './reserve.ts'
import { tipOfPlan } from './tip-of-plan.ts'
import { holdForCap, holdIfNew, judgeStep } from './verdict.ts'

/** 21,000, and 25,000 for an authorization of an account that exists (EIP-7702). Exact: the transaction calls nothing. */
const DELEGATION_GAS = 46_000n

export type Looked = {
  readonly key: StepKey
  readonly estimate: GasEstimate
}

/** `looked`: the candidates in the order in which they were asked about; `tokens` likewise. */
export function plan(
  state: SignerState,
  looked: readonly Looked[],
  tokens: readonly Address[],
  seen: SignerAccount,
  now: UnixMs,
  policy: PlanPolicy,
): readonly SignerRecord[] {
  const account = { ...seen, fees: { ...seen.fees, caps: policy.caps } }
  const steps = looked.flatMap(({ key, estimate }) => {
    const step = state.pool.get(stepKeyText(key))
    return step === undefined ? [] : [{ step, estimate }]
  })
  if (!policy.canSign) return steps.flatMap(({ step }) => holdIfNew(step, 'fenced'))
  const line = lineOf(state, account)
  if (line === null) return steps.flatMap(({ step }) => holdIfNew(step, 'fenced'))

  if (state.wantedCode !== null && !hasCommand(state, account.code)) {
    // What waits is planned by the next run.
    return [...line.records, { kind: 'delegation_met' }]
  }
  const way = wayOf(state, account.code, now, policy)
  const room = roomOf(state, way, policy)
  const budget = new Budget(account, tokens, state.slots.values(), state.carried.values())
  const { nonce } = line
  // First what stands in the line already: nothing above it can be mined before.
  const filling = fill(state, account, budget, now, policy.blockTimeMs)
  const begun = [
    ...line.records,
    ...filling,
    ...repricings(state, account.fees, budget, now, policy.blockTimeMs),
    ...lapses(state, account, now, policy),
  ]
  // Something may have been opened since the candidates were chosen; and above a hole nothing is mined.
  if (room <= 0 || filling.length > 0) {
    const isShared = way === 'batch' && policy.carryFrom !== undefined
    return [
      ...begun,
      ...(isShared ? entrust(state, steps, account, budget, now, policy, policy.carryFrom ?? 1) : []),
    ]
  }
  // Where the account could be delegated, all that is missing is the gas for it.
  const codeless = way === 'delegate' ? 'funds' : 'policy'
  const going = steps.map(({ step }) => step)
  const priority_fee = tipOfPlan(account.fees, going, now, policy.blockTimeMs)
  const offered = { ...account, fees: { ...account.fees, priority_fee } }
  const alone = () => planAlone(nonce, room, steps, offered, budget, codeless)
  switch (way) {
    case 'delegate':
      return [...begun, ...(delegate(nonce, codeFor(state, policy), account, budget) ?? alone())]
    case 'batch': {
      const closes = closing(state, nonce, account, budget)
      if (closes !== null) return [...begun, closes]
      const own = planBatch(state, nonce, steps, offered, budget)
      return [...begun, ...ownOrCarried(own, () => entrust(state, steps, account, budget, now, policy, 1))]
    }
    case 'plain':
    case 'alone':
      return [...begun, ...alone()]
  }
}

/** Where the account cannot pay for the gas of any, others may. */
function ownOrCarried(
  own: readonly SignerRecord[],
  carried: () => readonly SignerRecord[],
): readonly SignerRecord[] {
  if (own.some(({ kind }) => kind === 'batched' || kind === 'reserved')) return own
  const entrusted = carried()
  return entrusted.length > 0 ? entrusted : own
}

/** One transaction for each step, as many as have room. `codeless`: why one waits that only code can run. */
function planAlone(
  first: number,
  room: number,
  steps: readonly LookedStep[],
  account: SignerAccount,
  budget: Budget,
  codeless: HoldReason,
): readonly SignerRecord[] {
  const records: SignerRecord[] = []
  let nonce = first
  for (const { step, estimate } of steps) {
    if (nonce >= first + room) break
    if (needsCode(step)) {
      const price = bid(account.fees, step.max_fee_per_gas)
      records.push(...(price.ok ? holdIfNew(step, codeless) : holdForCap(step, price.cap)))
      continue
    }
    const verdict = judgeStep(step, estimate, account, budget)
    const told = verdict.go ? reserve(step, nonce, verdict.estimate, account, budget) : verdict.records
    if (told.some(({ kind }) => kind === 'reserved')) nonce += 1
    records.push(...told)
  }
  return records
}

/** On an empty line, and alone. Null: without the gas for it, or above a cap, the steps go one by one until there is more. */
function delegate(
  nonce: number,
  to: Address,
  account: SignerAccount,
  budget: Budget,
): readonly SignerRecord[] | null {
  const offer = marketOffer(account, DELEGATION_GAS, budget)
  if (offer === null) return null
  return [{ kind: 'delegating', nonce, to, ...offer }]
}

function codeFor({ wantedCode }: SignerState, { batch }: PlanPolicy): Address {
  return wantedCode ?? assertDefined(batch, 'a chain with an executor').executor
}

/** Where the line goes on. First use of a key: only where nobody else has a transaction under way with it. */
function lineOf(
  state: SignerState,
  account: SignerAccount,
): { readonly nonce: number; readonly records: readonly SignerRecord[] } | null {
  const { latest_nonce: latest } = account
  if (state.nextNonce === null) {
    if (account.pending_nonce !== latest) return null
    return { nonce: latest, records: [{ kind: 'adopted', nonce: latest }] }
  }
  if (latest <= state.nextNonce) return { nonce: state.nextNonce, records: [] }
  return { nonce: latest, records: [{ kind: 'skipped', nonce: latest, view: null }] }
}

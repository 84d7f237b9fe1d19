// The planner: which waiting steps take a slot now, which wait on and why. Pure. It asks for what it must know first
// (`candidates`), and is given it (`SignerAccount`); between the two the world may have changed, so `plan` looks at the
// state anew and skips what is no longer in the pool.

import type { Address } from '../chain/address.ts'
import { bid } from '../fees/bid.ts'
import { SECOND_MS, type UnixMs } from '../lib/time.ts'
import type { Action } from '../transfer/request.ts'
import type { HoldReason } from '../transfer/status.ts'
import { type StepKey, stepKeyText } from '../transfer/step-report.ts'
import type { GasEstimate, SignerAccount } from './account.ts'
import { DOUBT_BLOCKS, HELD_LOOKED_AT } from './limits.ts'
import type { SignerRecord } from './records.ts'
import type { OpenSlot, PooledStep, SignerState } from './state.ts'

export type PlanPolicy = {
  /** Transactions of one signer that may be in the nodes' pools at once; one in a block takes no room there. */
  readonly window: number
  readonly canSign: boolean
}

/** What a plain transfer of value to an account without code costs: exact, no margin. */
const PLAIN_TRANSFER_GAS = 21_000n
/** State may change between the estimate and the block: a fifth more, of which what is not used is not paid. */
const GAS_MARGIN_PERCENT = 120n

/** Steps to look at: as many fresh ones as have room, and some that were held and may be free now. */
export function candidates(state: SignerState, now: UnixMs, policy: PlanPolicy): readonly PooledStep[] {
  const room = roomOf(state, policy)
  if (room <= 0) return []
  const fresh: PooledStep[] = []
  const held: PooledStep[] = []
  for (const step of state.pool.values()) {
    if (step.not_before !== null && step.not_before > now) continue
    const isFresh = step.held === null && step.doubtedAt === null
    if (!isFresh) held.push(step)
    else if (fresh.length < room) fresh.push(step)
  }
  return [...inTurn(held, now), ...fresh]
}

/**
 * In turn, so that some that can never go do not stand before one that could: the first of them moves on by one each
 * second. Looks are less than HELD_LOOKED_AT seconds apart (TICK_MOST_MS), so none is passed over.
 */
function inTurn(held: readonly PooledStep[], now: UnixMs): readonly PooledStep[] {
  if (held.length <= HELD_LOOKED_AT) return held
  const start = Math.floor(now / SECOND_MS) % held.length
  return [...held.slice(start), ...held.slice(0, start)].slice(0, HELD_LOOKED_AT)
}

function roomOf(state: SignerState, policy: PlanPolicy): number {
  let unmined = 0
  for (const slot of state.slots.values()) if (slot.inclusion === null) unmined += 1
  return policy.window - unmined
}

/** Steps that wait for their time: told as held, so that nobody wonders. */
export function early(state: SignerState, now: UnixMs): readonly SignerRecord[] {
  const records: SignerRecord[] = []
  for (const step of state.pool.values()) {
    const isEarly = step.not_before !== null && step.not_before > now
    if (isEarly && step.held !== 'not_before') records.push(hold(step, 'not_before'))
  }
  return records
}

export type Looked = {
  readonly key: StepKey
  readonly estimate: GasEstimate
}

/** `looked`: the candidates in the order in which they were asked about; `tokens` likewise. */
export function plan(
  state: SignerState,
  looked: readonly Looked[],
  tokens: readonly Address[],
  account: SignerAccount,
  policy: PlanPolicy,
): readonly SignerRecord[] {
  const steps = looked.flatMap(({ key, estimate }) => {
    const step = state.pool.get(stepKeyText(key))
    return step === undefined ? [] : [{ step, estimate }]
  })
  if (!policy.canSign) return steps.flatMap(({ step }) => holdIfNew(step, 'fenced'))
  const line = lineOf(state, account)
  if (line === null) return steps.flatMap(({ step }) => holdIfNew(step, 'fenced'))

  const records: SignerRecord[] = [...line.records]
  const budget = new Budget(account, tokens, state.slots.values())
  let nonce = line.nonce
  let room = roomOf(state, policy)
  for (const { step, estimate } of steps) {
    if (room <= 0) break
    const verdict = judgeStep(step, estimate, account, budget)
    if (verdict.go) {
      records.push({ kind: 'reserved', nonce, key: step.key, ...verdict.bid })
      budget.commit(step.action, verdict.bid)
      nonce += 1
      room -= 1
    } else records.push(...verdict.records)
  }
  return records
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

type Bid = Pick<OpenSlot, 'gas_limit' | 'max_fee_per_gas' | 'max_priority_fee_per_gas'>
type Verdict =
  | { readonly go: true; readonly bid: Bid }
  | { readonly go: false; readonly records: readonly SignerRecord[] }

function judgeStep(step: PooledStep, estimate: GasEstimate, account: SignerAccount, budget: Budget): Verdict {
  const token = budget.tokenStanding(step.action)
  if (token === 'short') return wait(step, 'funds')
  if (budget.native < nativeValue(step.action)) return wait(step, 'funds')
  if (!estimate.ok || token === 'missing') {
    const isRevert = token === 'missing' || (!estimate.ok && estimate.reverted)
    // Not a verdict about the step: the endpoint had trouble. It stays where it is.
    return { go: false, records: isRevert ? doubt(step, account.at.number) : [] }
  }
  const price = bid(account.fees, step.max_fee_per_gas)
  if (!price.ok) return wait(step, 'fee_cap')
  const gas_limit = withMargin(estimate.gas)
  const offer = {
    gas_limit,
    max_fee_per_gas: price.max_fee_per_gas,
    max_priority_fee_per_gas: price.max_priority_fee_per_gas,
  }
  return budget.native < cost(step.action, offer) ? wait(step, 'funds') : { go: true, bid: offer }
}

function withMargin(gas: bigint): bigint {
  return gas === PLAIN_TRANSFER_GAS ? gas : (gas * GAS_MARGIN_PERCENT) / 100n
}

/** One node that lags may see a revert that is none. Two looks, some blocks apart, or nothing. */
function doubt(step: PooledStep, block: number): readonly SignerRecord[] {
  if (step.doubtedAt === null) return [{ kind: 'doubted', key: step.key, block_number: block }]
  if (block < step.doubtedAt + DOUBT_BLOCKS) return []
  return [{ kind: 'rejected', key: step.key, failure: 'would_revert' }]
}

function wait(step: PooledStep, reason: HoldReason): Verdict {
  return { go: false, records: holdIfNew(step, reason) }
}

function holdIfNew(step: PooledStep, reason: HoldReason): readonly SignerRecord[] {
  return step.held === reason ? [] : [hold(step, reason)]
}

function hold(step: PooledStep, reason: HoldReason): SignerRecord {
  return { kind: 'held', key: step.key, reason }
}

/** Balance minus what open slots may still take: a slot never spends what another one was promised. */
class Budget {
  native: bigint
  readonly #tokens = new Map<Address, bigint | null>()

  constructor(account: SignerAccount, tokens: readonly Address[], slots: Iterable<OpenSlot>) {
    this.native = account.balance
    for (const [index, token] of tokens.entries())
      this.#tokens.set(token, account.token_balances[index] ?? null)
    // A slot that the balance already paid for counts twice until its block is told; one whose block was told counts
    // while this node has not seen it: too careful, never too bold.
    for (const slot of slots) {
      const isPaid = slot.inclusion !== null && slot.nonce < account.latest_nonce
      if (!isPaid) this.commit(slot.action, slot)
    }
  }

  commit(action: Action, bid: Bid): void {
    this.native -= cost(action, bid)
    if (action.type !== 'erc20') return
    const balance = this.#tokens.get(action.token)
    if (balance !== undefined && balance !== null) this.#tokens.set(action.token, balance - action.amount)
  }

  tokenStanding(action: Action): 'enough' | 'short' | 'missing' {
    if (action.type !== 'erc20') return 'enough'
    const balance = this.#tokens.get(action.token)
    if (balance === undefined || balance === null) return 'missing'
    return balance < action.amount ? 'short' : 'enough'
  }
}

function cost(action: Action, bid: Bid): bigint {
  return nativeValue(action) + bid.gas_limit * bid.max_fee_per_gas
}

function nativeValue(action: Action): bigint {
  if (action.type === 'native') return action.amount
  return action.type === 'call' ? action.value : 0n
}

// Which waiting steps are looked at next, and how many there is room for. Pure.
//
// A plain account's transactions go one behind the other, as many as nodes keep of one account. One with code of its own
// has a single transaction under way at a time, for nodes keep no more of it; where that code is ours, it is a batch.

import type { Address } from '../../chain/address.ts'
import type { BatchPolicy, PriceWaits } from '../../chain/policy.ts'
import type { AccountCaps } from '../../fees/fee-caps.ts'
import { type FeeGuide, waitsFor } from '../../fees/fee-guide.ts'
import { blocksLeft } from '../../fees/speed-policy.ts'
import { SECOND_MS, type UnixMs } from '../../lib/time.ts'
import type { AccountCode } from '../account/account-code.ts'
import type { CarriedStep } from '../state/carried-batch.ts'
import { HELD_LOOKED_AT } from '../state/limits.ts'
import { isNoCode } from '../state/line.ts'
import type { SignerRecord } from '../state/records.ts'
import { isBlocking, isMined, stepsOf } from '../state/slot.ts'
import { needsCode, type PooledStep, type SignerState } from '../state/state.ts'
import { isCarriable, isPayment, nextCarrier } from './carriers.ts'
import { noTurn, type Turn, type TurnMemory, turnOf, withoutConflicts } from './turn.ts'
import { hold } from './verdict.ts'

export type PlanPolicy = {
  /** Transactions of one signer that may be in the nodes' pools at once; one in a block takes no room there. */
  readonly window: number
  readonly canSign: boolean
  readonly blockTimeMs: number
  /** How steps may share a transaction on this chain; null: they may not. */
  readonly batch: BatchPolicy | null
  /** Up to which prices those go who may wait. Default, and null: nobody waits. */
  readonly guide?: FeeGuide | null
  /** Who may bring what the account has signed, and from how many waiting steps on. Default: nobody. */
  readonly carriers?: readonly Address[]
  readonly carryFrom?: number
  /** Of the latest final block that the chain has told of; null: not known. */
  readonly finalizedAt?: UnixMs | null
  /** Default: all that may. */
  readonly priceWaits?: PriceWaits | undefined
  /** The most that the account may bid, whatever for. Default: no cap. */
  readonly caps?: AccountCaps | undefined
}

/** How the account's next transaction goes out. */
export type Way = 'plain' | 'alone' | 'batch' | 'delegate'

export function wayOf(state: SignerState, code: AccountCode, now: UnixMs, policy: PlanPolicy): Way {
  if (hasCommand(state, code)) return 'delegate'
  if (code.kind === 'delegated') return runsBatches(state, code.to, policy) ? 'batch' : 'alone'
  if (code.kind === 'contract') return 'alone'
  return needsDelegation(state, now, policy) ? 'delegate' : 'plain'
}

/** What is private goes alone, whatever code the account had before. */
function runsBatches({ isPrivate }: SignerState, code: Address, { batch }: PlanPolicy): boolean {
  return !isPrivate && code === batch?.executor
}

/** A command wants other code than the account has. */
export function hasCommand({ wantedCode }: SignerState, code: AccountCode): boolean {
  if (wantedCode === null || code.kind === 'contract') return false
  return code.kind === 'none' ? !isNoCode(wantedCode) : code.to !== wantedCode
}

/** Transactions that may be opened now. */
export function roomOf(state: SignerState, way: Way, policy: PlanPolicy): number {
  let unmined = 0
  for (const slot of state.slots.values()) {
    if (isBlocking(slot)) return 0
    if (!isMined(slot)) unmined += 1
  }
  return way === 'plain' ? policy.window - unmined : unmined === 0 ? 1 : 0
}

/**
 * `code`: as it was last seen. As many fresh ones as have room, in their turn, and some that were held and may be free now.
 */
export function candidates(
  state: SignerState,
  code: AccountCode,
  now: UnixMs,
  policy: PlanPolicy,
  memory: TurnMemory,
): Turn {
  const way = wayOf(state, code, now, policy)
  const room = roomOf(state, way, policy)
  if (room <= 0) return noTurn(memory)
  const fresh: PooledStep[] = []
  const held: PooledStep[] = []
  for (const step of state.pool.values()) {
    if (isEarly(step, now) || waitsForPrice(step, now, policy)) continue
    if (isFresh(step)) fresh.push(step)
    else held.push(step)
  }
  const isShared = way === 'batch'
  const places = isShared ? memory.size.mostSteps : room
  const turn = turnOf(fresh, now, places, isShared, memory, meeting(fresh, carriedSteps(state), memory))
  const again = inTurn(held, now)
  // Nobody waits for what is held; but neither may it meet in one batch what it is in conflict with.
  const beside = [...turn.steps, ...carriedSteps(state)]
  const free = isShared ? withoutConflicts(again, beside, memory) : again
  return { ...turn, steps: [...free, ...turn.steps] }
}

/** For the account's own transaction; where that is under way, for others to bring. */
export function turnNow(
  state: SignerState,
  code: AccountCode,
  now: UnixMs,
  policy: PlanPolicy,
  memory: TurnMemory,
): Turn {
  const own = candidates(state, code, now, policy, memory)
  return own.steps.length > 0 ? own : carriedCandidates(state, code, now, policy, memory)
}

/** The account's own transaction is under way: what goes now others bring. */
export function isForOthers(state: SignerState, code: AccountCode, now: UnixMs, policy: PlanPolicy): boolean {
  const way = wayOf(state, code, now, policy)
  return way === 'batch' && roomOf(state, way, policy) <= 0
}

/** What is under way with others: in no block yet. */
function carriedSteps({ carried }: SignerState): readonly CarriedStep[] {
  return [...carried.values()].flatMap(({ steps, inclusion }) => (inclusion === null ? steps : []))
}

/** Those whose trial run would not see what `underWay` does. */
function meeting(
  fresh: readonly PooledStep[],
  underWay: readonly CarriedStep[],
  memory: TurnMemory,
): readonly PooledStep[] {
  if (underWay.length === 0) return []
  return fresh.filter((step) => !isPayment(step) && withoutConflicts([step], underWay, memory).length === 0)
}

/** What others bring while the account's own transaction is under way. None that meets what it does not know. */
function carriedCandidates(
  state: SignerState,
  code: AccountCode,
  now: UnixMs,
  policy: PlanPolicy,
  memory: TurnMemory,
): Turn {
  const { carryFrom } = policy
  if (carryFrom === undefined || nextCarrier(state, policy) === null) return noTurn(memory)
  if (!isForOthers(state, code, now, policy)) return noTurn(memory)
  const payments: PooledStep[] = []
  const others: Pick<PooledStep, 'key' | 'action'>[] = [...state.slots.values()].flatMap(stepsOf)
  for (const step of state.pool.values()) {
    if (isEarly(step, now) || waitsForPrice(step, now, policy)) continue
    if (isFresh(step) && isCarriable(step)) payments.push(step)
    else others.push(step)
  }
  if (payments.length < carryFrom) return noTurn(memory)
  const free = withoutConflicts(payments, others, memory)
  return free.length < carryFrom ? noTurn(memory) : turnOf(free, now, memory.size.mostSteps, true, memory)
}

/**
 * Many that could share a transaction are waiting, or one that only code can run, and the account cannot yet. What is under way ends first: nodes take a
 * delegation only on an empty line.
 */
function needsDelegation(state: SignerState, now: UnixMs, policy: PlanPolicy): boolean {
  const { batch } = policy
  if (batch?.delegate !== 'on_need' || state.isDelegationRefused || state.isPrivate) return false
  let waiting = 0
  for (const step of state.pool.values()) {
    if (isEarly(step, now) || waitsForPrice(step, now, policy)) continue
    if (needsCode(step)) return true
    if (step.batch === 'auto' && isFresh(step)) waiting += 1
    if (waiting >= batch.delegate_from) return true
  }
  return false
}

/** One whose time has come waits for nothing any more. */
function isFresh({ held, doubtedAt }: PooledStep): boolean {
  return (held === null || held === 'not_before') && doubtedAt === null
}

export function isEarly({ not_before }: PooledStep, now: UnixMs): boolean {
  return not_before !== null && not_before > now
}

/** Whether prices can keep it: what is fast never waits, nor, where gas costs nothing that counts, what asks for no economy. */
export function isPatient({ speed }: Pick<PooledStep, 'speed'>, waits: PriceWaits): boolean {
  return speed === 'economy' || (speed === 'standard' && waits === 'all')
}

/** For a cheaper block, as long as there is time for one. It stays queued: nothing is wrong, and nobody has to do anything. */
export function waitsForPrice(step: PooledStep, now: UnixMs, policy: PlanPolicy): boolean {
  const { guide = null, blockTimeMs, priceWaits = 'all' } = policy
  if (guide === null || !isPatient(step, priceWaits)) return false
  return waitsFor(guide, step.speed, blocksLeftOf(step, now, blockTimeMs)) !== null
}

/** Blocks in which it may still be included, the next one counted: until its deadline, or of its speed's own, since it could go. */
export function blocksLeftOf(step: PooledStep, now: UnixMs, blockTime: number): number {
  const { speed, deadline, not_before, admitted_at } = step
  const since = not_before === null ? admitted_at : Math.max(admitted_at, not_before)
  const left = deadline === null ? null : deadline - now
  return blocksLeft(speed, { left, waited: Math.max(0, now - since), blockTime })
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

/** Steps that wait for their time: told as held, so that nobody wonders. */
export function early(state: SignerState, now: UnixMs): readonly SignerRecord[] {
  const records: SignerRecord[] = []
  for (const step of state.pool.values()) {
    if (isEarly(step, now) && step.held !== 'not_before') records.push(hold(step, 'not_before'))
  }
  return records
}

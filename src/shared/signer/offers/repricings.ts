// Which slots get a better offer: because blocks have passed theirs by and the market is above it, or a command asks for it;
// which of them a cap keeps from it, and which are rather closed for a step, because its cap keeps them where they are, in the
// way of what comes behind. Pure (S23, S37).

import { bid, type Bid as Price } from '../../fees/bid.ts'
import { type Cap, capsOf, lowestCap, sameCap } from '../../fees/fee-caps.ts'
import type { FeeSuggestion } from '../../fees/suggestion.ts'
import { assert } from '../../lib/assert.ts'
import { addMs, type UnixMs } from '../../lib/time.ts'
import { type StepKey, sameStep } from '../../transfer/step-report.ts'
import { type Budget, gasCost } from '../account/budget.ts'
import type { SignerRecord } from '../state/records.ts'
import {
  type Attempt,
  type Bid,
  FILLER_GAS,
  isMined,
  type Offer,
  type OpenSlot,
  stepsOf,
} from '../state/slot.ts'
import type { SignerState } from '../state/state.ts'
import { CEILING, raised, replaceableFrom } from './replacements.ts'

/** Blocks that must have passed bytes by. A bid covers six full blocks in a row: what is left out of three is not at its turn. */
const PATIENCE_BLOCKS = 3
/** Of what stands in the way of somebody in more of a hurry: nothing behind it is mined before it. */
const HURRY_BLOCKS = 1
/** And those that a step may keep others waiting for by its cap: some minutes of mainnet, in which most spikes are over. */
const BLOCKING_BLOCKS = 24

type Offered = { readonly slot: OpenSlot; readonly newest: Attempt; readonly waitedMs: number }

/** Whether the price of the market is worth asking for. */
export function hasStale(state: SignerState, now: UnixMs, blockTimeMs: number): boolean {
  return staleSlots(state, now, blockTimeMs).length > 0
}

export function repricings(
  state: SignerState,
  fees: FeeSuggestion,
  budget: Budget,
  now: UnixMs,
  blockTimeMs: number,
): readonly SignerRecord[] {
  const market = bid(fees, null)
  const records: SignerRecord[] = []
  for (const stale of staleSlots(state, now, blockTimeMs)) {
    const { nonce, cap: told } = stale.slot
    const { offer, cap } = betterOffer(state, stale, fees, market, blockTimeMs)
    // Other bytes end it without a word.
    if (offer === null && !sameCap(told, cap)) records.push({ kind: 'capped', nonce, cap })
    if (offer === null) continue
    const more = gasCost(offer) - gasCost(stale.newest)
    // What else is promised comes first; the bytes before stay alive.
    if (more > 0n && !budget.affords([], more)) continue
    if (more > 0n) budget.commit([], more)
    records.push({ kind: 'replacing', nonce, ...offer })
  }
  return records
}

function staleSlots(state: SignerState, now: UnixMs, blockTimeMs: number): readonly Offered[] {
  const stale: Offered[] = []
  for (const slot of state.slots.values()) {
    const newest = slot.attempts.at(-1)
    const { signedAt } = slot
    if (newest === undefined || signedAt === null || slot.next !== null || isMined(slot)) continue
    const due = slot.isHastened
      ? replaceableFrom(slot, blockTimeMs)
      : addMs(signedAt, PATIENCE_BLOCKS * blockTimeMs)
    const isHurried = () =>
      now >= addMs(signedAt, HURRY_BLOCKS * blockTimeMs) && isInTheWay(state, slot, newest)
    if (due <= now || isHurried()) stale.push({ slot, newest, waitedMs: now - signedAt })
  }
  return stale
}

/** A higher tip stands behind it in the line, or who is in a hurry waits for its place. */
function isInTheWay(state: SignerState, { nonce }: OpenSlot, newest: Attempt): boolean {
  for (const behind of state.slots.values()) {
    const tip = behind.attempts.at(-1)?.max_priority_fee_per_gas ?? 0n
    if (behind.nonce > nonce && !isMined(behind) && tip > newest.max_priority_fee_per_gas) return true
  }
  for (const { speed, held } of state.pool.values()) if (speed === 'fast' && held === null) return true
  return false
}

/** `offer` null: theirs is as good, or a cap or the ceiling allows none that would be better. `cap`: the one that does not. */
type Better = { readonly offer: Offer | null; readonly cap: Cap | null }

const AS_GOOD: Better = { offer: null, cap: null }

function betterOffer(
  state: SignerState,
  { slot, newest, waitedMs }: Offered,
  fees: FeeSuggestion,
  market: Price,
  blockTimeMs: number,
): Better {
  const needed = fees.next_base_fee + fees.priority_fee
  const isBelow = newest.max_fee_per_gas < needed || newest.max_priority_fee_per_gas < fees.priority_fee
  if (!isBelow && !slot.isHastened) return AS_GOOD
  // The bytes before stay alive, for the market may fall. What is only to go sooner is kept by nothing: it will be mined.
  const keptBy = (cap: Cap | null): Better => ({ offer: null, cap: isBelow ? cap : null })
  // Above what the account may bid.
  if (!market.ok) return keptBy(market.cap)
  const least = raised(newest, newest.gas_limit)
  const wanted: Bid = {
    gas_limit: newest.gas_limit,
    max_fee_per_gas: larger(least.max_fee_per_gas, market.max_fee_per_gas),
    max_priority_fee_per_gas: larger(least.max_priority_fee_per_gas, market.max_priority_fee_per_gas),
  }
  // Whoever is left out by its own cap, the account's binds what takes its place.
  const own = lowestCap(capsOf(null, fees.caps))
  const ceiling = ceilingOf(slot)
  const highest = own === null ? ceiling : smaller(ceiling, own.most)
  const offer = { ...wanted, max_fee_per_gas: smaller(wanted.max_fee_per_gas, highest) }
  const isOfUse = (most: bigint) => most >= larger(needed, least.max_fee_per_gas)
  if (!isOfUse(offer.max_fee_per_gas)) return keptBy(own !== null && own.most <= ceiling ? own : null)
  const most = lowestStepCap(slot, newest.steps)
  const capped = most === null ? offer.max_fee_per_gas : smaller(most, offer.max_fee_per_gas)
  if (isOfUse(capped) && capped >= offer.max_priority_fee_per_gas) {
    return { offer: { ...offer, max_fee_per_gas: capped, steps: newest.steps }, cap: null }
  }
  const isStuck = isBelow && waitedMs >= BLOCKING_BLOCKS * blockTimeMs
  if (isStuck && isBlockingOthers(state, slot)) return { offer: without(slot, newest, offer), cap: null }
  return keptBy(most === null ? null : { by: 'transfer', most })
}

/** Those that may not bid so much are left out: their number or nonce is used up, and they wait in a pool again. */
function without(slot: OpenSlot, newest: Attempt, offer: Bid): Offer {
  const steps = newest.steps.filter((key) => {
    const cap = capOf(slot, key)
    return cap === null || cap >= offer.max_fee_per_gas
  })
  return { ...offer, gas_limit: slot.work.kind === 'batch' ? newest.gas_limit : FILLER_GAS, steps }
}

/** Something stands behind it in the line, or waits for its place. */
function isBlockingOthers(state: SignerState, { nonce }: OpenSlot): boolean {
  const isLast = state.nextNonce === nonce + 1
  return !isLast || [...state.pool.values()].some(({ held }) => held === null)
}

/** Wei per unit of gas; the bound of a slot's replacements, whoever asks for them. */
function ceilingOf({ attempts: [first] }: OpenSlot): bigint {
  assert(first !== undefined, 'what is offered was signed')
  return CEILING * first.max_fee_per_gas
}

function lowestStepCap(slot: OpenSlot, steps: readonly StepKey[]): bigint | null {
  return steps.reduce<bigint | null>((lowest, key) => {
    const cap = capOf(slot, key)
    return cap === null || (lowest !== null && lowest <= cap) ? lowest : cap
  }, null)
}

function capOf(slot: OpenSlot, key: StepKey): bigint | null {
  return stepsOf(slot).find((step) => sameStep(step.key, key))?.cap ?? null
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}

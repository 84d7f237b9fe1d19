// Which slots get other bytes: those that hold a step that its transfer wants back, and delegations that no node takes.
// Pure, and without a look at the chain: what is outbid is our own offer.

import { type AccountCaps, capsOf, lowestCap, NO_CAPS } from '../../fees/fee-caps.ts'
import { assertDefined } from '../../lib/assert.ts'
import { addMs, earliest, type UnixMs } from '../../lib/time.ts'
import { type StepKey, stepKeyText } from '../../transfer/step-report.ts'
import type { SignerRecord } from '../state/records.ts'
import {
  type Attempt,
  type Bid,
  FILLER_GAS,
  isMined,
  type Offer,
  type OpenSlot,
  runs,
  stepsOf,
} from '../state/slot.ts'
import type { SignerState } from '../state/state.ts'

/** Nodes ask for a tenth more, some for an eighth, on both fees, strictly (geth, Nethermind, Erigon). */
const RAISE_NUMERATOR = 1_125n
const RAISE_DENOMINATOR = 1_000n

/**
 * Times the first bid of a slot, which was twice the base fee of then. Raises come to that in 23 blocks; who bid so much and
 * was not mined waits for something that more money does not bring, and what the account has is promised to others.
 */
export const CEILING = 16n

/** `caps`: of the account. */
export function replacements(
  state: SignerState,
  now: UnixMs,
  blockTimeMs: number,
  caps: AccountCaps = NO_CAPS,
): readonly SignerRecord[] {
  const cap = lowestCap(capsOf(null, caps))
  const records: SignerRecord[] = []
  for (const slot of state.slots.values()) {
    const offer = replacementOf(slot)
    if (offer === null || replaceableFrom(slot, blockTimeMs) > now) continue
    if (cap !== null && offer.max_fee_per_gas > cap.most) continue
    records.push({ kind: 'replacing', nonce: slot.nonce, ...offer })
  }
  return records
}

/** When the next replacement that is wanted may go; null: none is. It may be a time that has passed. */
export function nextReplacement(state: SignerState, blockTimeMs: number): UnixMs | null {
  let next: UnixMs | null = null
  for (const slot of state.slots.values()) {
    if (replacementOf(slot) !== null) next = earliest(next, replaceableFrom(slot, blockTimeMs))
  }
  return next
}

/** The first replacement of a slot goes at once, each later one when the bytes before it had the time of a block. */
export function replaceableFrom({ attempts, signedAt }: OpenSlot, blockTimeMs: number): UnixMs {
  const signed = assertDefined(signedAt, 'what is replaced was signed')
  return attempts.length === 1 ? signed : addMs(signed, blockTimeMs)
}

/** Null: nothing is to be left out, or it cannot be now. */
function replacementOf(slot: OpenSlot): Offer | null {
  const newest = slot.attempts.at(-1)
  // What is still to be signed comes first; what stands in a block only the chain undoes.
  if (newest === undefined || slot.next !== null || isMined(slot)) return null
  const steps = keptSteps(slot, newest)
  if (steps === null) return null
  const bid = raised(newest, slot.work.kind === 'batch' ? newest.gas_limit : FILLER_GAS)
  // The wish waits for the end of the slot.
  return isTooMuch(slot, steps, bid) ? null : { steps, ...bid }
}

/** What the next bytes go on to run; null: nothing is to be left out. */
function keptSteps(slot: OpenSlot, newest: Attempt): readonly StepKey[] | null {
  const { work } = slot
  if (work.kind === 'delegation') return work.fillersFrom === slot.attempts.length ? [] : null
  const recalled = new Set(
    stepsOf(slot).flatMap(({ key, isRecalled }) => (isRecalled ? [stepKeyText(key)] : [])),
  )
  if (recalled.size === 0) return null
  const kept = newest.steps.filter((key) => !recalled.has(stepKeyText(key)))
  return kept.length < newest.steps.length ? kept : null
}

/** Strictly more of both, whatever the rounding of the node. */
export function raised(before: Bid, gas_limit: bigint): Bid {
  return {
    gas_limit,
    max_fee_per_gas: raise(before.max_fee_per_gas),
    max_priority_fee_per_gas: raise(before.max_priority_fee_per_gas),
  }
}

function raise(fee: bigint): bigint {
  return (fee * RAISE_NUMERATOR + RAISE_DENOMINATOR - 1n) / RAISE_DENOMINATOR + 1n
}

/** Above the cap of a step that it still runs, or above what a slot may come to: then the bytes before stay alive. */
function isTooMuch(slot: OpenSlot, steps: readonly StepKey[], { max_fee_per_gas }: Bid): boolean {
  const [first] = slot.attempts
  if (first !== undefined && max_fee_per_gas > CEILING * first.max_fee_per_gas) return true
  const run = { steps }
  return stepsOf(slot).some(({ key, cap }) => cap !== null && cap < max_fee_per_gas && runs(run, key))
}

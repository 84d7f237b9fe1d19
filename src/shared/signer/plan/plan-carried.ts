// What an account gives to others to bring, and what it does about what it gave: closes the numbers of steps that are wanted
// back, and ends what nobody has brought in time. Pure (S26 to S30).

import { BatchGas } from '../../batch/batch-gas.ts'
import { BATCH_STEPS_MAX } from '../../batch/encode-steps.ts'
import { assert } from '../../lib/assert.ts'
import type { Hex } from '../../lib/hex.ts'
import { isHex } from '../../lib/hex.ts'
import { addMs, MINUTE_MS, SECOND_MS, type UnixMs } from '../../lib/time.ts'
import { stepKeyText } from '../../transfer/step-report.ts'
import type { SignerAccount } from '../account/account.ts'
import type { Budget } from '../account/budget.ts'
import { marketOffer } from '../offers/market-offer.ts'
import { type CarriedBatch, type CarriedStep, endOfTime } from '../state/carried-batch.ts'
import type { SignerRecord } from '../state/records.ts'
import type { Close } from '../state/slot.ts'
import type { SignerState } from '../state/state.ts'
import type { PlanPolicy } from './candidates.ts'
import { isCarriable, nextCarrier } from './carriers.ts'
import { Batch } from './plan-batch.ts'
import type { LookedStep } from './reserve.ts'
import { judgeStep, wait } from './verdict.ts'

/** How long others have for it, at least, and in blocks: a carrier that is stuck must be found and another one asked. */
const CARRIED_LEAST_MS = 3 * MINUTE_MS
const CARRIED_BLOCKS = 32
/** Our own clock has to be past the time by this much as well: what an endpoint says of a block's time is but its word. */
const LAPSE_MARGIN_MS = MINUTE_MS

/** In the order in which they wait. Fewer than `least` are not worth it, and stay where they are. */
export function entrust(
  state: SignerState,
  looked: readonly LookedStep[],
  account: SignerAccount,
  budget: Budget,
  now: UnixMs,
  policy: PlanPolicy,
  least: number,
): readonly SignerRecord[] {
  const carrier = nextCarrier(state, policy)
  if (carrier === null) return []
  const records: SignerRecord[] = []
  const batch = new Batch(state, account, budget, true)
  for (const { step, estimate } of looked) {
    // What is brought by others was tried before: they pay for its gas, and would for what it lacks (S33).
    if (!isCarriable(step) || (estimate.ok && estimate.isUntried === true)) continue
    const verdict = judgeStep(step, estimate, account, budget)
    if (!verdict.go) records.push(...verdict.records)
    else if (batch.take(step, verdict.estimate) === 'short') records.push(...wait(step, 'funds').records)
  }
  const until = addMs(now, Math.max(CARRIED_LEAST_MS, CARRIED_BLOCKS * policy.blockTimeMs))
  const entrusted = batch.carried(carrier, Math.ceil(until / SECOND_MS))
  return entrusted === null || batch.size < least ? [] : [...records, entrusted]
}

/** Numbers of steps that are wanted back, used up by the account itself; null: there are none, or no gas for it below a cap. */
export function closing(
  state: SignerState,
  nonce: number,
  account: SignerAccount,
  budget: Budget,
): SignerRecord | null {
  const closes = wantedBack(state).slice(0, BATCH_STEPS_MAX)
  const [first] = closes
  if (first === undefined) return null
  const gas = new BatchGas()
  for (const { number } of closes) gas.add({ number, run: { kind: 'close' } })
  const offer = marketOffer(account, gas.limit, budget)
  if (offer === null) return null
  return { kind: 'closing', nonce, batch: closingIdOf(first.number), closes, ...offer }
}

export function hasWantedBack(state: SignerState): boolean {
  return wantedBack(state).length > 0
}

/** Of batches that stand in no block: where one does, it is too late, or the block is undone and they are looked at again. */
function wantedBack({ carried, slots }: SignerState): readonly Close[] {
  const underWay = new Set(
    [...slots.values()].flatMap(({ work }) =>
      work.kind === 'closing' ? work.closes.map(({ key }) => stepKeyText(key)) : [],
    ),
  )
  const isWanted = ({ key, isRecalled, isAnnulled, isSpent }: CarriedStep): boolean =>
    isRecalled && !isAnnulled && !isSpent && !underWay.has(stepKeyText(key))
  return [...carried.values()]
    .filter(({ inclusion }) => inclusion === null)
    .flatMap(({ id, steps }) => steps.filter(isWanted).map(({ key, number }) => ({ batch: id, key, number })))
}

/** Nobody has brought it in time, which a final block says, two operators' looks and our own clock. */
export function lapses(
  state: SignerState,
  account: SignerAccount,
  now: UnixMs,
  policy: PlanPolicy,
): readonly SignerRecord[] {
  return overdue(state, now, policy).flatMap((batch) => {
    const open = batch.steps.filter(({ isAnnulled }) => !isAnnulled)
    const isSeen = account.time !== undefined && account.time > endOfTime(batch)
    // Used up, and no log of it was told yet: what became of it is not known.
    if (!isSeen || open.some(({ number }) => isUsed(account, number))) return []
    return [{ kind: 'annulled', batch: batch.id, keys: open.map(({ key }) => key), by: null }]
  })
}

/** Those whose time is over, as far as the chain's object and our own clock say. */
export function overdue(
  { carried }: SignerState,
  now: UnixMs,
  { finalizedAt = null }: Pick<PlanPolicy, 'finalizedAt'>,
): readonly CarriedBatch[] {
  return [...carried.values()].filter((batch) => {
    const end = endOfTime(batch)
    const isFinal = finalizedAt !== null && finalizedAt > end
    return batch.inclusion === null && isFinal && now >= addMs(end, LAPSE_MARGIN_MS)
  })
}

/** An account without our code answers nothing: then nothing of it can be run either. */
function isUsed({ used }: SignerAccount, number: bigint): boolean {
  return (((used.get(number >> 8n) ?? 0n) >> (number & 0xffn)) & 1n) === 1n
}

/** No batch has one like that: those of batches are numbers, of 64 bits. */
const CLOSING_PREFIX = '0xff'
const ID_DIGITS = 62

function closingIdOf(number: bigint): Hex {
  const id = CLOSING_PREFIX + number.toString(16).padStart(ID_DIGITS, '0')
  assert(isHex(id), 'an id is hex')
  return id
}

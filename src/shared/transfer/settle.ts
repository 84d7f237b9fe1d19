// What a signer's report adds to a transfer's log: the difference between what it says and what the log knows. A report
// is absolute, so one that skipped over several changes yields all their records in one group.

import { sameCap } from '../fees/fee-caps.ts'
import { assertNever } from '../lib/assert.ts'
import { neededConfirmations } from './confirmations.ts'
import { endOfWish } from './rebinding.ts'
import type { TransferRecord } from './records.ts'
import type { ExistingTransfer } from './state.ts'
import type { StepInclusion, StepReport, StepStanding } from './step-report.ts'

type PoolStanding = Extract<StepStanding, { at: 'pool' }>
type SlotStanding = Extract<StepStanding, { at: 'slot' }>
type ClosedStanding = Extract<StepStanding, { at: 'closed' }>

/** `state` is not ended and the report is of its generation. */
export function settle(
  state: ExistingTransfer,
  news: StepReport,
  defaultConfirmations: number,
): readonly TransferRecord[] {
  const { standing } = news
  switch (standing.at) {
    case 'unknown':
      return []
    case 'pool':
      return pooled(state, standing)
    case 'withdrawn':
      return state.withdrawal === null || 'slot' in state ? [] : [endOfWish(state.withdrawal.cause)]
    case 'rejected':
      return isPooled(state) ? [{ kind: 'failed', failure: standing.failure, inclusion: null }] : []
    case 'slot':
      return slotted(state, standing, neededConfirmations(state, defaultConfirmations))
    case 'closed':
      return closed(state, standing)
    default:
      return assertNever(standing)
  }
}

function pooled(state: ExistingTransfer, { held, cap }: PoolStanding): readonly TransferRecord[] {
  if (!isPooled(state)) return []
  if (held !== null) {
    const isKnown = state.phase === 'held' && state.reason === held && sameCap(state.cap ?? null, cap ?? null)
    return isKnown ? [] : [{ kind: 'held', reason: held, ...(cap === undefined ? {} : { cap }) }]
  }
  return state.phase === 'queued' ? [] : [{ kind: 'queued' }]
}

function slotted(state: ExistingTransfer, standing: SlotStanding, needed: number): readonly TransferRecord[] {
  if (state.phase === 'accepted') return []
  const records: TransferRecord[] = []
  const wish = state.withdrawal?.answer === 'awaited' ? state.withdrawal : null
  const refused = { kind: 'withdraw_refused', nonce: standing.nonce } as const
  // A deadline is over once there is a slot; what was canceled may still be kept out of the block.
  if (wish?.cause === 'deadline' || wish?.cause === 'rebind') records.push(refused)
  const known = inclusionOf(state)
  const isMoved = known !== null && known.block_hash !== standing.inclusion?.block_hash
  if (isMoved) records.push({ kind: 'orphaned', inclusion: known })
  if (known === null) records.push(...sent(state, standing))
  if (standing.inclusion === null) return [...records, ...capped(state, records, standing)]
  if (known === null || isMoved) records.push(...mined(standing.inclusion, needed))
  if (standing.final && wish?.cause === 'cancel') records.push(refused)
  if (standing.final) records.push(ended(state, standing.inclusion))
  return records
}

function numberOf({ number }: SlotStanding): { readonly number?: bigint } {
  return number === undefined ? {} : { number }
}

/** New attempts, and how far the newest one got. */
function sent(state: ExistingTransfer, standing: SlotStanding): readonly TransferRecord[] {
  if (standing.nonce === null) return entrusted(state, standing)
  const { nonce } = standing
  const knownAttempts = 'slot' in state && state.slot !== null ? state.slot.attempts.length : 0
  const records: TransferRecord[] = standing.attempts
    .slice(knownAttempts)
    .map((attempt) => ({ kind: 'signed', nonce, attempt, ...numberOf(standing) }))
  const newest = standing.attempts.at(-1)
  if (newest === undefined || standing.sent === 'signed' || standing.sent === state.phase) return records
  // From broadcast back to unclear would tell less than is known.
  if (standing.sent === 'unclear' && state.phase === 'broadcast') return records
  return [...records, { kind: standing.sent, hash: newest.hash }]
}

/** New bytes, and a block, ended what was told of those before. */
function capped(
  state: ExistingTransfer,
  news: readonly TransferRecord[],
  standing: SlotStanding,
): readonly TransferRecord[] {
  const cap = standing.cap ?? null
  const isNew = news.some(({ kind }) => kind === 'signed' || kind === 'carried' || kind === 'orphaned')
  const known = isNew || !('slot' in state) ? null : (state.slot?.cap ?? null)
  return sameCap(known, cap) ? [] : [{ kind: 'capped', cap }]
}

/** What others bring shows itself in a block, not before. */
function entrusted(state: ExistingTransfer, { number }: SlotStanding): readonly TransferRecord[] {
  return isPooled(state) && number !== undefined ? [{ kind: 'carried', number }] : []
}

function mined(inclusion: StepInclusion, needed: number): readonly TransferRecord[] {
  const isConfirmed = needed <= 1 && inclusion.outcome === 'success'
  return [
    { kind: 'mined', inclusion },
    ...(isConfirmed ? [{ kind: 'confirmed', confirmations: 1 } as const] : []),
  ]
}

function ended(state: ExistingTransfer, inclusion: StepInclusion): TransferRecord {
  if (inclusion.outcome === 'success') return { kind: 'finalized', inclusion }
  return isToBeRetried(state, inclusion)
    ? { kind: 'retried', inclusion }
    : { kind: 'failed', failure: inclusion.outcome, inclusion }
}

/** Tries after the first one. What failed twice, the second time alone, will hardly ever do. */
const RETRIES_MOST = 1

/** Only what reverted has certainly done nothing; and where somebody wanted it back, or its time is over, that is the end. */
function isToBeRetried(
  { request, retries, withdrawal }: ExistingTransfer,
  { outcome }: StepInclusion,
): boolean {
  const isAsked = request.on_failure === 'retry' && withdrawal === null
  return outcome === 'reverted' && isAsked && retries < RETRIES_MOST
}

function closed(state: ExistingTransfer, standing: ClosedStanding): readonly TransferRecord[] {
  if (state.phase === 'accepted') return []
  const known = inclusionOf(state)
  const wish = state.withdrawal?.answer === 'awaited' ? state.withdrawal : null
  return [
    ...(known === null ? [] : [{ kind: 'orphaned', inclusion: known } as const]),
    { kind: 'closed', nonce: standing.nonce, by: standing.by },
    // Nothing can run the step any more: what the wish was waiting for.
    ...(wish === null || wish.cause === 'rebind' ? [] : [endOfWish(wish.cause)]),
  ]
}

function inclusionOf(state: ExistingTransfer): StepInclusion | null {
  return state.phase === 'mined' || state.phase === 'confirmed' ? state.inclusion : null
}

function isPooled(state: ExistingTransfer): boolean {
  return state.phase === 'bound' || state.phase === 'queued' || state.phase === 'held'
}

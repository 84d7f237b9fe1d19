// When a transfer must look at itself again although nobody calls. Every transfer that is not at its end has such a
// time; that is what makes a lost message cost time and nothing else.

import { addMs, earliest, HOUR_MS, MINUTE_MS, SECOND_MS, type UnixMs } from '../lib/time.ts'
import { neededConfirmations } from './confirmations.ts'
import type { ExistingTransfer, TransferState } from './state.ts'
import { isFinal } from './status.ts'

/** First look after a change: longer than the queue and a broadcast usually take, so a good transfer is never woken. */
export const WAKE_FIRST_MS = 10 * SECOND_MS
/** The wait doubles with the time since the last change, up to this: what a lost piece of news may cost. */
export const WAKE_MOST_MS = 5 * MINUTE_MS

/** No chain is asked more often than this, however fast it is. */
const MEASURE_LEAST_MS = SECOND_MS

/** A final status may be undone by a deeper fork than finality allows: for so many times the chain's time to finality. */
const REOPEN_FINALITIES = 2
/** And for so long on any chain: a breach of finality is noticed and decided on by people. */
const REOPEN_LEAST_MS = HOUR_MS

/** What a chain's policy says of time and depth. */
export type Pace = {
  readonly blockTimeMs: number
  readonly confirmations: number
  /** From a block to its finality. */
  readonly finalityMs: number
  /** Until a transfer asks a signer of a pool that is in trouble for itself back; left out: as rebinding.ts has it. */
  readonly rebindMs?: number | undefined
}

/** How far those have come who read the log: each of them is told again until it has all of it. */
export type Readers = {
  /** The read model has the last record. */
  readonly isProjected: boolean
  /** The archive has the last record. */
  readonly isArchived: boolean
  /** Nothing of the log is unsealed. */
  readonly isSealed: boolean
  /** The archive has all that is sealed, for good. */
  readonly isSealedArchived: boolean
}

export const CAUGHT_UP: Readers = {
  isProjected: true,
  isArchived: true,
  isSealed: true,
  isSealedArchived: true,
}

/** When the log of a transfer that is at its end is sealed: nothing is expected to open it again after that. */
export function sealTime(state: ExistingTransfer, { finalityMs }: Pace): UnixMs {
  return addMs(state.updated_at, Math.max(REOPEN_LEAST_MS, REOPEN_FINALITIES * finalityMs))
}

/** Whether the log may be sealed now. */
export function isSealable(state: TransferState, now: UnixMs, pace: Pace): boolean {
  return state.phase !== 'none' && isEnded(state) && now >= sealTime(state, pace)
}

/** `null`: nothing is left to drive. */
export function nextWake(state: TransferState, now: UnixMs, readers: Readers, pace: Pace): UnixMs | null {
  if (state.phase === 'none') return null
  const idleMs = Math.max(0, now - state.updated_at)
  const regular = addMs(now, Math.min(WAKE_MOST_MS, Math.max(WAKE_FIRST_MS, idleMs)))
  if (isEnded(state)) {
    if (!readers.isProjected || !readers.isArchived) return regular
    if (readers.isSealed) return readers.isSealedArchived ? null : regular
    const due = sealTime(state, pace)
    return due > now ? due : addMs(now, WAKE_FIRST_MS)
  }
  if (state.phase === 'mined' && state.inclusion.outcome === 'success') {
    // Not confirmed yet: the depth that this transfer asked for comes with the next blocks, and nobody tells it.
    const isDeep = neededConfirmations(state, pace.confirmations) > 1
    return earliest(regular, isDeep ? addMs(now, Math.max(MEASURE_LEAST_MS, pace.blockTimeMs)) : null)
  }
  const isWithdrawable = !('slot' in state)
  const deadline = isWithdrawable && state.request.deadline !== null ? state.request.deadline : null
  return earliest(regular, deadline !== null && deadline > now ? deadline : null)
}

function isEnded(state: ExistingTransfer): boolean {
  return state.phase !== 'bound' && isFinal(state.phase)
}

// When a transfer must look at itself again although nobody calls. Every transfer that is not at its end has such a
// time; that is what makes a lost message cost time and nothing else.

import { addMs, earliest, MINUTE_MS, SECOND_MS, type UnixMs } from '../lib/time.ts'
import { neededConfirmations } from './confirmations.ts'
import type { TransferState } from './state.ts'
import { isFinal } from './status.ts'

/** First look after a change: longer than the queue and a broadcast usually take, so a good transfer is never woken. */
export const WAKE_FIRST_MS = 10 * SECOND_MS
/** The wait doubles with the time since the last change, up to this: what a lost piece of news may cost. */
export const WAKE_MOST_MS = 5 * MINUTE_MS

/** No chain is asked more often than this, however fast it is. */
const MEASURE_LEAST_MS = SECOND_MS

/** What a chain's policy says of time and depth. */
export type Pace = { readonly blockTimeMs: number; readonly confirmations: number }

/** `null`: nothing is left to drive. `isProjected`: the read model has acknowledged the last record. */
export function nextWake(state: TransferState, now: UnixMs, isProjected: boolean, pace: Pace): UnixMs | null {
  if (state.phase === 'none') return null
  const idleMs = Math.max(0, now - state.updated_at)
  const regular = addMs(now, Math.min(WAKE_MOST_MS, Math.max(WAKE_FIRST_MS, idleMs)))
  if (state.phase !== 'bound' && isFinal(state.phase)) return isProjected ? null : regular
  if (state.phase === 'mined' && state.inclusion.outcome === 'success') {
    // Not confirmed yet: the depth that this transfer asked for comes with the next blocks, and nobody tells it.
    const isDeep = neededConfirmations(state, pace.confirmations) > 1
    return earliest(regular, isDeep ? addMs(now, Math.max(MEASURE_LEAST_MS, pace.blockTimeMs)) : null)
  }
  const isWithdrawable = !('slot' in state)
  const deadline = isWithdrawable && state.request.deadline !== null ? state.request.deadline : null
  return earliest(regular, deadline !== null && deadline > now ? deadline : null)
}

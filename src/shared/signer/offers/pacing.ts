// When a signer looks at itself, and when bytes go out again.

import type { TxHash } from '../../chain/hash.ts'
import { addMs, earliest, SECOND_MS, type UnixMs } from '../../lib/time.ts'
import { ENDED_KEPT_MS } from '../state/limits.ts'
import type { OpenSlot } from '../state/slot.ts'
import type { SignerState } from '../state/state.ts'
import { nextReplacement } from './replacements.ts'

/** No signer needs to look more often: an endpoint takes a good part of this to answer. */
const TICK_LEAST_MS = SECOND_MS
/** And none less often while something is under way. */
const TICK_MOST_MS = 15 * SECOND_MS
/** Blocks after which bytes that a node took are handed out again: it may have dropped them since. */
const REBROADCAST_BLOCKS = 4
const REBROADCAST_LEAST_MS = 3 * SECOND_MS

/** `null`: nothing is under way. `hasNews`: reports that a transfer has not taken yet. */
export function nextLook(
  state: SignerState,
  now: UnixMs,
  blockTimeMs: number,
  hasNews: boolean,
): UnixMs | null {
  const isUnderWay = state.slots.size > 0 || state.carried.size > 0
  const isBusy = isUnderWay || state.pool.size > 0 || hasNews || state.wantedCode !== null
  const tickMs = Math.min(TICK_MOST_MS, Math.max(TICK_LEAST_MS, blockTimeMs))
  const replacement = nextReplacement(state, blockTimeMs)
  return earliest(
    isBusy ? addMs(now, tickMs) : null,
    nextStart(state, now),
    // One that was due and did not go is looked at with the next tick.
    replacement !== null && replacement > now ? replacement : null,
    nextForgetting(state, now),
  )
}

/** Of the oldest step whose end was acknowledged: the others cannot be forgotten. Never a time that has passed. */
function nextForgetting(state: SignerState, now: UnixMs): UnixMs | null {
  for (const step of state.ended.values()) {
    if (!step.isAcknowledged) continue
    const due = addMs(step.ended_at, ENDED_KEPT_MS)
    return due > now ? due : addMs(now, TICK_LEAST_MS)
  }
  return null
}

function nextStart(state: SignerState, now: UnixMs): UnixMs | null {
  let next: UnixMs | null = null
  for (const step of state.pool.values()) {
    if (step.not_before !== null && step.not_before > now) next = earliest(next, step.not_before)
  }
  return next
}

/** `lastSent`: of this life of the object only; after a crash everything that may be missing goes out at once. */
export function isDue(
  slot: OpenSlot,
  now: UnixMs,
  blockTimeMs: number,
  lastSent: ReadonlyMap<TxHash, UnixMs>,
): boolean {
  const newest = slot.attempts.at(-1)
  if (newest === undefined || slot.inclusion !== null) return false
  const last = lastSent.get(newest.hash)
  if (last === undefined) return true
  const isWithNode = slot.sent === 'broadcast'
  const waitMs = isWithNode
    ? Math.max(REBROADCAST_LEAST_MS, REBROADCAST_BLOCKS * blockTimeMs)
    : Math.max(TICK_LEAST_MS, blockTimeMs)
  return now >= addMs(last, waitMs)
}

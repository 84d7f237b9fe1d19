// How much a signer has to do, as a pool is told when it chooses: light, and a moment old when it is read. Pure.

import type { UnixMs } from '../lib/time.ts'
import type { HoldReason } from '../transfer/status.ts'
import { nativeValue } from './account/budget.ts'
import { isEarly } from './plan/candidates.ts'
import { isMined, stepsOf } from './state/slot.ts'
import type { SignerState } from './state/state.ts'

export type SignerLoad = {
  readonly status: 'ready' | 'paused' | 'fenced'
  /** That wait now, or are in no block yet. */
  readonly steps: number
  /** Transactions that may be in no block at once; at least 1. */
  readonly window: number
  /** Wei at the last look without what those steps take; null: not known. Below zero: promised more than it has. */
  readonly funds: bigint | null
}

/** `pause`: what keeps its waiting steps from going; null: nothing. */
export function statusOf(pause: HoldReason | 'signing' | null): SignerLoad['status'] {
  if (pause === null) return 'ready'
  return pause === 'fenced' ? 'fenced' : 'paused'
}

/** Gas is left out: it is small beside what is sent, and the plan has the last word on it. */
export function loadOf(
  state: SignerState,
  now: UnixMs,
  seen: Pick<SignerLoad, 'status' | 'window'> & { readonly balance: bigint | null },
): SignerLoad {
  const { status, window, balance } = seen
  let steps = 0
  let promised = 0n
  for (const step of state.pool.values()) {
    promised += nativeValue(step.action)
    if (!isEarly(step, now)) steps += 1
  }
  for (const slot of state.slots.values()) {
    // The balance was asked for a moment ago: it has paid for what is in a block.
    if (isMined(slot)) continue
    for (const { action } of stepsOf(slot)) {
      promised += nativeValue(action)
      steps += 1
    }
  }
  for (const { steps: carried, inclusion } of state.carried.values()) {
    if (inclusion !== null) continue
    for (const { action } of carried.filter(({ isAnnulled }) => !isAnnulled)) {
      promised += nativeValue(action)
      steps += 1
    }
  }
  return { status, steps, window, funds: balance === null ? null : balance - promised }
}

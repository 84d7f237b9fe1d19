// When a transfer from a pool asks its signer for itself back, so that another one may take it. Pure.

import { MINUTE_MS, type UnixMs } from '../lib/time.ts'
import { isPoolSender } from '../pool/sender.ts'
import type { TransferRecord, WithdrawCause } from './records.ts'
import type { ExistingTransfer } from './state.ts'
import type { HoldReason } from './status.ts'

/** How long a signer may be in trouble: a refill, or an endpoint that comes back, takes minutes, and the next one may be no better. */
export const REBIND_AFTER_MS = 2 * MINUTE_MS
/** The wait doubles with each generation, up to this many times: where all members are in trouble nothing is won by moving. */
const DOUBLINGS_MOST = 5

/** Trouble of the signer, which another one need not have; what the transfer asked for itself goes with it. */
const TROUBLES: ReadonlySet<HoldReason> = new Set(['funds', 'fenced', 'policy'])

export function isToBeRebound(state: ExistingTransfer, now: UnixMs, afterMs: number): boolean {
  if (!isPoolSender(state.request.from) || state.withdrawal?.answer === 'awaited') return false
  // Bound and never taken: its signer is silent, full, or a damaged log.
  const isStuck = state.phase === 'bound' || (state.phase === 'held' && TROUBLES.has(state.reason))
  return isStuck && now - state.updated_at >= afterMs * 2 ** Math.min(state.generation, DOUBLINGS_MOST)
}

/** What a wish comes to when its signer has given the step back. */
export function endOfWish(
  cause: WithdrawCause,
): Extract<TransferRecord, { kind: 'canceled' | 'expired' | 'unbound' }> {
  if (cause === 'rebind') return { kind: 'unbound' }
  return { kind: cause === 'cancel' ? 'canceled' : 'expired' }
}

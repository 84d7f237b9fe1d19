// Whether something that is under way, or wanted, needs a look at the account, whoever waits. Pure.

import type { UnixMs } from '../../lib/time.ts'
import { hasStale } from '../offers/repricings.ts'
import type { SignerState } from '../state/state.ts'
import type { PlanPolicy } from './candidates.ts'
import { hasWantedBack, overdue } from './plan-carried.ts'

export function needsLook(state: SignerState, now: UnixMs, policy: PlanPolicy): boolean {
  const isLate = hasStale(state, now, policy.blockTimeMs) || overdue(state, now, policy).length > 0
  return state.wantedCode !== null || isLate || hasWantedBack(state)
}

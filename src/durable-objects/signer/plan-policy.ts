// What a plan goes by, from the settings and from what is known of the chain.

import { accountCaps, type ChainPolicy, carriersFor } from '../../shared/chain/policy.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import type { PlanPolicy } from '../../shared/signer/plan/candidates.ts'
import { overdue } from '../../shared/signer/plan/plan-carried.ts'
import type { SignerState } from '../../shared/signer/state/state.ts'

/** Steps. What a transaction and its signature cost beside them is less than a tenth of their own gas from here on. */
const CARRY_FROM = 32

const NUMBERS_IN_A_WORD = 256n

export function planPolicyOf(
  name: SignerName,
  policy: ChainPolicy,
  known: Pick<PlanPolicy, 'canSign' | 'guide' | 'finalizedAt'>,
): PlanPolicy {
  const { window, batch, block_time_ms: blockTimeMs, price_waits: priceWaits } = policy
  const caps = accountCaps(policy, name.address)
  const carriers = carriersFor(policy, name)
  const carried = carriers.length > 0 ? { carriers, carryFrom: batch?.carry_from ?? CARRY_FROM } : {}
  return { window, batch, blockTimeMs, priceWaits, caps, ...known, ...carried }
}

/** Words of numbers that the next batch may come to, and those of batches whose time is over. A private account makes none. */
export function wordsOf(state: SignerState, now: UnixMs, policy: PlanPolicy): readonly bigint[] {
  if (policy.batch === null) return []
  const first = state.nextNumber / NUMBERS_IN_A_WORD
  const next = state.isPrivate ? [] : [first, first + 1n]
  const late = overdue(state, now, policy).flatMap(({ steps }) => steps)
  return [...new Set([...next, ...late.map(({ number }) => number / NUMBERS_IN_A_WORD)])]
}

// Who brings what the account has signed, and what may be brought. Pure.

import type { Address } from '../../chain/address.ts'
import type { PooledStep, SignerState } from '../state/state.ts'

/** Batches in no block yet. Each has a quarter of one: more would only wait for each other. */
const CARRIED_OPEN_MOST = 4

/** Who brings the next one: who has the fewest to bring. Null: nobody may, or enough is under way. */
export function nextCarrier(
  { carried }: SignerState,
  { carriers = [] }: { readonly carriers?: readonly Address[] },
): Address | null {
  const open = [...carried.values()].filter(({ inclusion }) => inclusion === null)
  if (open.length >= CARRIED_OPEN_MOST) return null
  const loadOf = (address: Address) => open.filter(({ carrier }) => carrier === address).length
  return carriers.toSorted((one, other) => loadOf(one) - loadOf(other))[0] ?? null
}

/** What a call does to other steps its trial run has not seen while they are under way elsewhere: payments alone are brought. */
export function isCarriable(step: PooledStep): boolean {
  return step.batch === 'auto' && step.carriageGas === null && isPayment(step)
}

export function isPayment({ action }: Pick<PooledStep, 'action'>): boolean {
  return action.type === 'native' || action.type === 'erc20'
}

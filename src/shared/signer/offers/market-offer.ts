// What a transaction that runs no step is offered: the market's price, below the caps of signer and chain, and promised by the
// budget. Pure.

import { bid } from '../../fees/bid.ts'
import type { SignerAccount } from '../account/account.ts'
import { type Budget, gasCost } from '../account/budget.ts'
import type { Bid } from '../state/slot.ts'

/** Null: a cap is below the market, or the account has not so much. */
export function marketOffer(
  { fees }: Pick<SignerAccount, 'fees'>,
  gas_limit: bigint,
  budget: Budget,
): Bid | null {
  const price = bid(fees, null)
  if (!price.ok) return null
  const { max_fee_per_gas, max_priority_fee_per_gas } = price
  const offer = { gas_limit, max_fee_per_gas, max_priority_fee_per_gas }
  if (!budget.affords([], gasCost(offer))) return null
  budget.commit([], gasCost(offer))
  return offer
}

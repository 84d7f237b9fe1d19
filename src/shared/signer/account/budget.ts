// What a signer can still promise: its balances minus what open slots may still take. A slot never spends what another
// one was promised.

import type { Address } from '../../chain/address.ts'
import { type Action, partsOf, type SingleAction } from '../../transfer/request.ts'
import type { CarriedBatch } from '../state/carried-batch.ts'
import { type Bid, highestBid, type OpenSlot, stepsOf } from '../state/slot.ts'
import type { SignerAccount } from './account.ts'

export class Budget {
  /** Wei. */
  native: bigint
  readonly #tokens = new Map<Address, bigint | null>()

  /** `tokens`: those that were asked about, in that order. */
  constructor(
    account: SignerAccount,
    tokens: readonly Address[],
    slots: Iterable<OpenSlot>,
    carried: Iterable<CarriedBatch> = [],
  ) {
    this.native = account.balance
    for (const [index, token] of tokens.entries())
      this.#tokens.set(token, account.token_balances[index] ?? null)
    // A slot that the balance already paid for counts twice until its block is told; one whose block was told counts
    // while this node has not seen it: too careful, never too bold.
    for (const slot of slots) {
      const isPaid = slot.inclusion !== null && slot.nonce < account.latest_nonce
      if (isPaid) continue
      this.commit(
        stepsOf(slot).map(({ action }) => action),
        gasCost(highestBid(slot)),
      )
    }
    // The gas is paid by whoever brings it.
    for (const { steps, inclusion } of carried) {
      const isPaid = inclusion !== null && inclusion.block_number <= account.at.number
      if (isPaid) continue
      this.commit(
        steps.filter(({ isAnnulled }) => !isAnnulled).map(({ action }) => action),
        0n,
      )
    }
  }

  /** `gas`: wei for the transaction that runs these actions. */
  affords(actions: readonly Action[], gas: bigint): boolean {
    return this.native >= actions.reduce((sum, action) => sum + nativeValue(action), gas)
  }

  commit(actions: readonly Action[], gas: bigint): void {
    this.native -= gas
    for (const action of actions) {
      this.native -= nativeValue(action)
      for (const [token, amount] of tokenAmounts(action)) {
        const balance = this.#tokens.get(token)
        if (balance !== undefined && balance !== null) this.#tokens.set(token, balance - amount)
      }
    }
  }

  tokenStanding(action: Action): 'enough' | 'short' | 'missing' {
    const standings = [...tokenAmounts(action)].map(([token, amount]) => {
      const balance = this.#tokens.get(token)
      if (balance === undefined || balance === null) return 'missing'
      return balance < amount ? 'short' : 'enough'
    })
    if (standings.includes('missing')) return 'missing'
    return standings.includes('short') ? 'short' : 'enough'
  }
}

export function gasCost({ gas_limit, max_fee_per_gas }: Pick<Bid, 'gas_limit' | 'max_fee_per_gas'>): bigint {
  return gas_limit * max_fee_per_gas
}

export function nativeValue(action: Action): bigint {
  return partsOf(action).reduce((sum, part) => sum + sentBy(part), 0n)
}

function sentBy(action: SingleAction): bigint {
  if (action.type === 'native') return action.amount
  return action.type === 'call' ? action.value : 0n
}

/** Whose balance the budget of these has to know. */
export function tokensOf(actions: readonly Action[]): readonly Address[] {
  return [...new Set(actions.flatMap((action) => [...tokenAmounts(action).keys()]))]
}

/** What it sends of each token. */
function tokenAmounts(action: Action): ReadonlyMap<Address, bigint> {
  const amounts = new Map<Address, bigint>()
  for (const part of partsOf(action)) {
    if (part.type === 'erc20') amounts.set(part.token, (amounts.get(part.token) ?? 0n) + part.amount)
  }
  return amounts
}

// Transactions of the signer's account as a block has them: its own, and those that somebody else made with its key.

import { assertDefined } from '../../src/shared/lib/assert.ts'
import { highestBid, type OpenSlot, stepsOf } from '../../src/shared/signer/state/slot.ts'
import { SIGNER, txHashOf } from './domain-values.ts'
import type { MinedTransaction } from './naive-chain.ts'
import { GAS, hashOf } from './signer-bench.ts'

/** The most that a slot may take. */
export function costOf(slot: OpenSlot): bigint {
  const { gas_limit, max_fee_per_gas } = highestBid(slot)
  const amounts = stepsOf(slot).map(({ action }) => (action.type === 'native' ? action.amount : 0n))
  return amounts.reduce((sum, amount) => sum + amount, gas_limit * max_fee_per_gas)
}

/** Of a slot that is one step's own, or fills a hole. */
export function ourTransaction(slot: OpenSlot): MinedTransaction {
  const { nonce, work } = slot
  const nothing = { type: 'native', to: SIGNER, amount: 0n } as const
  const action = work.kind === 'filler' ? nothing : assertDefined(stepsOf(slot)[0], 'it has a step').action
  if (action.type === 'batch') throw new Error('a transaction of its own runs one action')
  const value = action.type === 'native' ? action.amount : 0n
  return {
    from: SIGNER,
    nonce,
    hash: hashOf(nonce),
    to: action.to,
    value,
    gas_used: GAS,
    effective_gas_price: 11n,
  }
}

/** What strangers pay is small: they take nonces, not funds. */
export function strangersTransaction(nonce: number, number: number): MinedTransaction {
  const hash = txHashOf(900_000 + number)
  return { from: SIGNER, nonce, hash, to: null, value: 7n, gas_used: 1n, effective_gas_price: 1n }
}

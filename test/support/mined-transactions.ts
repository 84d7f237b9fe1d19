// Transactions of the signer's account as a block has them: its own, and those that somebody else made with its key.

import type { OpenSlot } from '../../src/shared/signer/state.ts'
import { SIGNER, txHashOf } from './domain-values.ts'
import type { MinedTransaction } from './naive-chain.ts'
import { GAS, hashOf } from './signer-bench.ts'

/** The most that a slot may take. */
export function costOf({ action, gas_limit, max_fee_per_gas }: OpenSlot): bigint {
  return (action.type === 'native' ? action.amount : 0n) + gas_limit * max_fee_per_gas
}

export function ourTransaction({ nonce, action }: OpenSlot): MinedTransaction {
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

// How much of a block one batch may take. A chain's blocks differ a hundredfold, so it is a share of what the newest has.

import { TRANSACTION_GAS_MOST } from './batch-gas.ts'

/** Units of gas, of the newest block. */
export type BlockRoom = { readonly gas_limit: bigint; readonly gas_used: bigint }

/** Of gas used to gas limit. Half is what the base fee aims at; above this there is no room for more. */
export const FULL_BLOCK = 0.95
/** Before anybody has looked: as full as the base fee aims at. */
export const UNKNOWN_FULLNESS = 0.5

/** Of a block's gas: builders leave a larger transaction out sooner, the more so when blocks are full. */
const GAS_SHARE_PERCENT = 25n
const GAS_SHARE_FULL_PERCENT = 12n
const PERCENT = 100n
/** Parts in which a fullness is counted. */
const PARTS = 10_000n

/** 0 to 1, whatever a node says. */
export function fullnessOf({ gas_limit, gas_used }: BlockRoom): number {
  if (gas_used >= gas_limit) return 1
  return Number((gas_used * PARTS) / gas_limit) / Number(PARTS)
}

export function mostBatchGas(room: BlockRoom): bigint {
  const percent = fullnessOf(room) >= FULL_BLOCK ? GAS_SHARE_FULL_PERCENT : GAS_SHARE_PERCENT
  const share = (room.gas_limit * percent) / PERCENT
  return share < TRANSACTION_GAS_MOST ? share : TRANSACTION_GAS_MOST
}

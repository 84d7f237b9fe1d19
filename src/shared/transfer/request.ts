// What a client asks for, after its shape was checked. Field names are those of the wire.

import type { Address } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'
import type { Hex } from '../lib/hex.ts'
import type { UnixMs } from '../lib/time.ts'
import type { Sender } from '../pool/sender.ts'
import type { Visibility } from '../routing/visibility.ts'

export type TransferRequest = {
  readonly chain: ChainId
  readonly from: Sender
  readonly action: Action
  readonly speed: Speed
  readonly not_before: UnixMs | null
  readonly deadline: UnixMs | null
  /** Wei per unit of gas: the most that this transfer may bid. */
  readonly max_fee_per_gas: bigint | null
  /** Blocks, the mined one included; null: the chain's own default. */
  readonly confirmations: number | null
  readonly batch: 'auto' | 'never'
  /** When its transaction ran and failed: the end, or once more in a transaction of its own. */
  readonly on_failure: 'fail' | 'retry'
  readonly visibility: Visibility
  readonly reference: string | null
  readonly tags: readonly string[]
}

export const SPEEDS = ['economy', 'standard', 'fast'] as const
export type Speed = (typeof SPEEDS)[number]

/** What a step does on the chain. Amounts are in base units. */
export type Action = SingleAction | BatchAction

export type SingleAction = NativeAction | Erc20Action | CallAction

export type NativeAction = { readonly type: 'native'; readonly to: Address; readonly amount: bigint }
export type Erc20Action = {
  readonly type: 'erc20'
  readonly token: Address
  readonly to: Address
  readonly amount: bigint
}
export type CallAction = {
  readonly type: 'call'
  readonly to: Address
  readonly data: Hex
  readonly value: bigint
}
/** Several in order, all of them or none: only the code of a delegated account can do that. */
export type BatchAction = { readonly type: 'batch'; readonly actions: readonly SingleAction[] }

/** The one, or all of a batch. */
export function partsOf(action: Action): readonly SingleAction[] {
  return action.type === 'batch' ? action.actions : [action]
}

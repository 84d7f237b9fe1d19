// An account as a node sees it: what the planner decides on, asked for in one round trip.

import type { BlockRoom } from '../../batch/block-room.ts'
import type { Address } from '../../chain/address.ts'
import type { BlockRef } from '../../chain/block.ts'
import type { FeeSuggestion } from '../../fees/suggestion.ts'
import type { Hex } from '../../lib/hex.ts'
import type { UnixMs } from '../../lib/time.ts'
import type { AccountCode } from './account-code.ts'

/** A contract call that costs nothing. */
export type CallRequest = {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
  readonly value: bigint
}

/** What the planner wants to know of one step before it spends a slot on it. */
export type GasEstimate =
  | {
      readonly ok: true
      readonly gas: bigint
      /** Percent of it that a limit is. Left out: as is usual. */
      readonly margin?: bigint | undefined
      /** Nobody tried it: it is what such steps took before. */
      readonly isUntried?: true | undefined
    }
  | { readonly ok: false; readonly reverted: boolean; readonly message: string }

export type StepGas = Extract<GasEstimate, { ok: true }>

/** What a signer asks before it plans, in one round trip. */
export type SignerQuery = {
  readonly address: Address
  /** Tokens whose balance the signer needs to know. */
  readonly tokens: readonly Address[]
  /** Words of step numbers, 256 to each, of which the signer needs to know the used ones. */
  readonly words: readonly bigint[]
  readonly estimates: readonly CallRequest[]
}

export type SignerAccount = {
  readonly at: BlockRef
  /** Of that block; left out: not told. */
  readonly time?: UnixMs | undefined
  /** Wei at `latest`. */
  readonly balance: bigint
  /** Transactions of the account in blocks, and with those the node keeps pending. */
  readonly latest_nonce: number
  readonly pending_nonce: number
  /** Base units; null: nothing that answers like a token lives there. */
  readonly token_balances: readonly (bigint | null)[]
  readonly code: AccountCode
  /** Bits of used step numbers by word, as the account's own code tells them: any code may answer, or none. */
  readonly used: ReadonlyMap<bigint, bigint>
  readonly estimates: readonly GasEstimate[]
  readonly fees: FeeSuggestion
  readonly room: BlockRoom
}

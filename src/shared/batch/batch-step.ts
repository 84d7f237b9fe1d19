// What the executor of a delegated account runs: numbered steps, in order, each at most once (contracts/SPEC.md).

import type { Address } from '../chain/address.ts'
import type { Hex } from '../lib/hex.ts'

/** One call, without a number. Amounts in wei or in the token's base units, up to 2^256 - 1. */
export type BatchCall =
  | { readonly kind: 'native'; readonly to: Address; readonly amount: bigint }
  | { readonly kind: 'erc20'; readonly token: Address; readonly to: Address; readonly amount: bigint }
  | { readonly kind: 'call'; readonly to: Address; readonly value: bigint; readonly data: Hex }

/** Several calls are one step: all of them or none. */
export type BatchRun = BatchCall | { readonly kind: 'group'; readonly calls: readonly BatchCall[] }

export type BatchStep =
  | {
      /** Below 2^64; of one account, never given twice. */
      readonly number: bigint
      /** What the callee may use, below 2^32. */
      readonly gas: number
      readonly run: BatchRun
    }
  /** Uses the number up, and runs nothing. */
  | { readonly number: bigint; readonly run: { readonly kind: 'close' } }

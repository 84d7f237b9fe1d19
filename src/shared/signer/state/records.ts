// What a signer's log can say. The meaning of each is in SPEC.md.

import type { BroadcastClass } from '../../broadcast/outcome.ts'
import type { Address } from '../../chain/address.ts'
import type { ChainId } from '../../chain/chain-id.ts'
import type { TxHash } from '../../chain/hash.ts'
import type { Cap } from '../../fees/fee-caps.ts'
import type { Hex } from '../../lib/hex.ts'
import type { UnixMs } from '../../lib/time.ts'
import type { TenantId } from '../../tenancy/tenant-id.ts'
import type { Action, Speed } from '../../transfer/request.ts'
import type { Failure, HoldReason } from '../../transfer/status.ts'
import type { AttemptSummary, StepInclusion, StepKey } from '../../transfer/step-report.ts'
import type { Bid, BlockInclusion, Close, StepResult } from './slot.ts'

export type SignerRecord =
  | { readonly kind: 'opened'; readonly tenant: TenantId; readonly chain: ChainId; readonly address: Address }
  /** From here on, for good, what the account does is seen by private endpoints alone. */
  | { readonly kind: 'made_private' }
  /** The nonce line begins here: all before is settled and none of it is ours. */
  | { readonly kind: 'adopted'; readonly nonce: number }
  | {
      readonly kind: 'admitted'
      readonly key: StepKey
      readonly action: Action
      readonly not_before: UnixMs | null
      readonly max_fee_per_gas: bigint | null
      /** Left out: it may share a transaction. */
      readonly batch?: 'never' | undefined
      /** Left out: standard. */
      readonly speed?: Exclude<Speed, 'standard'> | undefined
      readonly deadline?: UnixMs | undefined
      /** It brings a batch that another account has signed: what its transaction needs of gas. No transfer's; left out: one is. */
      readonly carriage_gas?: bigint | undefined
    }
  | {
      readonly kind: 'held'
      readonly key: StepKey
      readonly reason: HoldReason
      /** Of `fee_cap`: whose cap keeps it, and its value. Left out by logs from before it was told. */
      readonly cap?: Cap | undefined
    }
  /** A trial run reverted at this block; the next one decides. */
  | { readonly kind: 'doubted'; readonly key: StepKey; readonly block_number: number }
  | { readonly kind: 'rejected'; readonly key: StepKey; readonly failure: Failure }
  /** Given back, or refused for ever where it was never admitted. */
  | { readonly kind: 'withdrawn'; readonly key: StepKey }
  | {
      readonly kind: 'reserved'
      readonly nonce: number
      readonly key: StepKey
      readonly gas_limit: bigint
      readonly max_fee_per_gas: bigint
      readonly max_priority_fee_per_gas: bigint
      /** No trial run was made of it. Left out: one was. */
      readonly untried?: true | undefined
    }
  /** Intent: these steps share this nonce, each under its number. */
  | ({
      readonly kind: 'batched'
      readonly nonce: number
      readonly batch: Hex
      readonly steps: readonly {
        readonly key: StepKey
        readonly number: bigint
        readonly gas: number
        /** As of `reserved`. */
        readonly untried?: true | undefined
      }[]
    } & Bid)
  /** Intent: this nonce, and the next by its authorization, make this code the account's own; zero: none again. */
  | ({ readonly kind: 'delegating'; readonly nonce: number; readonly to: Address } & Bid)
  /** Intent: this nonce, below others of ours, is used up by nothing: whoever had it lost it to a reorg. */
  | ({ readonly kind: 'filling'; readonly nonce: number } & Bid)
  /** Somebody wants the account to have this code; zero: none. Under this command, which counts once. */
  | { readonly kind: 'delegation_asked'; readonly to: Address; readonly command: string }
  /** The account has the code that was asked for. */
  | { readonly kind: 'delegation_met' }
  /** Intent: this nonce uses up these numbers, of steps of batches that others were given to bring, and runs none of them. */
  | ({
      readonly kind: 'closing'
      readonly nonce: number
      readonly batch: Hex
      readonly closes: readonly Close[]
    } & Bid)
  /** Intent: these steps are for others to bring, up to this time in seconds, each under its number. */
  | {
      readonly kind: 'entrusted'
      readonly batch: Hex
      readonly carrier: Address
      readonly valid_until: number
      readonly gas_limit: bigint
      readonly steps: readonly { readonly key: StepKey; readonly number: bigint; readonly gas: number }[]
    }
  /** The account has signed it: from here on anybody who sees it may bring it. `signature`: r and vs (EIP-2098). */
  | { readonly kind: 'authorized'; readonly batch: Hex; readonly signature: Hex }
  /** It stands in a block, in somebody's transaction. `except`: steps that did not simply succeed. */
  | {
      readonly kind: 'brought'
      readonly batch: Hex
      readonly inclusion: BlockInclusion
      readonly except: readonly ({ readonly place: number } & StepResult)[]
      readonly view: number
    }
  /** That block was undone. */
  | { readonly kind: 'unbrought'; readonly batch: Hex; readonly view: number }
  /** What was `brought` is final. */
  | { readonly kind: 'delivered'; readonly batch: Hex; readonly view: number }
  /** These steps of it can never be run: this transaction used their numbers up; null: its time is over. */
  | {
      readonly kind: 'annulled'
      readonly batch: Hex
      readonly keys: readonly StepKey[]
      readonly by: TxHash | null
    }
  /** A cap keeps better bytes from this slot; null: none does any more. */
  | { readonly kind: 'capped'; readonly nonce: number; readonly cap: Cap | null }
  /** Intent: other bytes at this nonce, which run these steps of it and close the others. */
  | ({ readonly kind: 'replacing'; readonly nonce: number; readonly steps: readonly StepKey[] } & Bid)
  /** Nothing was ever signed for it: the nonce is free again, and the delegation cannot be had. */
  | { readonly kind: 'released'; readonly nonce: number }
  /** The transfer wants this step back: its slot is to be closed for it. */
  | { readonly kind: 'recalled'; readonly key: StepKey }
  /** The transfer wants this step sooner, by this command. */
  | { readonly kind: 'hastened'; readonly key: StepKey; readonly command: string }
  /** No node takes the delegation: its slot is to be closed. */
  | { readonly kind: 'given_up'; readonly nonce: number }
  | {
      readonly kind: 'signed'
      readonly nonce: number
      readonly attempt: AttemptSummary
      /** The steps that these bytes run, in order; none: they only use up the nonce. */
      readonly steps: readonly StepKey[]
      readonly raw: Hex
    }
  | {
      readonly kind: 'sent'
      readonly nonce: number
      readonly hash: TxHash
      readonly class: BroadcastClass
      readonly endpoint: string
      readonly detail: string | null
    }
  | {
      readonly kind: 'mined'
      readonly nonce: number
      readonly inclusion: StepInclusion
      readonly view: number
    }
  /** The same of a batch, a delegation or a filler. `except`: steps of the slot that did not simply succeed. */
  | {
      readonly kind: 'included'
      readonly nonce: number
      readonly inclusion: BlockInclusion
      readonly except: readonly ({ readonly place: number } & StepResult)[]
      readonly view: number
    }
  /** What was `included` is final. */
  | { readonly kind: 'settled'; readonly nonce: number; readonly view: number }
  | { readonly kind: 'orphaned'; readonly nonce: number; readonly view: number }
  /** A transaction that is not ours stands in a block at the nonce of a slot. */
  | { readonly kind: 'usurped'; readonly nonce: number; readonly hash: TxHash; readonly view: number }
  | {
      readonly kind: 'finalized'
      readonly nonce: number
      readonly inclusion: StepInclusion
      readonly view: number
    }
  | { readonly kind: 'closed'; readonly nonce: number; readonly hash: TxHash; readonly view: number }
  /** Somebody else used the key: the line goes on at `nonce`. */
  | { readonly kind: 'skipped'; readonly nonce: number; readonly view: number | null }
  /** The transfers have the ends of these steps in their logs. */
  | { readonly kind: 'acknowledged'; readonly keys: readonly StepKey[] }
  /** Ended so long ago that no admission of them can still be under way. */
  | { readonly kind: 'forgotten'; readonly keys: readonly StepKey[] }

export const SIGNER_RECORD_KINDS = [
  'opened',
  'made_private',
  'adopted',
  'admitted',
  'held',
  'doubted',
  'rejected',
  'withdrawn',
  'reserved',
  'batched',
  'delegating',
  'filling',
  'delegation_asked',
  'delegation_met',
  'closing',
  'entrusted',
  'authorized',
  'brought',
  'unbrought',
  'delivered',
  'annulled',
  'capped',
  'replacing',
  'released',
  'recalled',
  'hastened',
  'given_up',
  'signed',
  'sent',
  'mined',
  'included',
  'settled',
  'orphaned',
  'usurped',
  'finalized',
  'closed',
  'skipped',
  'acknowledged',
  'forgotten',
] as const satisfies readonly SignerRecord['kind'][]

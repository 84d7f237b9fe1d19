// A signer as its log tells it. The maps are changed in place by evolve, which owns the state it is given: a pool of
// thousands must not be copied for each record.

import type { BroadcastClass } from '../broadcast/outcome.ts'
import type { Address } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'
import type { TxHash } from '../chain/hash.ts'
import type { Hex } from '../lib/hex.ts'
import type { UnixMs } from '../lib/time.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import type { Action } from '../transfer/request.ts'
import type { HoldReason } from '../transfer/status.ts'
import type { AttemptSummary, StepInclusion, StepKey, StepStanding } from '../transfer/step-report.ts'

export type SignerState = {
  identity: { readonly tenant: TenantId; readonly chain: ChainId; readonly address: Address } | null
  /** The nonce that the next slot takes; null until the line was adopted. */
  nextNonce: number | null
  /** Waiting steps by key, in the order of admission. */
  readonly pool: Map<string, PooledStep>
  /** Open slots by nonce, in nonce order: dense up to `nextNonce`, but for what strangers took. */
  readonly slots: Map<number, OpenSlot>
  /** The slot of each step that has one. */
  readonly slotOf: Map<string, number>
  /** Steps that came to their end here, until they can be forgotten. */
  readonly ended: Map<string, EndedStep>
  /** The chain's view that was last written down. */
  chainView: number
}

export type PooledStep = {
  readonly key: StepKey
  readonly action: Action
  readonly not_before: UnixMs | null
  readonly max_fee_per_gas: bigint | null
  readonly held: HoldReason | null
  /** Block at which a trial run reverted first. */
  readonly doubtedAt: number | null
}

export type OpenSlot = {
  readonly nonce: number
  readonly key: StepKey
  readonly action: Action
  readonly gas_limit: bigint
  readonly max_fee_per_gas: bigint
  readonly max_priority_fee_per_gas: bigint
  /** Oldest first; empty while only reserved. */
  readonly attempts: readonly Attempt[]
  /** How far the newest attempt got, as far as anybody has told. */
  readonly sent: 'signed' | 'broadcast' | 'unclear'
  /** What the last endpoint said of it. */
  readonly answer: BroadcastClass | null
  readonly inclusion: StepInclusion | null
  /** The stranger's transaction that stands at this nonce. */
  readonly usurper: TxHash | null
}

export type Attempt = AttemptSummary & { readonly raw: Hex }

export type EndedStep = {
  readonly key: StepKey
  readonly standing: Exclude<StepStanding, { at: 'pool' | 'unknown' }>
  readonly ended_at: UnixMs
  readonly isAcknowledged: boolean
}

export function newSigner(): SignerState {
  return {
    identity: null,
    nextNonce: null,
    pool: new Map(),
    slots: new Map(),
    slotOf: new Map(),
    ended: new Map(),
    chainView: 0,
  }
}

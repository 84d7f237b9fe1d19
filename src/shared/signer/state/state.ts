// A signer as its log tells it. The maps are changed in place by evolve, which owns the state it is given: a pool of
// thousands must not be copied for each record.

import type { Address } from '../../chain/address.ts'
import type { ChainId } from '../../chain/chain-id.ts'
import type { Cap } from '../../fees/fee-caps.ts'
import type { Hex } from '../../lib/hex.ts'
import type { UnixMs } from '../../lib/time.ts'
import type { Visibility } from '../../routing/visibility.ts'
import type { TenantId } from '../../tenancy/tenant-id.ts'
import type { Action, Speed } from '../../transfer/request.ts'
import type { HoldReason } from '../../transfer/status.ts'
import type { StepKey, StepStanding } from '../../transfer/step-report.ts'
import type { CarriedBatch } from './carried-batch.ts'
import type { OpenSlot } from './slot.ts'

export type SignerState = {
  identity: { readonly tenant: TenantId; readonly chain: ChainId; readonly address: Address } | null
  /** A private step was admitted once: what the account does is seen by private endpoints alone, for good. */
  isPrivate: boolean
  /** The nonce that the next slot takes; null until the line was adopted. */
  nextNonce: number | null
  /** The number that the next step of a batch takes. */
  nextNumber: bigint
  /** The code that the latest of our delegations in a block gave the account; null: none. */
  delegate: Address | null
  /** It was tried and cannot be had here, or was taken back by a command: only another command brings it about. */
  isDelegationRefused: boolean
  /** The code that a command wants the account to have; null: none is open. */
  wantedCode: Address | null
  /** The latest such command. */
  delegationCommand: string | null
  /** Waiting steps by key, in the order of admission. */
  readonly pool: Map<string, PooledStep>
  /** Open slots by nonce, in nonce order: dense up to `nextNonce`, but for what strangers took. */
  readonly slots: Map<number, OpenSlot>
  /** The slot of each step that has one. */
  readonly slotOf: Map<string, number>
  /** Batches that the account has others bring, by id, until each of their steps is at its end. */
  readonly carried: Map<Hex, CarriedBatch>
  /** The batch of each step that is in one of them. */
  readonly carriedOf: Map<string, Hex>
  /** Steps of ours that bring a batch of another account: nobody is told of them. */
  readonly carriages: Set<string>
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
  /** `never`: a transaction of its own. */
  readonly batch: 'auto' | 'never'
  readonly speed: Speed
  /** The latest command to have it sooner; null: none. */
  readonly hastenedBy: string | null
  readonly deadline: UnixMs | null
  /** When it was taken into the pool: what it waited since is waited for a price, at most. */
  readonly admitted_at: UnixMs
  readonly held: HoldReason | null
  /** What its transaction is given, where it brings a batch; null: what a node says. */
  readonly carriageGas: bigint | null
  /** Of `fee_cap`: what keeps it. Null: nothing, or a log from before that was told. */
  readonly cap: Cap | null
  /** Block at which a trial run reverted first. */
  readonly doubtedAt: number | null
}

export function visibilityOf({ isPrivate }: Pick<SignerState, 'isPrivate'>): Visibility {
  return isPrivate ? 'private' : 'public'
}

/** Only the code of a delegated account runs it: several actions at once. */
export function needsCode({ action }: Pick<PooledStep, 'action'>): boolean {
  return action.type === 'batch'
}

export type EndedStep = {
  readonly key: StepKey
  readonly standing: Exclude<StepStanding, { at: 'pool' | 'unknown' }>
  readonly ended_at: UnixMs
  readonly isAcknowledged: boolean
}

export function newSigner(): SignerState {
  return {
    identity: null,
    isPrivate: false,
    nextNonce: null,
    nextNumber: 0n,
    delegate: null,
    isDelegationRefused: false,
    wantedCode: null,
    delegationCommand: null,
    pool: new Map(),
    slots: new Map(),
    slotOf: new Map(),
    carried: new Map(),
    carriedOf: new Map(),
    carriages: new Set(),
    ended: new Map(),
    chainView: 0,
  }
}

// What a deployment says about a chain it serves. Endpoints are not here: their URLs are secrets.

import { type AccountCaps, NO_CAPS } from '../fees/fee-caps.ts'
import type { Visibility } from '../routing/visibility.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'
import type { Address } from './address.ts'
import type { ChainId } from './chain-id.ts'

export type ChainPolicy = {
  readonly chain: ChainId
  readonly name: string
  readonly native_symbol: string
  /** Expected time between blocks, milliseconds: paces polls and alarms, proves nothing. */
  readonly block_time_ms: number
  /** Blocks, the mined one included, after which a transfer that asks for nothing else is `confirmed`. */
  readonly confirmations: number
  readonly finality: FinalityPolicy
  /** Open slots of one plain signer. A node keeps about 16 pending transactions of one account. */
  readonly window: number
  /** Null: every step is a transaction of its own. */
  readonly batch: BatchPolicy | null
  /** Whether simple transfers of trusted keys are submitted within the request that posts them. Left out: none are. */
  readonly fast_path?: boolean | undefined
  /** Accounts that private transfers go from, and no others do: no carriers. Null, or left out: there are none. */
  readonly private_signers?: readonly Address[] | null | undefined
  /** The most that may be bid here, by anybody and by each account. Null, or left out: there is no cap. */
  readonly fee_caps?: FeeCapPolicy | null | undefined
  /**
   * Who waits for cheaper blocks: `all` speeds that may, or those alone that ask for `economy`, where gas costs nothing that
   * counts. Left out: all.
   */
  readonly price_waits?: PriceWaits | undefined
}

export const PRICE_WAITS = ['all', 'economy'] as const
export type PriceWaits = (typeof PRICE_WAITS)[number]

/** Wei per unit of gas; null: no cap. */
export type FeeCapPolicy = {
  /** Of every account: against endpoints that tell prices which nobody asks for. */
  readonly chain: bigint | null
  /** Of each account that is not named. */
  readonly signer: bigint | null
  readonly signers: Readonly<Record<Address, bigint>>
}

export function accountCaps({ fee_caps }: ChainPolicy, account: Address): AccountCaps {
  if (fee_caps === undefined || fee_caps === null) return NO_CAPS
  return { chain: fee_caps.chain, signer: fee_caps.signers[account] ?? fee_caps.signer }
}

export type BatchPolicy = {
  /** The contract whose code accounts delegate to (contracts/SPEC.md). */
  readonly executor: Address
  /** When an account that may batch delegates: once it has something to batch, or when an operator says so. */
  readonly delegate: 'on_need' | 'by_command'
  /** Waiting steps that make it worth its gas: 46,000 once, against some 10,000 less for each step after it. */
  readonly delegate_from: number
  /** Waiting steps that make it worth having others bring them, while the account's own transaction is under way. */
  readonly carry_from?: number | undefined
  /** Plain accounts that bring batches which accounts of their tenant have signed; left out: none do. */
  readonly carriers?: readonly Carrier[] | undefined
}

export type Carrier = { readonly tenant: TenantId; readonly address: Address }

/** Those who may bring what `account` has signed. None of them has it done by others itself: so nobody waits in a circle. */
export function carriersFor(
  { batch }: Pick<ChainPolicy, 'batch'>,
  account: { readonly tenant: TenantId; readonly address: Address },
): readonly Address[] {
  const carriers = batch?.carriers ?? []
  if (carriers.some(({ address }) => address === account.address)) return []
  return carriers.filter(({ tenant }) => tenant === account.tenant).map(({ address }) => address)
}

/** Whether blocks are asked for what others brought. */
export function hasCarriers({ batch }: Pick<ChainPolicy, 'batch'>): boolean {
  return (batch?.carriers ?? []).length > 0
}

/** Who may see what goes from this account, as the settings say; undefined: they do not have its chain. */
export function visibilityFor(
  policy: Pick<ChainPolicy, 'private_signers'> | undefined,
  account: Address,
): Visibility {
  return policy?.private_signers?.includes(account) === true ? 'private' : 'public'
}

export type FinalityPolicy = {
  /** Follow the node's `finalized` block, while it is sane; where the node has none, or this is false: depth. */
  readonly tag: boolean
  /** Blocks under the head that a `finalized` block must at least have to be believed. */
  readonly min_depth: number
  /** Blocks under the head that count as final without a tag. */
  readonly depth: number
}

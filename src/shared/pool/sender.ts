// Who a transfer is sent from, as its client names it: an account, or a pool of the tenant's accounts.

import type { Address } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'
import type { Brand } from '../lib/brand.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'

export type PoolSender = Brand<`pool:${string}`, 'PoolSender'>
export type Sender = Address | PoolSender

/** A name means something only for one tenant on one chain. */
export type Pool = { readonly tenant: TenantId; readonly chain: ChainId; readonly pool: PoolSender }

export const POOL_PREFIX = 'pool:'
/** Characters of a name. It is a word of people, such as `payroll`. */
export const POOL_NAME_MAX_CHARACTERS = 64

const POOL_NAME_PATTERN = new RegExp(`^[a-z0-9_-]{1,${POOL_NAME_MAX_CHARACTERS}}$`)

export function isPoolSender(text: string): text is PoolSender {
  return text.startsWith(POOL_PREFIX) && POOL_NAME_PATTERN.test(text.slice(POOL_PREFIX.length))
}

/** As the table of pools has it. */
export function poolNameOf(sender: PoolSender): string {
  return sender.slice(POOL_PREFIX.length)
}

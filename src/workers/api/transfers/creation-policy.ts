// What stands against a new transfer, beside its shape. Only the transfer's object applies it, and only to a new one:
// a repeated request gets its stored answer, whatever has changed since.

import { and, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { membersOfPool } from '../../../shared/adapters/d1/pool-members.ts'
import { signers } from '../../../shared/adapters/d1/tables.ts'
import type { Address } from '../../../shared/chain/address.ts'
import type { ChainId } from '../../../shared/chain/chain-id.ts'
import { type ChainPolicy, visibilityFor } from '../../../shared/chain/policy.ts'
import { isPoolSender, type PoolSender } from '../../../shared/pool/sender.ts'
import { VISIBILITIES, type Visibility } from '../../../shared/routing/visibility.ts'
import { parseChainPolicies } from '../../../shared/schema/deployment.ts'
import type { CreateRefusal } from '../../../shared/transfer/decide.ts'
import { partsOf, type TransferRequest } from '../../../shared/transfer/request.ts'
import { fromDatabase } from '../dependency.ts'
import { offersPrivate } from '../offers-private.ts'
import type { TenantCall } from '../operation.ts'

/** In order of precedence. */
export async function creationRefusal(
  call: TenantCall,
  request: TransferRequest,
): Promise<CreateRefusal | null> {
  const { chain, from, action, visibility } = request
  const policy = parseChainPolicies(call.env.CHAINS).get(chain)
  if (policy === undefined) return 'unknown_chain'
  const sends = isPoolSender(from)
    ? await visibilitiesOfPool(call, policy, from)
    : await visibilitiesOfSigner(call, policy, from)
  // One answer for a signer or pool of another tenant and for none at all.
  if (sends.length === 0) return 'signer_not_found'
  if (visibility === 'private' && !offersPrivate(call, policy)) return 'visibility_unavailable'
  if (!sends.includes(visibility)) return 'visibility_of_sender'
  // A signer may be an account with code: nobody calls it from another one of ours.
  for (const part of partsOf(action)) {
    if (part.type === 'call' && (await signerOwner(call, chain, part.to)) !== null) return 'call_to_signer'
  }
  if (action.type !== 'batch') return null
  if (visibility === 'private') return 'batch_not_private'
  return policy.batch === null ? 'batch_unavailable' : null
}

async function visibilitiesOfSigner(
  call: TenantCall,
  policy: ChainPolicy,
  address: Address,
): Promise<readonly Visibility[]> {
  const isOwn = (await signerOwner(call, policy.chain, address)) === call.caller.tenant
  return isOwn ? [visibilityFor(policy, address)] : []
}

/** The tenant that the account belongs to; null: nobody of this deployment. */
export async function signerOwner(
  call: TenantCall,
  chain: ChainId,
  address: Address,
): Promise<string | null> {
  return call.isolate.signers.read(
    `${chain}/${address}`,
    () => loadOwner(call.env.DB, chain, address),
    call.later,
  )
}

/** Nobody of it may be able to sign now: that they are there is enough, as it is for a signer. */
async function visibilitiesOfPool(
  call: TenantCall,
  policy: ChainPolicy,
  pool: PoolSender,
): Promise<readonly Visibility[]> {
  const { tenant } = call.caller
  const { chain } = policy
  const load = async () => {
    const members = await fromDatabase(() => membersOfPool(call.env.DB, { tenant, chain, pool }))
    const has = (one: Visibility) => members.some((member) => visibilityFor(policy, member) === one)
    return members.length === 0 ? null : VISIBILITIES.filter(has)
  }
  return (await call.isolate.pools.read(`${tenant}/${chain}/${pool}`, load, call.later)) ?? []
}

async function loadOwner(database: D1Database, chain: ChainId, address: Address): Promise<string | null> {
  const [row] = await fromDatabase(() =>
    drizzle(database)
      .select({ tenant: signers.tenant })
      .from(signers)
      .where(and(eq(signers.chain, chain), eq(signers.address, address)))
      .limit(1),
  )
  return row?.tenant ?? null
}

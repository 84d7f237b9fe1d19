// What stands against a new transfer, beside its shape. Only the transfer's object applies it, and only to a new one:
// a repeated request gets its stored answer, whatever has changed since.

import { and, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { membersOfPool } from '../../../shared/adapters/d1/pool-members.ts'
import { signers } from '../../../shared/adapters/d1/tables.ts'
import type { Address } from '../../../shared/chain/address.ts'
import type { ChainId } from '../../../shared/chain/chain-id.ts'
import { isPoolSender, type PoolSender } from '../../../shared/pool/sender.ts'
import { parseChainPolicies } from '../../../shared/schema/deployment.ts'
import type { CreateRefusal } from '../../../shared/transfer/decide.ts'
import { partsOf, type TransferRequest } from '../../../shared/transfer/request.ts'
import { fromDatabase } from '../dependency.ts'
import type { TenantCall } from '../operation.ts'

/** In order of precedence. */
export async function creationRefusal(
  call: TenantCall,
  request: TransferRequest,
): Promise<CreateRefusal | null> {
  const { chain, from, action, visibility } = request
  const policy = parseChainPolicies(call.env.CHAINS).get(chain)
  if (policy === undefined) return 'unknown_chain'
  const isOwn = isPoolSender(from)
    ? await hasPool(call, chain, from)
    : (await signerOwner(call, chain, from)) === call.caller.tenant
  // One answer for a signer or pool of another tenant and for none at all.
  if (!isOwn) return 'signer_not_found'
  if (visibility === 'private') return 'visibility_unavailable'
  // A signer may be an account with code: nobody calls it from another one of ours.
  for (const part of partsOf(action)) {
    if (part.type === 'call' && (await signerOwner(call, chain, part.to)) !== null) return 'call_to_signer'
  }
  return action.type === 'batch' && policy.batch === null ? 'batch_unavailable' : null
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

/** Nobody of it may be able to sign now: that it is there is enough, as it is for a signer. */
async function hasPool(call: TenantCall, chain: ChainId, pool: PoolSender): Promise<boolean> {
  const { tenant } = call.caller
  const load = async () => {
    const [member] = await fromDatabase(() => membersOfPool(call.env.DB, { tenant, chain, pool }, 1))
    return member === undefined ? null : tenant
  }
  return (await call.isolate.signers.read(`${tenant}/${chain}/${pool}`, load, call.later)) !== null
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

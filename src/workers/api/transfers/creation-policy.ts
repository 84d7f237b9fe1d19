// What stands against a new transfer, beside its shape. Only the transfer's object applies it, and only to a new one:
// a repeated request gets its stored answer, whatever has changed since.

import { and, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { signers } from '../../../shared/adapters/d1/tables.ts'
import type { Address } from '../../../shared/chain/address.ts'
import type { ChainId } from '../../../shared/chain/chain-id.ts'
import { parseChainPolicies } from '../../../shared/schema/deployment.ts'
import type { CreateRefusal } from '../../../shared/transfer/decide.ts'
import type { TransferRequest } from '../../../shared/transfer/request.ts'
import { fromDatabase } from '../dependency.ts'
import type { TenantCall } from '../operation.ts'

/** In order of precedence. */
export async function creationRefusal(
  call: TenantCall,
  request: TransferRequest,
): Promise<CreateRefusal | null> {
  const { chain, from, action, visibility } = request
  if (!parseChainPolicies(call.env.CHAINS).has(chain)) return 'unknown_chain'
  const owner = await signerOwner(call, chain, from)
  // One answer for a signer of another tenant and for none at all.
  if (owner !== call.caller.tenant) return 'signer_not_found'
  if (visibility === 'private') return 'visibility_unavailable'
  // A signer may be an account with code: nobody calls it from another one of ours.
  if (action.type === 'call' && (await signerOwner(call, chain, action.to)) !== null) return 'call_to_signer'
  return null
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

// Who is in a pool, as the operator has written it down.

import { and, asc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { type Address, isAddress } from '../../chain/address.ts'
import { type Pool, poolNameOf } from '../../pool/sender.ts'
import { poolMembers, signers } from './tables.ts'

/** Signers of one pool that are asked for each choice, the first by address: what an invocation can ask side by side. */
export const POOL_MEMBERS_MAX = 100

/** Empty: this tenant has no such pool on this chain. */
export async function membersOfPool(
  database: D1Database,
  { tenant, chain, pool }: Pool,
  limit = POOL_MEMBERS_MAX,
): Promise<readonly Address[]> {
  const rows = await drizzle(database)
    .select({ address: poolMembers.address })
    .from(poolMembers)
    .innerJoin(signers, and(eq(signers.chain, poolMembers.chain), eq(signers.address, poolMembers.address)))
    .where(
      and(eq(poolMembers.chain, chain), eq(poolMembers.pool, poolNameOf(pool)), eq(signers.tenant, tenant)),
    )
    .orderBy(asc(poolMembers.address))
    .limit(limit)
  return rows.map(({ address }) => address).filter(isAddress)
}

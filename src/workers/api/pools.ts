// GET /v1/pools: the names that a tenant may send from, and whose accounts are behind each.

import { and, asc, eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { z } from 'zod'
import { poolMembers, signers } from '../../shared/adapters/d1/tables.ts'
import { isAddress } from '../../shared/chain/address.ts'
import { type ChainId, isChainId } from '../../shared/chain/chain-id.ts'
import { ok } from '../../shared/lib/result.ts'
import { isPoolSender, POOL_PREFIX } from '../../shared/pool/sender.ts'
import type { PoolView } from '../../shared/schema/api-pool.ts'
import { address } from '../../shared/schema/scalars.ts'
import { jsonAnswer } from './answer.ts'
import { fromDatabase } from './dependency.ts'
import { EXAMPLE_POOL } from './openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from './operation.ts'
import { decodeCursor, encodeCursor, nextLink, pageQuery, readQuery } from './query.ts'

const listQuery = z.strictObject(pageQuery)

export const listPools: Operation = {
  name: 'listPools',
  method: 'get',
  path: '/v1/pools',
  group: 'Chains and signers',
  summary: 'List pools',
  description:
    'The pools that your tenant may name as `from`: named sets of its signers on one chain. A transfer from a pool ' +
    'is bound to one signer of it before it takes a nonce, and stays with it.',
  query: listQuery,
  headers: [],
  answers: {
    200: {
      description: 'A page.',
      schema: 'PoolPage',
      headers: ['Link'],
      example: { data: [EXAMPLE_POOL], next_cursor: null },
    },
  },
  problems: ['invalid_cursor', 'invalid_field', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle: handleList,
}

type Place = { readonly chain: ChainId; readonly pool: string }

async function handleList(call: TenantCall): Promise<Outcome> {
  const query = readQuery(call.request, listQuery)
  if (!query.ok) return query
  const { limit } = query.value
  const after = decodeCursor(query.value.cursor, readPlace)
  if (!after.ok) return after
  const rows = await loadRows(call, after.value, limit + 1)
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const next = last === undefined ? null : encodeCursor(last.chain, last.pool)
  const link = next === null ? {} : { Link: nextLink('/v1/pools', { limit: String(limit), cursor: next }) }
  return ok(jsonAnswer({ data: page.map(toView), next_cursor: next }, 200, link))
}

type Row = { readonly chain: string; readonly pool: string; readonly addresses: string }

function loadRows(call: TenantCall, after: Place | null, limit: number): Promise<readonly Row[]> {
  const { chain, pool } = poolMembers
  const isOwn = and(eq(signers.chain, chain), eq(signers.address, poolMembers.address))
  return fromDatabase(() =>
    drizzle(call.env.DB)
      .select({ chain, pool, addresses: sql<string>`group_concat(${poolMembers.address})` })
      .from(poolMembers)
      .innerJoin(signers, isOwn)
      .where(
        and(
          eq(signers.tenant, call.caller.tenant),
          after === null ? undefined : sql`(${chain}, ${pool}) > (${after.chain}, ${after.pool})`,
        ),
      )
      .groupBy(chain, pool)
      .orderBy(asc(chain), asc(pool))
      .limit(limit),
  )
}

function toView({ chain, pool, addresses }: Row): PoolView {
  const members = addresses.split(',').filter(isAddress).sort()
  return {
    chain,
    name: pool,
    from: `${POOL_PREFIX}${pool}`,
    signers: members.map((one) => z.encode(address, one)),
  }
}

function readPlace([chain, pool, ...more]: readonly string[]): Place | null {
  if (chain === undefined || pool === undefined || more.length > 0) return null
  return isChainId(chain) && isPoolSender(`${POOL_PREFIX}${pool}`) ? { chain, pool } : null
}

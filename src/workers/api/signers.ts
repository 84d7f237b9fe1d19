// GET /v1/signers: the accounts that a tenant may send from, with what each of them says of itself.

import { and, asc, eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { z } from 'zod'
import { signers } from '../../shared/adapters/d1/tables.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import { isAddress } from '../../shared/chain/address.ts'
import { isChainId } from '../../shared/chain/chain-id.ts'
import { visibilityFor } from '../../shared/chain/policy.ts'
import { ok } from '../../shared/lib/result.ts'
import { signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import type { SignerView } from '../../shared/schema/api-signer.ts'
import { parseChainPolicies } from '../../shared/schema/deployment.ts'
import { toLogReportView } from '../../shared/schema/log-report.ts'
import { address } from '../../shared/schema/scalars.ts'
import { jsonAnswer } from './answer.ts'
import { ASKED_AT_ONCE } from './chains.ts'
import { ask, fromDatabase, isTemporary } from './dependency.ts'
import { EXAMPLE_SIGNER } from './openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from './operation.ts'
import { decodeCursor, encodeCursor, nextLink, pageQuery, readQuery } from './query.ts'

const listQuery = z.strictObject(pageQuery)

export const listSigners: Operation = {
  name: 'listSigners',
  method: 'get',
  path: '/v1/signers',
  group: 'Chains and signers',
  summary: 'List signers',
  description:
    'The accounts that your tenant may name as `from`, with balance, nonce and what waits for them.',
  query: listQuery,
  headers: [],
  answers: {
    200: {
      description: 'A page.',
      schema: 'SignerPage',
      headers: ['Link'],
      example: { data: [EXAMPLE_SIGNER], next_cursor: null },
    },
  },
  problems: ['invalid_cursor', 'invalid_field', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle: handleList,
}

type Place = Pick<SignerName, 'chain' | 'address'>
type Row = Place & { readonly kind: 'plain' | 'delegated'; readonly pools: readonly string[] }

async function handleList(call: TenantCall): Promise<Outcome> {
  const query = readQuery(call.request, listQuery)
  if (!query.ok) return query
  const { limit } = query.value
  const after = decodeCursor(query.value.cursor, readPlace)
  if (!after.ok) return after
  const rows = await loadRows(call, after.value, limit + 1)
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const next = last === undefined ? null : encodeCursor(last.chain, last.address)
  const data = await mapBounded(page, ASKED_AT_ONCE, (row) => view(call, row))
  const link = next === null ? {} : { Link: nextLink('/v1/signers', { limit: String(limit), cursor: next }) }
  return ok(jsonAnswer({ data, next_cursor: next }, 200, link))
}

/** Written out: in a query of one table the names of columns would go without their tables. Null: it is in none. */
const poolsOfSigner = sql<string | null>`(SELECT group_concat(pool_members.pool) FROM pool_members
  WHERE pool_members.chain = signers.chain AND pool_members.address = signers.address)`

async function loadRows(call: TenantCall, after: Place | null, limit: number): Promise<readonly Row[]> {
  const rows = await fromDatabase(() =>
    drizzle(call.env.DB)
      .select({ chain: signers.chain, address: signers.address, kind: signers.kind, pools: poolsOfSigner })
      .from(signers)
      .where(
        and(
          eq(signers.tenant, call.caller.tenant),
          after === null
            ? undefined
            : sql`(${signers.chain}, ${signers.address}) > (${after.chain}, ${after.address})`,
        ),
      )
      .orderBy(asc(signers.chain), asc(signers.address))
      .limit(limit),
  )
  return rows.flatMap((row) => {
    const place = readPlace([row.chain, row.address])
    if (place === null) return []
    return [{ ...place, kind: row.kind, pools: row.pools?.split(',').sort() ?? [] }]
  })
}

async function view(call: TenantCall, row: Row): Promise<SignerView> {
  const about = {
    chain: row.chain,
    address: z.encode(address, row.address),
    kind: row.kind,
    visibility: visibilityFor(parseChainPolicies(call.env.CHAINS).get(row.chain), row.address),
    pools: row.pools,
  }
  try {
    const { kind, status, status_reason, balance, next_nonce, pool, open_slots, log } = await ask(
      () => call.env.SIGNER.getByName(signerObjectName(row.chain, row.address)),
      (signer) => signer.summary({ chain: row.chain, address: row.address, tenant: call.caller.tenant }),
    )
    return {
      ...about,
      kind,
      status,
      status_reason,
      balance: balance?.toString() ?? null,
      next_nonce,
      pool,
      open_slots,
      log: log === null ? null : toLogReportView(log),
    }
  } catch (error) {
    if (!isTemporary(error)) throw error
    logEvent('warn', 'api.signer_unavailable', { chain: row.chain, address: row.address, error })
    const unknown = { balance: null, next_nonce: null, pool: null, open_slots: null, log: null }
    return { ...about, status: 'unavailable', status_reason: null, ...unknown }
  }
}

function readPlace([chain, account, ...more]: readonly string[]): Place | null {
  if (chain === undefined || account === undefined || more.length > 0) return null
  return isChainId(chain) && isAddress(account) ? { chain, address: account } : null
}

// Who calls: an API key becomes a tenant and a role, or a problem.

import { timingSafeEqual } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { apiKeys, tenants } from '../../shared/adapters/d1/tables.ts'
import { err, ok, type Result } from '../../shared/lib/result.ts'
import { BEARER_PROTOCOL_PREFIX } from '../../shared/schema/live-message.ts'
import { apiKeyName, hashApiKey } from '../../shared/tenancy/api-key.ts'
import { isAtLeast, type Role } from '../../shared/tenancy/role.ts'
import type { By } from '../../shared/wal/by.ts'
import type { Caller, KeyRow } from './caller.ts'
import { fromDatabase } from './dependency.ts'
import type { Call } from './operation.ts'
import { type Problem, problem } from './problem.ts'

/** RFC 6750, section 3. */
const CHALLENGE = 'Bearer realm="waybill"'

export async function authenticate(call: Call, key: string | null): Promise<Result<Caller, Problem>> {
  if (key === null) {
    const headers = { 'WWW-Authenticate': CHALLENGE }
    return err(problem('unauthenticated', 'The request carries no API key.', { headers }))
  }
  const name = apiKeyName(key)
  if (name === null) return err(invalidKey())
  const row = await call.isolate.keys.read(name.id, () => loadKey(call.env.DB, name.id), call.later)
  // The same answer whether there is no such key, it is another tenant's, it was revoked, or the secret is wrong.
  if (row === null || row.tenant !== name.tenant || !isSameHash(row.hash, hashApiKey(key))) {
    return err(invalidKey())
  }
  return ok({
    tenant: name.tenant,
    tenantName: row.tenantName,
    key: name.id,
    role: row.role,
    tier: row.tier,
  })
}

export function authorize(caller: Caller, needed: Role): Problem | null {
  if (isAtLeast(caller.role, needed)) return null
  const headers = { 'WWW-Authenticate': `${CHALLENGE}, error="insufficient_scope"` }
  return problem('forbidden', `The key has the role ${caller.role}; this needs ${needed}.`, { headers })
}

/** Who is written down as the cause of a record. */
export function causedBy(caller: Caller): By {
  return { source: 'api', key: caller.key, role: caller.role }
}

export function bearerKey(request: Request): string | null {
  const [, key] = /^Bearer +([^\s]+)$/i.exec(request.headers.get('Authorization') ?? '') ?? []
  return key ?? null
}

/** A browser cannot set Authorization on a WebSocket, so it offers the key as a protocol of its own. */
export function socketKey(request: Request): string | null {
  const offered = (request.headers.get('Sec-WebSocket-Protocol') ?? '').split(',').map((text) => text.trim())
  const protocol = offered.find((text) => text.startsWith(BEARER_PROTOCOL_PREFIX))
  return bearerKey(request) ?? protocol?.slice(BEARER_PROTOCOL_PREFIX.length) ?? null
}

async function loadKey(database: D1Database, id: string): Promise<KeyRow | null> {
  const [row] = await fromDatabase(() =>
    drizzle(database)
      .select({
        tenant: apiKeys.tenant,
        tenantName: tenants.name,
        hash: apiKeys.hash,
        role: apiKeys.role,
        tier: apiKeys.tier,
        revokedAt: apiKeys.revoked_at,
      })
      .from(apiKeys)
      .innerJoin(tenants, eq(tenants.id, apiKeys.tenant))
      .where(eq(apiKeys.id, id))
      .limit(1),
  )
  return row === undefined || row.revokedAt !== null ? null : row
}

function isSameHash(stored: string, presented: string): boolean {
  const encoder = new TextEncoder()
  const [left, right] = [encoder.encode(stored), encoder.encode(presented)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function invalidKey(): Problem {
  const headers = { 'WWW-Authenticate': `${CHALLENGE}, error="invalid_token"` }
  return problem('invalid_key', 'The API key is unknown, revoked or mistyped.', { headers })
}

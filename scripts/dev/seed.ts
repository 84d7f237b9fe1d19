// Puts the tenants of a local stack into D1, as an operator does for a deployment. Repeating it changes nothing.

import type { ChainId } from '../../src/shared/chain/chain-id.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import { apiKeyName, hashApiKey } from '../../src/shared/tenancy/api-key.ts'
import type { SqlStatement } from './control-protocol.ts'
import type { DevTenant } from './dev-state.ts'

const TENANT = 'INSERT INTO tenants (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
const KEY = `INSERT INTO api_keys (id, tenant, hash, role, tier, created_at) VALUES (?, ?, ?, ?, 'standard', ?)
  ON CONFLICT DO NOTHING`
const SIGNER = `INSERT INTO signers (chain, address, tenant, kind, created_at) VALUES (?, ?, ?, 'plain', ?)
  ON CONFLICT DO NOTHING`

/** Of each tenant: all of its signers. */
export const LOCAL_POOL = 'all'
const POOL_MEMBER =
  'INSERT INTO pool_members (chain, address, pool, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'

export function seedStatements(chain: ChainId, tenants: readonly DevTenant[]): readonly SqlStatement[] {
  return tenants.flatMap((tenant) => [
    { sql: TENANT, params: [tenant.id, tenant.id, Date.now()] },
    ...tenant.keys.map(({ text, role, created_at }) => {
      const { id } = assertDefined(apiKeyName(text), 'a made key has a name')
      return { sql: KEY, params: [id, tenant.id, hashApiKey(text), role, created_at] }
    }),
    ...tenant.signers.map(({ address, created_at }) => ({
      sql: SIGNER,
      params: [chain, address, tenant.id, created_at],
    })),
    ...tenant.signers.map(({ address, created_at }) => ({
      sql: POOL_MEMBER,
      params: [chain, address, LOCAL_POOL, created_at],
    })),
  ])
}

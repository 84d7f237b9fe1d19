// `npm run key -- --tenant NAME --role ROLE --tier TIER`: makes an API key and the SQL that lets a deployment know it. The key is
// shown here and never again: what is stored is its hash.

import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import {
  API_KEY_ID_BYTES,
  API_KEY_SECRET_BYTES,
  apiKeyName,
  formatApiKey,
  hashApiKey,
} from '../src/shared/tenancy/api-key.ts'
import { ROLES } from '../src/shared/tenancy/role.ts'
import { isTenantId } from '../src/shared/tenancy/tenant-id.ts'

const { values } = parseArgs({
  options: {
    tenant: { type: 'string' },
    role: { type: 'string', default: 'operator' },
    tier: { type: 'string', default: 'standard' },
  },
})
const { tenant = '' } = values
const tier = ['standard', 'trusted'].find((one) => one === values.tier)
const role = ROLES.find((one) => one === values.role)
if (!isTenantId(tenant) || role === undefined || tier === undefined) {
  console.error(`usage: npm run key -- --tenant NAME [--role ${ROLES.join('|')}] [--tier standard|trusted]`)
  console.error('NAME: up to 32 of a-z, 0-9 and -, not - at its ends')
  process.exit(2)
}

const key = formatApiKey(tenant, randomBytes(API_KEY_ID_BYTES), randomBytes(API_KEY_SECRET_BYTES))
const now = Date.now()
console.error(
  `The key, shown once: ${key}\n\nTell the deployment: npx wrangler d1 execute waybill --remote --command "…", with\n`,
)
console.log(`INSERT INTO tenants (id, name, created_at) VALUES ('${tenant}', '${tenant}', ${now}) ON CONFLICT DO NOTHING;
INSERT INTO api_keys (id, tenant, hash, role, tier, created_at)
  VALUES ('${apiKeyName(key)?.id}', '${tenant}', '${hashApiKey(key)}', '${role}', '${tier}', ${now});`)

// What a local stack is: its ports, its tenants with their keys and signers. Made at the first start and kept, so that
// a second start goes on with the same addresses and accounts.

import { randomBytes } from 'node:crypto'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { z } from 'zod'
import { type Address, isAddress } from '../../src/shared/chain/address.ts'
import { assert } from '../../src/shared/lib/assert.ts'
import { VISIBILITIES, type Visibility } from '../../src/shared/routing/visibility.ts'
import { API_KEY_ID_BYTES, API_KEY_SECRET_BYTES, formatApiKey } from '../../src/shared/tenancy/api-key.ts'
import { ROLES, type Role } from '../../src/shared/tenancy/role.ts'
import { isTenantId, type TenantId } from '../../src/shared/tenancy/tenant-id.ts'
import { readJson, type StateDir, writeJson } from './state-dir.ts'

const hexKey = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)])
const address = z.custom<Address>((value) => typeof value === 'string' && isAddress(value))
const tenantId = z.custom<TenantId>((value) => typeof value === 'string' && isTenantId(value))

const devTenant = z.strictObject({
  id: tenantId,
  keys: z.array(z.strictObject({ role: z.enum(ROLES), text: z.string(), created_at: z.number() })),
  signers: z.array(
    z.strictObject({
      address,
      private_key: hexKey,
      created_at: z.number(),
      /** Of what it sends. */
      visibility: z.enum(VISIBILITIES).default('public'),
    }),
  ),
})
export type DevTenant = z.infer<typeof devTenant>

const devState = z.strictObject({
  version: z.literal(1),
  ports: z.strictObject({ api: z.number().int(), chain: z.number().int() }),
  block_time_s: z.number().positive(),
  tenants: z.array(devTenant),
})
export type DevState = z.infer<typeof devState>

/** A tenant to have: one API key for each role, that many signers, and so many for private transfers (default: none). */
export type TenantPlan = {
  readonly id: string
  readonly keys: readonly Role[]
  readonly signers: number
  readonly privateSigners?: number
}

/** Two signers, so that a native and an ERC-20 transfer need not wait for each other. */
export const DEV_TENANT: TenantPlan = { id: 'dev', keys: ['admin'], signers: 2, privateSigners: 1 }

/** `<state>/dev.json`: the first three are what a client of the API needs. */
export type DevFile = {
  readonly url: string
  readonly api_key: string
  readonly chain: string
  readonly rpc_url: string
  readonly token: string
  readonly signers: readonly string[]
  readonly private_signers: readonly string[]
}

export function readDevState(dir: StateDir): DevState | null {
  const stored = readJson(dir.privateFile)
  return stored === null ? null : devState.parse(stored)
}

export function writeDevState(dir: StateDir, state: DevState): void {
  writeJson(dir.privateFile, devState.parse(state))
}

export function writeDevFile(dir: StateDir, file: DevFile): void {
  writeJson(dir.devFile, file)
}

/** What is there, and what the plans ask for beyond it. Nothing is taken away. */
export function withTenants(existing: readonly DevTenant[], plans: readonly TenantPlan[]): DevTenant[] {
  const tenants = new Map(existing.map((tenant) => [String(tenant.id), tenant]))
  for (const plan of plans) tenants.set(plan.id, fulfil(plan, tenants.get(plan.id)))
  return [...tenants.values()]
}

function fulfil(plan: TenantPlan, found: DevTenant | undefined): DevTenant {
  const { id } = plan
  assert(isTenantId(id), `not a tenant id: ${id}`)
  const keys = [...(found?.keys ?? [])]
  const signers = [...(found?.signers ?? [])]
  for (const role of plan.keys) {
    if (!keys.some((key) => key.role === role))
      keys.push({ role, text: newApiKey(id), created_at: Date.now() })
  }
  const wanted = { public: plan.signers, private: plan.privateSigners ?? 0 }
  for (const visibility of VISIBILITIES) {
    const missing = wanted[visibility] - signers.filter((one) => one.visibility === visibility).length
    for (let count = 0; count < missing; count++) signers.push(newSigner(visibility))
  }
  return { id, keys, signers }
}

function newApiKey(tenant: TenantId): string {
  return formatApiKey(tenant, randomBytes(API_KEY_ID_BYTES), randomBytes(API_KEY_SECRET_BYTES))
}

function newSigner(visibility: Visibility): DevTenant['signers'][number] {
  const privateKey = generatePrivateKey()
  const address = privateKeyToAddress(privateKey).toLowerCase()
  assert(isAddress(address), `not an address: ${address}`)
  return { address, private_key: hexKey.parse(privateKey), created_at: Date.now(), visibility }
}

// Decides all that must stay the same over restarts of a stack, and what the Worker is told of it.

import type { Address } from '../../src/shared/chain/address.ts'
import type { BatchPolicy } from '../../src/shared/chain/policy.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import type { Visibility } from '../../src/shared/routing/visibility.ts'
import type { Role } from '../../src/shared/tenancy/role.ts'
import {
  DEV_TENANT,
  type DevState,
  type DevTenant,
  readDevState,
  withTenants,
  writeDevState,
} from './dev-state.ts'
import { freePort } from './free-port.ts'
import { DEFAULT_BLOCK_TIME_S, LOCAL_CHAIN, localChainPolicy } from './local-chain.ts'
import { type Report, SILENT, type StackOptions } from './stack-options.ts'
import type { StateDir } from './state-dir.ts'

/** As wrangler and Anvil have it. */
const API_PORT = 8_787
const CHAIN_PORT = 8_545

export type StackTenant = {
  readonly id: string
  readonly apiKeys: Readonly<Partial<Record<Role, string>>>
  readonly signers: readonly Address[]
  readonly privateSigners: readonly Address[]
}

/** Written down before anything uses it. */
export async function prepareState(dir: StateDir, options: StackOptions): Promise<DevState> {
  const before = readDevState(dir)
  const { report = SILENT } = options
  const state: DevState = {
    version: 1,
    ports: {
      api: await choosePort('API', options.port, before?.ports.api ?? API_PORT, report),
      chain: await choosePort('chain', options.chainPort, before?.ports.chain ?? CHAIN_PORT, report),
    },
    block_time_s: options.blockTimeS ?? before?.block_time_s ?? DEFAULT_BLOCK_TIME_S,
    tenants: withTenants(before?.tenants ?? [], options.tenants ?? [DEV_TENANT]),
  }
  writeDevState(dir, state)
  return state
}

/** `executor`: of the local chain; null where it has none. */
export function bindingsOf(
  { ports, block_time_s, tenants }: DevState,
  executor: Address | null,
  { delegateFrom, carrying }: Pick<StackOptions, 'delegateFrom' | 'carrying'> = {},
): Record<string, string> {
  const endpoint = { name: 'local', url: `http://127.0.0.1:${ports.chain}`, operator: 'local' }
  // The same node: what it has nobody else sees anyway.
  const hidden = { ...endpoint, name: 'local-private', private: true }
  const signers = tenants.flatMap((tenant) => tenant.signers)
  const private_signers = addressesOf(signers, 'private')
  const policy = localChainPolicy(
    block_time_s,
    executor,
    delegateFrom ?? undefined,
    carryingOf(tenants, carrying),
  )
  return {
    CHAINS: JSON.stringify([{ ...policy, private_signers }]),
    RPC_ENDPOINTS: JSON.stringify({
      [LOCAL_CHAIN]: private_signers.length === 0 ? [endpoint] : [endpoint, hidden],
    }),
    SIGNER_KEYS: JSON.stringify(Object.fromEntries(signers.map((key) => [key.address, key.private_key]))),
  }
}

function carryingOf(
  tenants: readonly DevTenant[],
  carrying: StackOptions['carrying'],
): Pick<BatchPolicy, 'carriers' | 'carry_from'> {
  const tenant = tenants.find(({ id }) => id === DEV_TENANT.id)
  if (carrying === undefined || tenant === undefined) return {}
  const carriers = addressesOf(tenant.signers, 'public')
    .slice(-carrying.carriers)
    .map((address) => ({ tenant: tenant.id, address }))
  return { carriers, carry_from: carrying.from }
}

export function toStackTenant({ id, keys, signers }: DevTenant): StackTenant {
  return {
    id,
    apiKeys: Object.fromEntries(keys.map(({ role, text }) => [role, text])),
    signers: addressesOf(signers, 'public'),
    privateSigners: addressesOf(signers, 'private'),
  }
}

function addressesOf(signers: DevTenant['signers'], visibility: Visibility): readonly Address[] {
  return signers.filter((one) => one.visibility === visibility).map(({ address }) => address)
}

export function devTenantOf(tenants: readonly StackTenant[]): StackTenant {
  return assertDefined(
    tenants.find(({ id }) => id === DEV_TENANT.id),
    `a stack has the tenant ${DEV_TENANT.id}`,
  )
}

async function choosePort(
  name: string,
  asked: number | null | undefined,
  usual: number,
  report: Report,
): Promise<number> {
  const wanted = asked === undefined ? usual : asked
  const found = await freePort(wanted)
  if (wanted !== null && found !== wanted) report.warn(`port ${wanted} is taken: the ${name} uses ${found}`)
  return found
}

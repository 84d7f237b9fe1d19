// The settings of a deployment, parsed once per isolate: a mistake stops the first request with a text that says where.

import { z } from 'zod'
import type { ChainId } from '../chain/chain-id.ts'
import { type ChainPolicy, PRICE_WAITS } from '../chain/policy.ts'
import { DAY_MS, MINUTE_MS } from '../lib/time.ts'
import type { EndpointTraits } from '../routing/endpoint-traits.ts'
import type { Pace } from '../transfer/next-wake.ts'
import { PROFILE_CHOICES, type ProfileChoice } from '../wal/profile.ts'
import { address, chainId, count, tenantId, uint256 } from './scalars.ts'
import { parseSetting, remembered, SettingsError } from './setting.ts'

const positive = z.number().int().positive()

const policyFields = z.strictObject({
  chain: chainId,
  name: z.string().min(1),
  native_symbol: z.string().min(1),
  block_time_ms: positive,
  confirmations: positive.default(1),
  finality: z
    .strictObject({ tag: z.boolean(), min_depth: count, depth: positive })
    .default({ tag: true, min_depth: 1, depth: 64 }),
  window: positive.max(64).default(16),
  batch: z
    .strictObject({
      executor: address,
      delegate: z.enum(['on_need', 'by_command']).default('on_need'),
      delegate_from: positive.default(8),
      carry_from: positive.optional(),
      carriers: z.array(z.strictObject({ tenant: tenantId, address })).optional(),
    })
    .nullable()
    .default(null),
  private_signers: z.array(address).nullable().default(null),
  fast_path: z.boolean().default(false),
  fee_caps: z
    .strictObject({
      chain: uint256.nullable().default(null),
      signer: uint256.nullable().default(null),
      signers: z.record(address, uint256).default({}),
    })
    .nullable()
    .default(null),
  price_waits: z.enum(PRICE_WAITS).default('all'),
})
policyFields satisfies z.ZodType<ChainPolicy>

/** What a carrier brings anybody may see, and nobody sees what a private account does. */
const chainPolicy = policyFields.refine(
  ({ batch, private_signers }) =>
    !(batch?.carriers ?? []).some(({ address: carrier }) => private_signers?.includes(carrier) === true),
  { path: ['private_signers'], message: 'an account is private and a carrier' },
)

/** Of the load, beside the others'. */
const WEIGHT_MOST = 1_000

export const endpointSettings = z.strictObject({
  name: z.string().min(1),
  url: z.url({ protocol: /^https?$/ }),
  operator: z.string().min(1),
  weight: z.number().positive().max(WEIGHT_MOST).default(1),
  private: z.boolean().default(false),
  rate: positive.nullable().default(null),
  capabilities: z
    .strictObject({
      batches: z.boolean().default(true),
      block_receipts: z.boolean().default(true),
      subscriptions: z.boolean().default(true),
      broadcasts: z.boolean().default(true),
      reads: z.boolean().default(true),
    })
    .prefault({}),
})
export type EndpointSettings = z.infer<typeof endpointSettings>

const chainEndpoints = z
  .array(endpointSettings)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two endpoints have one name')
  .refine(
    (all) => all.some((one) => !one.private && one.capabilities.broadcasts),
    'none is public and takes transactions',
  )
  .refine(
    (all) => all.some((one) => !one.private && one.capabilities.reads),
    'none is public and answers questions',
  )

/** What may be spoken of: all but the URL. */
export function traitsOf({
  name,
  operator,
  weight,
  private: isPrivate,
  rate,
  capabilities,
}: EndpointSettings) {
  return { name, operator, weight, isPrivate, rate, capabilities } satisfies EndpointTraits
}

/** `text`: the setting CHAINS. Parsed once while it stays the same. */
export const parseChainPolicies = remembered((text): ReadonlyMap<ChainId, ChainPolicy> => {
  const policies = parseSetting('CHAINS', text, z.array(chainPolicy))
  return new Map(policies.map((policy) => [policy.chain, policy]))
})

/** A chain that a deployment no longer serves keeps its transfers readable; the slowest pace is never wrong for them. */
const RETIRED_CHAIN: Pace = { blockTimeMs: MINUTE_MS, confirmations: 1, finalityMs: DAY_MS }

/** `text`: the setting CHAINS. */
export function paceOf(text: string, chain: ChainId): Pace {
  const policy = parseChainPolicies(text).get(chain)
  if (policy === undefined) return RETIRED_CHAIN
  const { block_time_ms: blockTimeMs, confirmations, finality } = policy
  return { blockTimeMs, confirmations, finalityMs: finality.depth * blockTimeMs }
}

/** `text`: the secret RPC_ENDPOINTS. Parsed once while it stays the same. */
export const parseEndpoints = remembered((text): ReadonlyMap<string, readonly EndpointSettings[]> => {
  const endpoints = parseSetting('RPC_ENDPOINTS', text, z.record(z.string(), chainEndpoints))
  return new Map(Object.entries(endpoints))
})

/** Whether the chain has private endpoints that answer, and such that take transactions. `text`: the secret RPC_ENDPOINTS. */
export function takesPrivate(text: string, chain: ChainId): boolean {
  const able = (parseEndpoints(text).get(chain) ?? []).filter((one) => one.private)
  return (['reads', 'broadcasts'] as const).every((what) => able.some((one) => one.capabilities[what]))
}

/** `text`: the setting WAL_PROFILE. */
export function parseWalProfile(text: string): ProfileChoice {
  const parsed = z.enum(PROFILE_CHOICES).safeParse(text)
  if (parsed.success) return parsed.data
  throw new SettingsError(`WAL_PROFILE is none of ${PROFILE_CHOICES.join(', ')}`)
}

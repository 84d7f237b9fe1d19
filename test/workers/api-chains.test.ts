// What is served: chains, their endpoints and fees, signers, and who asks.

import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { FeeHistory } from '../../src/shared/fees/fee-history.ts'
import { readMarket } from '../../src/shared/fees/fee-market.ts'
import { feeOutlook } from '../../src/shared/fees/fee-outlook.ts'
import { ALL_CAPABILITIES } from '../../src/shared/routing/endpoint-traits.ts'
import { NO_FAULTS } from '../../src/shared/routing/fault.ts'
import type { ApiEnv, ChainStub } from '../../src/workers/api/env.ts'
import { apiEnv, newApi, newCaller, newKey, newSigner, newTenant } from './support/api-client.ts'
import { openApiDocument, validator } from './support/api-document.ts'
import { TEST_CHAIN } from './support/settings.ts'

let caller: Awaited<ReturnType<typeof newCaller>>

beforeAll(async () => {
  caller = await newCaller()
})

describe('what is served', () => {
  it('the chains, one by one too', async () => {
    const api = newApi()
    const list = await api.get('/v1/chains', { key: caller.key })
    expect(list.body.data).toMatchObject([{ chain: TEST_CHAIN, native_symbol: 'ETH' }])
    for (const path of [TEST_CHAIN, encodeURIComponent(TEST_CHAIN)]) {
      expect((await api.get(`/v1/chains/${path}`, { key: caller.key })).body.chain).toBe(TEST_CHAIN)
    }
    const other = await api.get('/v1/chains/eip155:424242', { key: caller.key })
    expect(other.body).toMatchObject({ status: 404, code: 'chain_not_found' })
  })

  it('the fees of a chain, as its blocks tell them and the document says', async () => {
    const outlook = feeOutlook(readMarket(steadyHistory(200)))
    const CHAIN: ApiEnv['CHAIN'] = { getByName: () => ({ ...unasked, fees: async () => outlook }) }
    const answer = await newApi({ CHAIN }).get(`/v1/chains/${TEST_CHAIN}/fees`, { key: caller.key })
    expect(answer.status).toBe(200)
    const document = await openApiDocument()
    expect(validator(document, '#/components/schemas/ChainFees').safeParse(answer.body).error).toBeUndefined()
    expect(answer.body).toMatchObject({
      chain: TEST_CHAIN,
      type: 'base_fee',
      block: 199,
      base_fee: '1000000000',
      next_base_fee: '1000000000',
      congestion: 'low',
    })
    expect(answer.body.forecast).toHaveLength(4)
    for (const quote of answer.body.speeds) {
      expect(quote).toMatchObject({ waits_for_base_fee: null, expected_price: '1000000003', probability: 1 })
    }
  })

  it('no fees where no endpoint tells any, and none of a chain that is not served', async () => {
    const api = newApi()
    const silent = await api.get(`/v1/chains/${TEST_CHAIN}/fees`, { key: caller.key })
    expect(silent.body).toMatchObject({ status: 503, code: 'unavailable' })
    const other = await api.get('/v1/chains/eip155:424242/fees', { key: caller.key })
    expect(other.body).toMatchObject({ status: 404, code: 'chain_not_found' })
  })

  it('the endpoints of a chain, as the document says, and never a URL', async () => {
    const CHAIN: ApiEnv['CHAIN'] = { getByName: () => ({ ...unasked, endpoints: async () => STANDINGS }) }
    const path = `/v1/chains/${TEST_CHAIN}/endpoints`
    const answer = await newApi({ CHAIN }).get(path, { key: caller.key })
    expect(answer.status).toBe(200)
    const document = await openApiDocument()
    const schema = validator(document, '#/components/schemas/EndpointList')
    expect(schema.safeParse(answer.body).error).toBeUndefined()
    expect(answer.body.data).toMatchObject([
      {
        name: 'north-1',
        operator: 'north',
        rate: 20,
        rate_used: 3.25,
        rate_leased: 15,
        breaker: 'open',
        lag_blocks: 4,
      },
      { name: 'south-1', private: true, breaker: null, head: null },
    ])
    const own = await newApi().get(path, { key: caller.key })
    expect(own.body.data.length).toBeGreaterThan(0)
    expect(JSON.stringify(own.body)).not.toMatch(/https?:/)
    const other = await newApi().get('/v1/chains/eip155:424242/endpoints', { key: caller.key })
    expect(other.body).toMatchObject({ status: 404, code: 'chain_not_found' })
  })

  it('the signers of the tenant, page by page', async () => {
    const tenant = await newTenant()
    const key = await newKey(tenant, 'viewer')
    const addresses = (await Promise.all([1, 2, 3].map(() => newSigner(tenant)))).sort()
    const seen: string[] = []
    let path: string | null = '/v1/signers?limit=2'
    while (path !== null) {
      const page = await newApi().get(path, { key })
      seen.push(...page.body.data.map(({ address }: { address: string }) => address.toLowerCase()))
      path = /^<(.+)>; rel="next"$/.exec(page.headers.get('Link') ?? '')?.[1] ?? null
    }
    expect(seen).toEqual(addresses)
    const bad = await newApi().get(`/v1/signers?cursor=${btoa(`1,tr_${'a'.repeat(52)}`)}`, { key })
    expect(bad.body.code).toBe('invalid_cursor')
  })

  it('the signers with what they say of themselves, or that they do not answer', async () => {
    const SIGNER: ApiEnv['SIGNER'] = {
      getByName: (name) => ({
        delegate: async () => ({ result: 'fenced' }),
        summary: async ({ chain, address }) => {
          if (!name.endsWith(caller.from)) throw Object.assign(new Error('busy'), { overloaded: true })
          return {
            chain,
            address,
            kind: 'plain',
            status: 'ready',
            status_reason: null,
            balance: 2n ** 70n,
            next_nonce: 3,
            pool: 1,
            open_slots: 2,
            log: null,
          }
        },
      }),
    }
    const { body } = await newApi({ SIGNER }).get('/v1/signers', { key: caller.key })
    expect(body.data).toMatchObject([
      { status: 'ready', balance: String(2n ** 70n), next_nonce: 3, pool: 1, open_slots: 2 },
    ])
    await newSigner(caller.tenant)
    const both = await newApi({ SIGNER }).get('/v1/signers', { key: caller.key })
    expect(both.body.data.map(({ status }: { status: string }) => status).sort()).toEqual([
      'ready',
      'unavailable',
    ])
  })

  it('the caller', async () => {
    const { body } = await newApi().get('/v1/me', { key: caller.key })
    expect(body).toEqual({
      tenant: { id: caller.tenant, name: `Tenant ${caller.tenant}` },
      key: { id: caller.key.split('_')[2], role: 'operator', tier: 'standard' },
    })
  })

  it('by the Worker itself as by the app', async () => {
    expect(apiEnv().CHAINS).toBe(env.CHAINS)
    const { exports } = await import('cloudflare:workers')
    const answer = await exports.default.fetch('https://waybill.test/healthz')
    expect(await answer.json()).toEqual({ status: 'ok' })
  })
})

const unasked = {
  summary: () => Promise.reject(new Error('not asked here')),
  depth: () => Promise.reject(new Error('not asked here')),
  endpoints: () => Promise.reject(new Error('not asked here')),
  fees: () => Promise.reject(new Error('not asked here')),
}

const TRAITS = { weight: 1, isPrivate: false, rate: null, capabilities: ALL_CAPABILITIES }
const STANDINGS: Awaited<ReturnType<ChainStub['endpoints']>> = [
  {
    ...TRAITS,
    name: 'north-1',
    operator: 'north',
    rate: 20,
    leased: 15,
    report: {
      name: 'north-1',
      meanMs: 41.25,
      faults: { ...NO_FAULTS, http: 0.2 },
      requests: 7,
      perSecond: 3.25,
      breaker: 'open',
      pausedMs: 0,
      head: 12,
      lag: 4,
    },
  },
  { ...TRAITS, name: 'south-1', operator: 'south', isPrivate: true, leased: 0, report: null },
]

function steadyHistory(count: number): FeeHistory {
  const blocks = Array.from({ length: count }, (_, number) => {
    return { number, base_fee: 1_000_000_000n, gas_ratio: 0.5, tips: [3n, 4n, 5n, 6n, 7n] }
  })
  return { blocks, next_base_fee: 1_000_000_000n }
}

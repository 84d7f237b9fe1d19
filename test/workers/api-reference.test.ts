// What the API says of itself and of what it serves: the document, the page, health, chains, signers, the caller.

import { env } from 'cloudflare:workers'
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { FeeHistory } from '../../src/shared/fees/fee-history.ts'
import { readMarket } from '../../src/shared/fees/fee-market.ts'
import { feeOutlook } from '../../src/shared/fees/fee-outlook.ts'
import { ALL_CAPABILITIES } from '../../src/shared/routing/endpoint-traits.ts'
import { NO_FAULTS } from '../../src/shared/routing/fault.ts'
import { PROBLEM_CODES } from '../../src/shared/schema/problem.ts'
import type { ApiEnv, ChainStub } from '../../src/workers/api/env.ts'
import { apiEnv, newApi, newCaller, newKey, newSigner, newTenant } from './support/api-client.ts'
import { type DescribedContent, openApiDocument, validator } from './support/api-document.ts'
import { watchedDatabase, watchedTransfers } from './support/api-traces.ts'
import { TEST_CHAIN } from './support/settings.ts'

let caller: Awaited<ReturnType<typeof newCaller>>

beforeAll(async () => {
  caller = await newCaller()
})

describe('the OpenAPI document', () => {
  it('is of version 3.1, and every reference in it leads somewhere', async () => {
    const document = await openApiDocument()
    expect(document.openapi).toBe('3.1.0')
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)]
    expect(references.length).toBeGreaterThan(100)
    for (const [, name = ''] of references) expect(document.components.schemas).toHaveProperty(name)
  })

  it('has an operation id of its own, a summary and answers for every operation', async () => {
    const { paths } = await openApiDocument()
    const operations = Object.values(paths).flatMap((path) => Object.values(path))
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    for (const operation of operations) {
      expect(operation.summary).not.toBe('')
      expect(Object.keys(operation.responses).some((status) => status < '400')).toBe(true)
      expect(operation.responses['500']).toBeDefined()
      if (operation.requestBody !== undefined) expect(operation.requestBody.required).toBe(true)
    }
  })

  it('has examples that are valid against their schemas', async () => {
    const document = await openApiDocument()
    const faults: unknown[] = []
    let checked = 0
    const check = (reference: string, example: unknown) => {
      checked += 1
      const { error } = validator(document, reference).safeParse(example)
      if (error !== undefined) faults.push(reference, error.issues)
    }
    const checkContent = ({ schema, example, examples = {} }: DescribedContent) => {
      if (schema === undefined) return
      if (example !== undefined) check(schema.$ref, example)
      for (const { value } of Object.values(examples)) check(schema.$ref, value)
    }
    for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
      Object.values(operation.requestBody?.content ?? {}).forEach(checkContent)
      for (const { content = {} } of Object.values(operation.responses)) {
        Object.values(content).forEach(checkContent)
      }
    }
    for (const [name, { examples = [] }] of Object.entries(document.components.schemas)) {
      for (const example of examples) check(`#/components/schemas/${name}`, example)
    }
    expect(faults).toEqual([])
    expect(checked).toBeGreaterThan(50)
  })

  it('lets null stand where the code lets it stand, and nowhere else', async () => {
    const { components } = await openApiDocument()
    const { Amount, Step } = components.schemas
    expect(Amount?.type).toBe('string')
    expect(Step?.properties?.fee_paid?.anyOf).toContainEqual({ type: 'null' })
  })

  it('says every code that there is', async () => {
    const { paths } = await openApiDocument()
    const text = JSON.stringify(paths)
    const said = PROBLEM_CODES.filter((code) => text.includes(`"code":"${code}"`))
    // These two are answers to what is no operation at all.
    expect(PROBLEM_CODES.filter((code) => !said.includes(code))).toEqual([
      'route_not_found',
      'method_not_allowed',
    ])
  })
})

describe('the page of the reference', () => {
  it('needs nothing but itself, and its policy allows nothing but what is in it', async () => {
    const answer = await newApi().get('/docs')
    expect(answer.status).toBe(200)
    const html = await answer.response.text()
    expect(html).not.toMatch(/(?:src|href)="(?!#|\/|data:)/)
    const policy = answer.headers.get('Content-Security-Policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    for (const tag of ['style', 'script']) {
      const inside = [...html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))]
      expect(inside).toHaveLength(1)
      const hash = createHash('sha256')
        .update(inside[0]?.[1] ?? '')
        .digest('base64')
      expect(policy).toContain(`${tag}-src 'sha256-${hash}'`)
    }
    expect(html).not.toMatch(/ style="| on\w+="/)
  })

  it('shows every operation, schema and problem, and every link in it leads somewhere', async () => {
    const html = await (await newApi().get('/docs')).response.text()
    const { paths, components } = await openApiDocument()
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    for (const operations of Object.values(paths)) {
      for (const { operationId } of Object.values(operations)) expect(ids).toContain(operationId)
    }
    for (const name of Object.keys(components.schemas)) expect(ids).toContain(`schema-${name}`)
    for (const code of PROBLEM_CODES) expect(ids).toContain(code)
    for (const [, target] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target)
  })
})

describe('health', () => {
  it('/healthz asks nothing', async () => {
    const { DB, queries } = watchedDatabase()
    const { TRANSFER, asked } = watchedTransfers()
    const answer = await newApi({ DB, TRANSFER, CHAINS: 'broken' }).get('/healthz')
    expect(answer).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect([...queries, ...asked]).toEqual([])
  })

  // How far a chain is, and what it does when no endpoint answers, is tested with the chain's object.
  const chain = (summary: ChainStub['summary']): ApiEnv['CHAIN'] => ({
    getByName: () => ({
      summary,
      depth: async () => ({ confirmations: null, isFinal: false }),
      endpoints: async () => [],
      fees: async () => null,
    }),
  })
  const answering = chain(async (id) => ({
    chain: id,
    status: 'idle',
    status_reason: null,
    is_reachable: true,
    head: null,
    finalized: null,
    log: null,
  }))
  const away = chain(() => Promise.reject(new Error('https://rpc.example/token-canary')))

  it('/readyz is 200 when everything answers', async () => {
    const answer = await newApi({ CHAIN: answering }).get('/readyz')
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'ready', parts: ['settings', 'database', TEST_CHAIN] },
    })
  })

  it('/readyz is 503 and names what fails, without a word of how', async () => {
    const { DB, takeAway } = watchedDatabase()
    takeAway()
    const answer = await newApi({ CHAIN: away, DB }).get('/readyz')
    expect(answer.body).toMatchObject({
      status: 503,
      code: 'not_ready',
      parts: [{ part: 'database' }, { part: TEST_CHAIN }],
    })
    expect(answer.headers.get('Retry-After')).toBe('5')
    expect(JSON.stringify(answer.body)).not.toContain('canary')
    const unsettled = await newApi({ CHAINS: '[{"chain":"eip155:1"}]' }).get('/readyz')
    expect(unsettled.body).toMatchObject({ code: 'not_ready', parts: [{ part: 'settings' }] })
  })

  it('/readyz asks at most every two seconds, however often it is asked', async () => {
    const { DB, queries } = watchedDatabase()
    const api = newApi({ CHAIN: answering, DB })
    for (let times = 0; times < 20; times += 1) await api.get('/readyz')
    expect(queries).toHaveLength(1)
  })

  it('a chain that does not answer is still listed', async () => {
    const overloaded = chain(() => Promise.reject(Object.assign(new Error('busy'), { overloaded: true })))
    const api = newApi({ CHAIN: overloaded })
    const list = await api.get('/v1/chains', { key: caller.key })
    expect(list.body.data).toMatchObject([
      { chain: TEST_CHAIN, name: 'Test chain', status: 'unavailable', head: null },
    ])
  })
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

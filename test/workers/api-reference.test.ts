// What the API says of itself, and whether it is well: the document, the page, health.

import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROBLEM_CODES } from '../../src/shared/schema/problem.ts'
import type { ApiEnv, ChainStub } from '../../src/workers/api/env.ts'
import { newApi, newCaller } from './support/api-client.ts'
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

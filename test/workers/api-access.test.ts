// Who may do what. The matrix is made from the OpenAPI document: an operation that is added without a role fails here before
// it can be called.

import { beforeAll, describe, expect, it } from 'vitest'
import { isAtLeast, ROLES, type Role } from '../../src/shared/tenancy/role.ts'
import { isTransferId } from '../../src/shared/transfer/transfer-id.ts'
import { buildApi } from '../../src/workers/api/app.ts'
import { type Answered, keysByRole, newApi, newCaller, newKey, newTenant } from './support/api-client.ts'
import { type DescribedOperation, openApiDocument } from './support/api-document.ts'
import { watchedTransfers } from './support/api-traces.ts'
import { TEST_CHAIN } from './support/settings.ts'

const UNKNOWN_ID = `tr_${'a'.repeat(52)}`

let caller: Awaited<ReturnType<typeof newCaller>>
let keys: Record<Role, string>
let badKeys: Record<string, string>

beforeAll(async () => {
  caller = await newCaller()
  const { tenant } = caller
  keys = await keysByRole(caller)
  const [prefix, , id, secret = ''] = keys.admin.split('_')
  badKeys = {
    'an empty key': '',
    'another kind of token': 'eyJhbGciOiJub25lIn0.e30.',
    'a key of another form': 'wb_admin',
    'an id that nobody has': [prefix, tenant, 'aaaaaaaaaaaaaaaa', secret].join('_'),
    'a wrong secret': [prefix, tenant, id, secret.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))].join(
      '_',
    ),
    'a longer secret': `${keys.admin}a`,
    'another tenant before a right id': [prefix, await newTenant(), id, secret].join('_'),
    'a revoked key': await newKey(tenant, 'admin', 1),
  }
})

describe('the matrix of operations and roles', () => {
  async function eachOperation(
    check: (ask: (key?: string) => Promise<Answered>, described: DescribedOperation) => Promise<void>,
  ) {
    const { paths } = await openApiDocument()
    const api = newApi()
    let count = 0
    for (const [path, operations] of Object.entries(paths)) {
      const real = path.replace('{id}', UNKNOWN_ID).replace('{chain}', TEST_CHAIN)
      for (const [method, described] of Object.entries(operations)) {
        count += 1
        const headers = { 'Idempotency-Key': crypto.randomUUID() }
        await check(
          (key) => api.ask(method.toUpperCase(), real, { headers, ...(key === undefined ? {} : { key }) }),
          described,
        )
      }
    }
    expect(count).toBeGreaterThan(10)
  }

  it('only what says so is open, and everything else asks for a key', async () => {
    const open: string[] = []
    await eachOperation(async (ask, described) => {
      const { status, headers, body } = await ask()
      if (described['x-waybill-role'] === undefined) {
        expect(described.security).toEqual([])
        expect([401, 403]).not.toContain(status)
        open.push(new URL(body?.instance ?? '/', 'https://x').pathname)
        return
      }
      expect(body).toMatchObject({ status: 401, code: 'unauthenticated' })
      expect(headers.get('WWW-Authenticate')).toBe('Bearer realm="waybill"')
    })
    expect(open).toHaveLength(4)
  })

  it('no operation takes a key that is not good', async () => {
    for (const [name, key] of Object.entries(badKeys)) {
      await eachOperation(async (ask, described) => {
        if (described['x-waybill-role'] === undefined) return
        const { status, body } = await ask(key)
        expect([status, body.code], name).toEqual([401, key === '' ? 'unauthenticated' : 'invalid_key'])
      })
    }
  })

  it('each role may do what it needs to, and no more', async () => {
    for (const role of ROLES) {
      await eachOperation(async (ask, described) => {
        const { status, body } = await ask(keys[role])
        const needed = described['x-waybill-role'] ?? 'viewer'
        if (isAtLeast(role, needed)) expect([401, 403]).not.toContain(status)
        else expect(body).toMatchObject({ status: 403, code: 'forbidden' })
      })
    }
  })

  it('every route that is mounted is in the document', async () => {
    const { paths } = await openApiDocument()
    const mounted = new Set(buildApi().routes.map(({ path }) => path.replaceAll(/:(\w+)/g, '{$1}')))
    expect([...mounted].sort()).toEqual(Object.keys(paths).sort())
  })

  it('a key is taken from the Authorization header only', async () => {
    const api = newApi()
    for (const answer of [
      await api.get(`/v1/me?key=${keys.admin}`),
      await api.get('/v1/me', { headers: { Cookie: `key=${keys.admin}` } }),
      await api.get('/v1/me', { headers: { Authorization: `Basic ${keys.admin}` } }),
      await api.get('/v1/me', { headers: { 'Sec-WebSocket-Protocol': `waybill.v1, bearer.${keys.admin}` } }),
    ]) {
      expect(answer.body.code).toBe('unauthenticated')
    }
    expect((await api.get('/v1/me', { headers: { Authorization: `bearer ${keys.admin}` } })).status).toBe(200)
  })
})

describe('a tenant does not see another one', () => {
  it('the transfer of another tenant answers as one that is not there', async () => {
    const api = newApi()
    const headers = { 'Idempotency-Key': crypto.randomUUID() }
    const posted = await api.post('/v1/transfers', { key: caller.key, headers, body: caller.body })
    const stranger = await newKey(await newTenant(), 'admin')
    for (const [method, suffix] of [
      ['GET', ''],
      ['GET', '/history'],
      ['GET', '/wal'],
      ['POST', '/cancel'],
    ] as const) {
      const [foreign, unknown] = await Promise.all(
        [posted.body.id, UNKNOWN_ID].map((id) =>
          api.ask(method, `/v1/transfers/${id}${suffix}`, { key: stranger, headers }),
        ),
      )
      expect(foreign?.status).toBe(404)
      const without = (answer?: Answered) => ({ ...answer?.body, request_id: '', instance: '' })
      expect(without(foreign)).toEqual(without(unknown))
    }
    const socket = { Upgrade: 'websocket', ...headers }
    expect(
      (await api.get(`/v1/transfers/${posted.body.id}/live`, { key: stranger, headers: socket })).status,
    ).toBe(404)
    expect((await api.get(posted.body.links.self, { key: caller.key })).body.status).not.toBe('canceled')
  })

  it('lists hold only what is one’s own', async () => {
    const stranger = await newKey(await newTenant(), 'viewer')
    expect((await newApi().get('/v1/signers', { key: stranger })).body.data).toEqual([])
    expect((await newApi().get('/v1/transfers', { key: stranger })).body.data).toEqual([])
    const own = await newApi().get('/v1/signers', { key: caller.key })
    expect(own.body.data).toHaveLength(1)
  })

  it('only a string that is an id reaches an object', async () => {
    const { TRANSFER, asked } = watchedTransfers()
    const api = newApi({ TRANSFER })
    const strange = [
      'x',
      'tr_',
      UNKNOWN_ID.toUpperCase(),
      `${UNKNOWN_ID}a`,
      `${UNKNOWN_ID.slice(0, -1)}b`,
      '%00',
      '..%2F..',
      '%ff',
    ]
    for (const id of strange) {
      expect(isTransferId(decodeURIComponentOr(id))).toBe(false)
      for (const suffix of ['', '/history', '/wal']) {
        expect((await api.get(`/v1/transfers/${id}${suffix}`, { key: caller.key })).status).toBe(404)
      }
    }
    expect(asked).toEqual([])
  })
})

describe('every answer', () => {
  it('carries the headers that keep it from being stored, sniffed or framed', async () => {
    const api = newApi()
    for (const answer of [await api.get('/healthz'), await api.get('/v1/me'), await api.get('/nowhere')]) {
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
    }
  })

  it('to another method says which ones are taken', async () => {
    const answer = await newApi().ask('DELETE', '/v1/transfers')
    expect(answer.body).toMatchObject({ status: 405, code: 'method_not_allowed' })
    expect(answer.headers.get('Allow')).toBe('POST, GET, HEAD')
  })

  it('to a path that leads nowhere is a problem', async () => {
    for (const path of ['/v2/transfers', '/v1/transfers/', '/v1', '/.env']) {
      expect((await newApi().get(path)).body).toMatchObject({
        status: 404,
        code: 'route_not_found',
        instance: path,
      })
    }
  })
})

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

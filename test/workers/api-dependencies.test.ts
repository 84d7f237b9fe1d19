// What the API does while a part that it needs is slow, away or changed: what it remembers of keys and signers, and what it says
// of an object that does not answer.

import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Role } from '../../src/shared/tenancy/role.ts'
import type { ApiEnv, TransferStub } from '../../src/workers/api/env.ts'
import { keysByRole, newApi, newCaller, newKey } from './support/api-client.ts'
import { watchedDatabase } from './support/api-traces.ts'
import { TEST_CHAIN } from './support/settings.ts'

let caller: Awaited<ReturnType<typeof newCaller>>
let keys: Record<Role, string>

beforeAll(async () => {
  caller = await newCaller()
  keys = await keysByRole(caller)
})

describe('what is remembered of keys and signers', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => vi.useRealTimers())

  const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000)

  it('posting again needs no database', async () => {
    const { DB, queries } = watchedDatabase()
    const api = newApi({ DB })
    const post = () =>
      api.post('/v1/transfers', {
        key: caller.key,
        headers: { 'Idempotency-Key': crypto.randomUUID() },
        body: caller.body,
      })
    expect((await post()).status).toBe(202)
    expect(queries).toHaveLength(2)
    later(4)
    expect((await post()).status).toBe(202)
    expect(queries).toHaveLength(2)
  })

  it('a key in use is looked up again before anybody has to wait for it', async () => {
    const { DB, queries } = watchedDatabase()
    const api = newApi({ DB })
    for (let second = 0; second < 30; second += 3) {
      expect((await api.get('/v1/me', { key: keys.viewer })).status).toBe(200)
      later(3)
    }
    expect(queries).toHaveLength(5)
  })

  it('a revoked key works for ten seconds at most', async () => {
    const key = await newKey(caller.tenant, 'viewer')
    const api = newApi()
    expect((await api.get('/v1/me', { key })).status).toBe(200)
    const [, , id] = key.split('_')
    await env.DB.prepare('UPDATE api_keys SET revoked_at = 1 WHERE id = ?').bind(id).run()
    later(10)
    expect((await api.get('/v1/me', { key })).body.code).toBe('invalid_key')
  })

  it('what is not there is looked for each time, so that it works as soon as it is there', async () => {
    const api = newApi()
    const late = `0x${'cd'.repeat(20)}`
    const post = () =>
      api.post('/v1/transfers', {
        key: caller.key,
        headers: { 'Idempotency-Key': 'late' },
        body: { ...caller.body, from: late },
      })
    expect((await post()).body.code).toBe('signer_not_found')
    await env.DB.prepare('INSERT INTO signers VALUES (?, ?, ?, ?, ?)')
      .bind(TEST_CHAIN, late, caller.tenant, 'plain', 1)
      .run()
    expect((await post()).status).toBe(202)
  })

  it('a database that is away stops nobody who was known a minute ago, and says so to others', async () => {
    const { DB, takeAway } = watchedDatabase()
    const api = newApi({ DB })
    const post = (key: string) =>
      api.post('/v1/transfers', {
        key,
        headers: { 'Idempotency-Key': crypto.randomUUID() },
        body: caller.body,
      })
    expect((await post(caller.key)).status).toBe(202)
    takeAway()
    later(50)
    expect((await post(caller.key)).status).toBe(202)
    const stranger = await post(keys.admin)
    expect(stranger.body).toMatchObject({ status: 503, code: 'unavailable' })
    expect(stranger.headers.get('Retry-After')).toBe('1')
    later(11)
    expect((await post(caller.key)).body.code).toBe('unavailable')
  })
})

describe('an object that does not answer', () => {
  afterEach(() => vi.restoreAllMocks())

  // What the runtime throws cannot be made to happen at will, so a stub throws it.
  function failing(fault: object, times = Number.POSITIVE_INFINITY) {
    let stubs = 0
    const TRANSFER: ApiEnv['TRANSFER'] = {
      getByName: (name): TransferStub => {
        stubs += 1
        if (stubs > times) return env.TRANSFER.getByName(name)
        const fail = () => Promise.reject(Object.assign(new Error(`canary ${caller.key}`), fault))
        return {
          create: fail,
          read: fail,
          history: fail,
          wal: fail,
          proof: fail,
          row: fail,
          cancel: fail,
          speedUp: fail,
          fetch: fail,
        }
      },
    }
    return { api: newApi({ TRANSFER }), stubs: () => stubs }
  }
  const post = (api: ReturnType<typeof newApi>) =>
    api.post('/v1/transfers', {
      key: caller.key,
      headers: { 'Idempotency-Key': crypto.randomUUID() },
      body: caller.body,
    })

  it('is asked once more through a new stub when it was only reset', async () => {
    const { api, stubs } = failing({ retryable: true }, 1)
    expect((await post(api)).status).toBe(202)
    expect(stubs()).toBe(2)
  })

  it('is asked twice at most', async () => {
    const { api, stubs } = failing({ retryable: true })
    const answer = await post(api)
    expect(answer.body).toMatchObject({ status: 503, code: 'unavailable' })
    expect(answer.headers.get('Retry-After')).toBe('1')
    expect(stubs()).toBe(2)
  })

  it('is not asked again when it is overloaded', async () => {
    const { api, stubs } = failing({ retryable: true, overloaded: true })
    expect((await post(api)).body.code).toBe('unavailable')
    expect(stubs()).toBe(1)
  })

  it('with an error that nobody expected is told to us by request id, to the caller without a word of it', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const answer = await post(failing({}).api)
    expect(answer.body).toMatchObject({ status: 500, code: 'internal' })
    expect(JSON.stringify(answer.body)).not.toContain('canary')
    const line = JSON.parse(logged.mock.calls[0]?.[0])
    expect(line).toMatchObject({ level: 'error', event: 'api.internal', request_id: answer.body.request_id })
    expect(answer.headers.get('X-Request-Id')).toBe(answer.body.request_id)
  })

  it('never has a key in what is logged', async () => {
    const lines: unknown[] = []
    for (const level of ['error', 'warn', 'info', 'log'] as const) {
      vi.spyOn(console, level).mockImplementation((...line) => lines.push(...line))
    }
    await post(failing({}).api)
    await post(failing({ overloaded: true }).api)
    expect(lines).toHaveLength(2)
    expect(lines.join()).not.toContain(caller.key)
  })
})

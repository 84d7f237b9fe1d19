// What bad input gets: each fault its own code, and nothing left behind.

import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import type { ApiEnv } from '../../src/workers/api/env.ts'
import { BODY_MAX_BYTES } from '../../src/workers/api/json-body.ts'
import { type Asked, newApi, newCaller, newSigner, newTenant } from './support/api-client.ts'
import { tablesOfTransfer, watchedTransfers } from './support/api-traces.ts'
import { FORM_FAULTS, policyFaults } from './support/bad-transfers.ts'

/** Requests of one run of the random test: a second of work. */
const RANDOM_RUNS = 300

let caller: Awaited<ReturnType<typeof newCaller>>
let foreignSigner: string
let ownSigner: string

beforeAll(async () => {
  caller = await newCaller()
  foreignSigner = await newSigner(await newTenant())
  ownSigner = await newSigner(caller.tenant)
})

function post(asked: Asked, over: Partial<ApiEnv> = {}, path = '/v1/transfers') {
  return newApi(over).post(path, { key: caller.key, ...asked })
}

const fresh = () => ({ 'Idempotency-Key': crypto.randomUUID() })

describe('a transfer of the wrong form', () => {
  it.each(FORM_FAULTS)('$name', async ({ make, code, field, status }) => {
    const { TRANSFER, asked } = watchedTransfers()
    const headers = fresh()
    const body = make(caller.body)
    const answer = await post({ headers, ...(body === undefined ? {} : { body }) }, { TRANSFER })
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ code, status, type: `/docs#${code}`, instance: '/v1/transfers' })
    expect(answer.body.errors?.[0]?.field ?? null).toBe(field)
    expect(answer.body.help).not.toBe('')
    expect(asked).toEqual([])
    expect(await tablesOfTransfer(caller.tenant, headers['Idempotency-Key'])).toBe(0)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'is refused, and one of the right form taken, where the Content-Type is "%s"',
    async (type) => {
      const headers = { ...fresh(), 'Content-Type': type }
      expect((await post({ headers, body: 'amount=1' })).body.code).toBe('not_json')
      expect((await post({ headers, body: caller.body })).status).toBe(202)
    },
  )

  it('names every field that is wrong, and shows little of what was sent', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `${'x'.repeat(100)}${index}`)
    const unknown = Object.fromEntries(names.map((name) => [name, 1]))
    const action = { type: 'native', amount: 5 }
    const { body } = await post({ headers: fresh(), body: { ...caller.body, action, ...unknown } })
    expect(body.errors.slice(0, 2)).toMatchObject([
      { field: 'action.to', code: 'missing_field' },
      { field: 'action.amount', code: 'amount_not_decimal' },
    ])
    expect(body.errors).toHaveLength(20)
    expect(JSON.stringify(body).length).toBeLessThan(6_000)
  })

  it.each([{}, { 'Content-Length': '2' }])('is cut off at the cap with the length %o', async (length) => {
    let pulled = 0
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled += 16_384
        controller.enqueue(new Uint8Array(16_384).fill(0x20))
      },
    })
    const answer = await post({ headers: { ...fresh(), ...length }, body: endless })
    expect(answer.body).toMatchObject({ code: 'body_too_large', status: 413 })
    expect(pulled).toBeLessThan(BODY_MAX_BYTES + 2 ** 20 + 4 * 16_384)
  })

  it('with a parameter that this operation does not know moves nothing', async () => {
    const { TRANSFER, asked } = watchedTransfers()
    const answer = await post(
      { headers: fresh(), body: caller.body },
      { TRANSFER },
      '/v1/transfers?dry_run=true',
    )
    expect(answer.body).toMatchObject({ code: 'unknown_field', errors: [{ field: 'dry_run' }] })
    expect(asked).toEqual([])
  })
})

describe('the Idempotency-Key', () => {
  it.each([
    ['missing', undefined, 'idempotency_key_missing'],
    ['empty in quotes', '""', 'idempotency_key_invalid'],
    ['of 256 characters', 'x'.repeat(256), 'idempotency_key_invalid'],
    ['with a space', 'a b', 'idempotency_key_invalid'],
    ['with a letter outside ASCII', 'caf\u00e9', 'idempotency_key_invalid'],
    ['with an open quote', '"abc', 'idempotency_key_invalid'],
    ['with parameters', '"abc";p=1', 'idempotency_key_invalid'],
    ['sent twice', 'abc, def', 'idempotency_key_invalid'],
  ])('%s', async (_name, header, code) => {
    const { TRANSFER, asked } = watchedTransfers()
    const headers: Record<string, string> = header === undefined ? {} : { 'Idempotency-Key': header }
    const answer = await post({ headers, body: caller.body }, { TRANSFER })
    expect(answer.body).toMatchObject({ code, status: 400 })
    expect(asked).toEqual([])
  })

  it('may be as long as 255 characters', async () => {
    const key = crypto.randomUUID().padEnd(255, 'x')
    expect((await post({ headers: { 'Idempotency-Key': key }, body: caller.body })).status).toBe(202)
  })

  it('means the same in quotes, escaped and bare', async () => {
    const key = `a"b\\${crypto.randomUUID()}`
    const ids = new Set<string>()
    for (const header of [key, `"${key.replace(/["\\]/g, '\\$&')}"`]) {
      ids.add((await post({ headers: { 'Idempotency-Key': header }, body: caller.body })).body.id)
    }
    expect(ids.size).toBe(1)
  })

  it('with another body is refused, and the first transfer stays as it is', async () => {
    const headers = fresh()
    const first = await post({ headers, body: caller.body })
    const other = await post({ headers, body: { ...caller.body, reference: 'another' } })
    expect(other.body).toMatchObject({ code: 'idempotency_key_reused', status: 422 })
    const { body } = await newApi().get(first.body.links.self, { key: caller.key })
    expect(body).toMatchObject({ id: first.body.id, reference: null, created_at: first.body.created_at })
  })

  it('of another tenant names another transfer', async () => {
    const other = await newCaller()
    const headers = fresh()
    const mine = await post({ headers, body: caller.body })
    const theirs = await post({ key: other.key, headers, body: other.body })
    expect(theirs.status).toBe(202)
    expect(theirs.body.id).not.toBe(mine.body.id)
  })
})

describe('a new transfer that must not be', () => {
  it.each(policyFaults('', '').map(({ name }) => name))('%s', async (name) => {
    const faults = policyFaults(foreignSigner, ownSigner)
    const { make, code, field, status } = assertDefined(
      faults.find((fault) => fault.name === name),
      name,
    )
    const headers = fresh()
    const answer = await post({ headers, body: make(caller.body) })
    expect(answer.body).toMatchObject({ code, status, errors: [{ field, code }] })
    expect(await tablesOfTransfer(caller.tenant, headers['Idempotency-Key'])).toBe(0)
  })

  it('gets the same text for a signer of another tenant as for none', async () => {
    const headers = fresh()
    const foreign = await post({ headers, body: { ...caller.body, from: foreignSigner } })
    const none = await post({ headers, body: { ...caller.body, from: `0x${'ab'.repeat(20)}` } })
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...none.body, request_id: '' })
  })

  it('may be posted under the same key once the fault is mended', async () => {
    const headers = fresh()
    expect((await post({ headers, body: { ...caller.body, visibility: 'private' } })).status).toBe(400)
    expect((await post({ headers, body: caller.body })).status).toBe(202)
  })

  it('is not asked about again when it is a repeat: what changed since does not matter', async () => {
    const headers = fresh()
    expect((await post({ headers, body: caller.body })).status).toBe(202)
    const repeated = await post({ headers, body: caller.body }, { CHAINS: '[]' })
    expect(repeated.status).toBe(202)
    expect(repeated.headers.get('Idempotent-Replayed')).toBe('true')
  })
})

describe('random input', () => {
  // The object's own answers are tested elsewhere; here one that always refuses stands for it, so that a run of
  // hundreds leaves nothing to be driven.
  const TRANSFER: ApiEnv['TRANSFER'] = {
    getByName: () => ({
      create: async () => ({ answer: { result: 'refused', reason: 'deadline_passed' }, document: null }),
      read: async () => null,
      history: async () => null,
      wal: async () => null,
      proof: async () => null,
      row: async () => null,
      cancel: async () => null,
      speedUp: async () => null,
      fetch: async () => new Response(null, { status: 404 }),
    }),
  }

  it('never gets a 5xx or an answer that the document does not have', async () => {
    const api = newApi({ TRANSFER })
    const seed = Date.now() % 2 ** 31
    console.info(`random input: seed ${seed}`)
    const name = fc.oneof(
      fc.constantFrom(...Object.keys(caller.body), 'tags', 'deadline', '__proto__'),
      fc.string(),
    )
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('call', '1', 'eip155:1'),
    )
    const members = fc.array(fc.tuple(name, value), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(members, members, async (ofBody, ofAction) => {
        const action = { ...caller.body.action, ...Object.fromEntries(ofAction) }
        const body = JSON.stringify({ ...caller.body, action, ...Object.fromEntries(ofBody) })
        const { status } = await api.post('/v1/transfers', { key: caller.key, headers: fresh(), body })
        expect(status).toBeGreaterThanOrEqual(400)
        expect(status).toBeLessThan(500)
      }),
      { seed, numRuns: RANDOM_RUNS },
    )
  })
})

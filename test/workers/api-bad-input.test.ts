// What bad input gets: each fault its own code, and nothing left behind.

import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ApiEnv } from '../../src/workers/api/env.ts'
import { BODY_MAX_BYTES } from '../../src/workers/api/json-body.ts'
import { type Asked, newApi, newCaller, newKey, newSigner, newTenant } from './support/api-client.ts'
import { tablesOfTransfer, watchedTransfers } from './support/api-traces.ts'

/** Requests of one run of the random test: a second of work. */
const RANDOM_RUNS = 300

type Caller = Awaited<ReturnType<typeof newCaller>>
let caller: Caller
let foreignSigner: string
let mixedSigner: string

beforeAll(async () => {
  caller = await newCaller()
  foreignSigner = await newSigner(await newTenant())
  mixedSigner = await newSigner(caller.tenant)
})

const to = `0x${'70'.repeat(20)}`
const withAction = (action: Record<string, unknown>) => () => ({ ...caller.body, action })
const native = (amount: unknown) => withAction({ type: 'native', to, amount })
const withField = (field: string, value: unknown) => () => ({ ...caller.body, [field]: value })
const text = (make: () => string) => make

type Row = readonly [name: string, body: () => unknown, code: string, field: string | null, status?: number]

const FORM_ROWS: readonly Row[] = [
  ['no body', () => undefined, 'not_json', null],
  ['empty text', () => '', 'not_json', null],
  ['not JSON', () => '{"chain":', 'not_json', null],
  ['two JSON texts', () => '{} {}', 'not_json', null],
  ['not UTF-8', () => new Uint8Array([0x22, 0xff, 0x22]), 'not_json', null],
  ['a list', () => [], 'invalid_field', 'body'],
  ['null', () => 'null', 'invalid_field', 'body'],
  ['an unknown field', withField('deadlin', '2030-01-01T00:00:00Z'), 'unknown_field', 'deadlin'],
  ['an unknown field of the action', withAction({ type: 'native', to, amount: '1', memo: 'x' }), 'unknown_field', 'action.memo'],
  ['__proto__ as a field', text(() => JSON.stringify(caller.body).replace('{', '{"__proto__":{"chain":"x"},')), 'unknown_field', '__proto__'],
  ['constructor as a field', withField('constructor', 1), 'unknown_field', 'constructor'],
  ['a field that only a prototype has', text(() => `{"__proto__":${JSON.stringify(caller.body)}}`), 'missing_field', 'chain'],
  ['a field twice', text(() => JSON.stringify(caller.body).replace('"amount":', '"amount":"1","amount":')), 'duplicate_field', 'body'],
  ['a field twice, once escaped', text(() => JSON.stringify(caller.body).replace('"amount":', '"\\u0061mount":"1","amount":')), 'duplicate_field', 'body'],
  ['a missing field', () => ({ ...caller.body, from: undefined }), 'missing_field', 'from'],
  ['a missing action', () => ({ ...caller.body, action: undefined }), 'missing_field', 'action'],
  ['an action without a type', withAction({ to, amount: '1' }), 'missing_field', 'action.type'],
  ['a type of action that is not known', withAction({ type: 'erc721', to }), 'invalid_field', 'action.type'],
  ['a type of action from a prototype', withAction({ type: 'constructor' }), 'invalid_field', 'action.type'],
  ['a missing amount', withAction({ type: 'native', to }), 'missing_field', 'action.amount'],
  ['a chain that is not CAIP-2', withField('chain', 'ethereum'), 'invalid_chain', 'chain'],
  ['a chain that is a number', withField('chain', 1), 'invalid_chain', 'chain'],
  ['a short address', withAction({ type: 'native', to: '0x1234', amount: '1' }), 'invalid_address', 'action.to'],
  ['an address without 0x', withAction({ type: 'native', to: '70'.repeat(21), amount: '1' }), 'invalid_address', 'action.to'],
  ['an address that is a number', withAction({ type: 'native', to: 5, amount: '1' }), 'invalid_address', 'action.to'],
  ['an address with a wrong checksum', withAction({ type: 'native', to: '0xf39fd6e51aad88F6F4ce6aB8827279cffFb92266', amount: '1' }), 'invalid_checksum', 'action.to'],
  ['a token with a wrong checksum', withAction({ type: 'erc20', token: '0x5fbDB2315678afecb367f032d93F642f64180aa3', to, amount: '1' }), 'invalid_checksum', 'action.token'],
  ['a negative amount', native('-1'), 'amount_negative', 'action.amount'],
  ['a fractional amount', native('1.5'), 'amount_fractional', 'action.amount'],
  ['an amount in hex', native('0x10'), 'amount_not_decimal', 'action.amount'],
  ['an amount with an exponent', native('1e18'), 'amount_not_decimal', 'action.amount'],
  ['an amount with a sign', native('+1'), 'amount_not_decimal', 'action.amount'],
  ['an amount with a leading zero', native('01'), 'amount_not_decimal', 'action.amount'],
  ['an amount with a space', native(' 1'), 'amount_not_decimal', 'action.amount'],
  ['an amount in other digits', native('١٢'), 'amount_not_decimal', 'action.amount'],
  ['an empty amount', native(''), 'amount_not_decimal', 'action.amount'],
  ['an amount that is a JSON number', native(1000), 'amount_not_decimal', 'action.amount'],
  ['an amount that is null', native(null), 'amount_not_decimal', 'action.amount'],
  ['an amount of zero', native('0'), 'amount_zero', 'action.amount'],
  ['an ERC-20 amount of zero', withAction({ type: 'erc20', token: to, to, amount: '0' }), 'amount_zero', 'action.amount'],
  ['a fee limit of zero', withField('max_fee_per_gas', '0'), 'amount_zero', 'max_fee_per_gas'],
  ['an amount above uint256', native((2n ** 256n).toString()), 'amount_too_large', 'action.amount'],
  ['an amount of a thousand digits', native('9'.repeat(1_000)), 'amount_too_large', 'action.amount'],
  ['calldata of half a byte', withAction({ type: 'call', to, data: '0x123' }), 'invalid_hex', 'action.data'],
  ['calldata above its cap', withAction({ type: 'call', to, data: `0x${'00'.repeat(65_537)}` }), 'invalid_field', 'action.data'],
  ['a deadline that is no time', withField('deadline', 'tomorrow'), 'invalid_time', 'deadline'],
  ['a deadline without an offset', withField('deadline', '2030-01-01T00:00:00'), 'invalid_time', 'deadline'],
  ['a deadline as a number', withField('deadline', 1_900_000_000), 'invalid_time', 'deadline'],
  ['a speed that is not known', withField('speed', 'warp'), 'invalid_field', 'speed'],
  ['no confirmations', withField('confirmations', 0), 'invalid_field', 'confirmations'],
  ['half a confirmation', withField('confirmations', 1.5), 'invalid_field', 'confirmations'],
  ['endless confirmations', text(() => JSON.stringify(caller.body).replace('{', '{"confirmations":1e999,')), 'invalid_field', 'confirmations'],
  ['too long a reference', withField('reference', 'x'.repeat(257)), 'invalid_field', 'reference'],
  ['half of a surrogate pair', text(() => JSON.stringify(caller.body).replace('{', '{"reference":"\\ud800",')), 'invalid_field', 'reference'],
  ['too many tags', withField('tags', Array.from({ length: 17 }, () => 'x')), 'invalid_field', 'tags'],
  ['tags that are deep', text(() => JSON.stringify(caller.body).replace('{', `{"tags":${'['.repeat(40_000)}${']'.repeat(40_000)},`)), 'invalid_field', 'tags.0'],
  ['a body above the cap', () => ' '.repeat(BODY_MAX_BYTES + 1), 'body_too_large', null, 413],
]

describe('a transfer of the wrong form', () => {
  it.each(FORM_ROWS)('%s', async (_name, body, code, field, status = 400) => {
    const { TRANSFER, asked } = watchedTransfers()
    const idempotencyKey = crypto.randomUUID()
    const sent = body()
    const answer = await newApi({ TRANSFER }).post('/v1/transfers', {
      key: caller.key,
      headers: { 'Idempotency-Key': idempotencyKey },
      ...(sent === undefined ? {} : { body: sent }),
    })
    expect(answer.body).toMatchObject({ code, status, type: `/docs#${code}`, instance: '/v1/transfers' })
    expect(answer.body.errors?.[0]?.field ?? null).toBe(field)
    expect(answer.body.help).not.toBe('')
    expect(asked).toEqual([])
    expect(await tablesOfTransfer(caller.tenant, idempotencyKey)).toBe(0)
  })

  it('is read as JSON whatever its Content-Type says', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      const bad = await newApi().post('/v1/transfers', {
        key: caller.key,
        headers: { 'Idempotency-Key': 'k', 'Content-Type': type },
        body: 'amount=1',
      })
      expect(bad.body.code).toBe('not_json')
      const good = await newApi().post('/v1/transfers', {
        key: caller.key,
        headers: { 'Idempotency-Key': crypto.randomUUID(), 'Content-Type': type },
        body: caller.body,
      })
      expect(good.status).toBe(202)
    }
  })

  it('names every field that is wrong, and shows little of what was sent', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`${'x'.repeat(100)}${index}`, 1]))
    const answer = await newApi().post('/v1/transfers', {
      key: caller.key,
      headers: { 'Idempotency-Key': 'k' },
      body: { ...caller.body, action: { type: 'native', amount: 5 }, ...unknown },
    })
    expect(answer.body.errors.slice(0, 2)).toMatchObject([
      { field: 'action.to', code: 'missing_field' },
      { field: 'action.amount', code: 'amount_not_decimal' },
    ])
    expect(answer.body.errors).toHaveLength(20)
    expect(JSON.stringify(answer.body).length).toBeLessThan(6_000)
  })

  it('is cut off at the cap where no length was announced, and where a false one was', async () => {
    let pulled = 0
    const endless = () =>
      new ReadableStream({
        pull: (controller) => {
          pulled += 1
          controller.enqueue(new Uint8Array(16_384).fill(0x20))
        },
      })
    for (const headers of [{}, { 'Content-Length': '2' }]) {
      pulled = 0
      const answer = await newApi().post('/v1/transfers', {
        key: caller.key,
        headers: { 'Idempotency-Key': 'k', ...headers },
        body: endless(),
      })
      expect(answer.body).toMatchObject({ code: 'body_too_large', status: 413 })
      expect(pulled).toBeLessThan(2 + BODY_MAX_BYTES / 16_384 + 2)
    }
  })

  it('with a parameter that this operation does not know moves nothing', async () => {
    const { TRANSFER, asked } = watchedTransfers()
    const answer = await newApi({ TRANSFER }).post('/v1/transfers?dry_run=true', {
      key: caller.key,
      headers: { 'Idempotency-Key': 'k' },
      body: caller.body,
    })
    expect(answer.body).toMatchObject({ code: 'unknown_field', errors: [{ field: 'dry_run' }] })
    expect(asked).toEqual([])
  })
})

describe('the Idempotency-Key', () => {
  it.each([
    ['missing', undefined, 'idempotency_key_missing'],
    ['empty in quotes', '""', 'idempotency_key_invalid'],
    ['256 characters', 'x'.repeat(256), 'idempotency_key_invalid'],
    ['with a space', 'a b', 'idempotency_key_invalid'],
    ['with a letter outside ASCII', 'caf\u00e9', 'idempotency_key_invalid'],
    ['with an open quote', '"abc', 'idempotency_key_invalid'],
    ['with parameters', '"abc";p=1', 'idempotency_key_invalid'],
    ['sent twice', 'abc, def', 'idempotency_key_invalid'],
  ])('%s', async (_name, header, code) => {
    const { TRANSFER, asked } = watchedTransfers()
    const answer = await newApi({ TRANSFER }).post('/v1/transfers', {
      key: caller.key,
      headers: header === undefined ? {} : { 'Idempotency-Key': header },
      body: caller.body,
    })
    expect(answer.body).toMatchObject({ code, status: 400 })
    expect(asked).toEqual([])
  })

  it('means the same in quotes, escaped and bare', async () => {
    const key = `a"b\\${crypto.randomUUID()}`
    const ids = new Set<string>()
    for (const header of [key, `"${key.replace(/["\\]/g, '\\$&')}"`]) {
      const answer = await post({ headers: { 'Idempotency-Key': header }, body: caller.body })
      ids.add(answer.body.id)
    }
    expect(ids.size).toBe(1)
  })

  it('with another body is refused, and the first transfer stays as it is', async () => {
    const headers = { 'Idempotency-Key': crypto.randomUUID() }
    const first = await post({ headers, body: caller.body })
    const other = await post({ headers, body: { ...caller.body, reference: 'another' } })
    expect(other.body).toMatchObject({ code: 'idempotency_key_reused', status: 422 })
    const now = await newApi().get(first.body.links.self, { key: caller.key })
    expect(now.body).toMatchObject({ id: first.body.id, reference: null, created_at: first.body.created_at })
  })

  it('of another tenant names another transfer', async () => {
    const other = await newCaller()
    const headers = { 'Idempotency-Key': crypto.randomUUID() }
    const [mine, theirs] = [
      await post({ headers, body: caller.body }),
      await newApi().post('/v1/transfers', { key: other.key, headers, body: other.body }),
    ]
    expect(mine.body.id).not.toBe(theirs.body.id)
  })
})

const POLICY_ROWS: readonly Row[] = [
  ['a chain that is not served', withField('chain', 'eip155:424242'), 'unknown_chain', 'chain'],
  ['a signer that nobody has', withField('from', `0x${'ab'.repeat(20)}`), 'signer_not_found', 'from'],
  ['a signer of another tenant', () => ({ ...caller.body, from: foreignSigner }), 'signer_not_found', 'from'],
  ['a private transfer', withField('visibility', 'private'), 'visibility_unavailable', 'visibility'],
  ['a call to one of our signers', () => ({ ...caller.body, action: { type: 'call', to: mixedSigner, data: '0x' } }), 'call_to_signer', 'action.to'],
  ['a call to a signer of another tenant', () => ({ ...caller.body, action: { type: 'call', to: foreignSigner, data: '0x' } }), 'call_to_signer', 'action.to'],
  ['a deadline in the past', withField('deadline', '2020-01-01T00:00:00Z'), 'deadline_passed', 'deadline'],
]

describe('a new transfer that must not be', () => {
  it.each(POLICY_ROWS)('%s', async (_name, body, code, field, status = 400) => {
    const idempotencyKey = crypto.randomUUID()
    const answer = await post({ headers: { 'Idempotency-Key': idempotencyKey }, body: body() })
    expect(answer.body).toMatchObject({ code, status, errors: [{ field, code }] })
    expect(await tablesOfTransfer(caller.tenant, idempotencyKey)).toBe(0)
  })

  it('gets the same text for a signer of another tenant as for none', async () => {
    const [foreign, none] = [
      await post({ headers: { 'Idempotency-Key': 'a' }, body: { ...caller.body, from: foreignSigner } }),
      await post({ headers: { 'Idempotency-Key': 'a' }, body: { ...caller.body, from: `0x${'ab'.repeat(20)}` } }),
    ]
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...none.body, request_id: '' })
  })

  it('may be posted under the same key once the fault is mended', async () => {
    const headers = { 'Idempotency-Key': crypto.randomUUID() }
    const refused = await post({ headers, body: { ...caller.body, visibility: 'private' } })
    expect(refused.status).toBe(400)
    expect((await post({ headers, body: caller.body })).status).toBe(202)
  })

  it('is not asked about again when it is a repeat: what changed since does not matter', async () => {
    const headers = { 'Idempotency-Key': crypto.randomUUID() }
    expect((await post({ headers, body: caller.body })).status).toBe(202)
    const withoutChains = newApi({ CHAINS: '[]' })
    const repeated = await withoutChains.post('/v1/transfers', { key: caller.key, headers, body: caller.body })
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
      cancel: async () => null,
      fetch: async () => new Response(null, { status: 404 }),
    }),
  }

  it('never gets a 5xx or an answer that the document does not have', async () => {
    const api = newApi({ TRANSFER })
    const seed = Date.now() % 2 ** 31
    console.info(`random input: seed ${seed}`)
    const path = fc.constantFrom('', 'chain', 'from', 'action', 'action.type', 'action.to', 'action.amount', 'tags', 'deadline')
    const change = fc.tuple(path, fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'call')))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 3 }), fc.array(fc.string(), { maxLength: 2 }), async (changes, names) => {
        const body = changed(caller.body, changes)
        for (const name of names) if (typeof body === 'object' && body !== null) Object.assign(body, { [name]: 1 })
        const answer = await api.post('/v1/transfers', { key: caller.key, headers: { 'Idempotency-Key': 'k' }, body: JSON.stringify(body) })
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.status).toBeLessThan(500)
      }),
      { seed, numRuns: RANDOM_RUNS },
    )
  })
})

function post(asked: Asked) {
  return newApi().post('/v1/transfers', { key: caller.key, ...asked })
}

function changed(body: unknown, changes: readonly (readonly [string, unknown])[]): unknown {
  let result: any = structuredClone(body)
  for (const [path, value] of changes) {
    const names = path.split('.')
    const last = names.pop() ?? ''
    if (last === '') {
      result = value
      continue
    }
    const parent = names.reduce((place, name) => place?.[name], result)
    if (typeof parent === 'object' && parent !== null) parent[last] = value
  }
  return result
}

// Transfers of the API on the real objects: posting, reading, proving, canceling.

import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { transferId } from '../../src/shared/transfer/transfer-id.ts'
import { emptyPosition, headOf, verifyGroups } from '../../src/shared/wal/group.ts'
import type { ApiEnv, TransferStub } from '../../src/workers/api/env.ts'
import { apiEnv, newApi, newCaller, newKey, newKeyOfCommand, postBy } from './support/api-client.ts'
import { hash, inSlot, mined, report } from './support/signer-news.ts'

let caller: Awaited<ReturnType<typeof newCaller>>
let viewer: string

beforeAll(async () => {
  caller = await newCaller()
  viewer = await newKey(caller.tenant, 'viewer')
})

const post = (changes: object = {}, headers: Record<string, string> = newKeyOfCommand()) =>
  postBy(caller, changes, headers)

describe('posting', () => {
  it('answers 202 with the transfer, where it is, and its ETag', async () => {
    const headers = newKeyOfCommand()
    const answer = await post({ reference: 'invoice 42' }, headers)
    const id = transferId(caller.tenant, headers['Idempotency-Key'])
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({ id, status: 'accepted', seq: 1, reference: 'invoice 42' })
    expect(answer.headers.get('Location')).toBe(`/v1/transfers/${id}`)
    expect(answer.headers.get('ETag')).toBe('W/"1"')
    expect(answer.headers.get('Idempotent-Replayed')).toBeNull()
  })

  it('the same body again gives the same transfer, whatever the order of its fields', async () => {
    const headers = newKeyOfCommand()
    const first = await post({}, headers)
    const turned = Object.fromEntries(Object.entries(caller.body).reverse())
    const again = await newApi().post('/v1/transfers', {
      key: caller.key,
      headers,
      body: JSON.stringify(turned, null, 4),
    })
    expect(again.status).toBe(202)
    expect(again.headers.get('Idempotent-Replayed')).toBe('true')
    expect(again.body).toMatchObject({ id: first.body.id, created_at: first.body.created_at })
    expect(again.headers.get('Location')).toBe(first.headers.get('Location'))
  })

  it('fifty times at once makes one transfer', async () => {
    const api = newApi()
    const headers = newKeyOfCommand()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        api.post('/v1/transfers', { key: caller.key, headers, body: caller.body }),
      ),
    )
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter((answer) => answer.headers.get('Idempotent-Replayed') === null)).toHaveLength(1)
  })

  it('takes an ERC-20 transfer and a call, and addresses in any case that is not wrong', async () => {
    const checksummed = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    for (const to of [checksummed, checksummed.toLowerCase(), `0x${checksummed.slice(2).toUpperCase()}`]) {
      const answer = await post({ action: { type: 'erc20', token: to, to, amount: '1' } })
      expect(answer.body.action.to).toBe(checksummed)
    }
    const call = await post({ action: { type: 'call', to: checksummed, data: `0x${'00'.repeat(65_536)}` } })
    expect(call.body.action).toMatchObject({ type: 'call', value: '0' })
  })
})

describe('reading', () => {
  it('tells the transfer as its object does, and 304 where the ETag is still the one', async () => {
    const { body } = await post({ not_before: '2090-01-01T00:00:00Z' })
    const read = await newApi().get(body.links.self, { key: viewer })
    expect(read.body).toMatchObject({
      id: body.id,
      not_before: '2090-01-01T00:00:00.000Z',
      steps: [{ confirmations: null }],
    })
    const tag = read.headers.get('ETag') ?? ''
    // The object goes on by itself: only an answer of the same seq may be 304.
    for (const condition of [tag, tag.replace('W/', ''), `"x", ${tag}`, '*']) {
      const again = await newApi().get(body.links.self, {
        key: viewer,
        headers: { 'If-None-Match': condition },
      })
      if (again.headers.get('ETag') === tag) expect(again.status).toBe(304)
    }
    const changed = await newApi().get(body.links.self, {
      key: viewer,
      headers: { 'If-None-Match': 'W/"0"' },
    })
    expect(changed.status).toBe(200)
  })

  it('counts confirmations by the hash of the block, asks once a second, and lives without the chain', async () => {
    const { body } = await post({ confirmations: 5 })
    await report(body.id, mined)
    let asked = 0
    let isAway = false
    const CHAIN: ApiEnv['CHAIN'] = {
      getByName: (name) => ({
        ...apiEnv().CHAIN.getByName(name),
        // How deep a block of a real chain lies is tested on a real chain.
        depth: async (_chain, block) => {
          asked += 1
          if (isAway) throw Object.assign(new Error('away'), { overloaded: true })
          return { confirmations: block.hash === hash ? 3 : null, isFinal: false }
        },
        summary: (chain) => apiEnv().CHAIN.getByName(name).summary(chain),
      }),
    }
    const api = newApi({ CHAIN })
    for (let times = 0; times < 3; times += 1) {
      const read = await api.get(body.links.self, { key: viewer })
      expect(read.body.steps[0]).toMatchObject({ block_number: 7, confirmations: 3 })
    }
    expect(asked).toBe(1)
    isAway = true
    const without = await newApi({ CHAIN }).get(body.links.self, { key: viewer })
    expect(without.body).toMatchObject({ status: 'mined', steps: [{ confirmations: null }] })
  })

  it('gives the history with times and causes', async () => {
    const { body } = await post({ confirmations: 5 })
    await report(body.id, mined)
    const { body: history } = await newApi().get(body.links.history, { key: viewer })
    expect(history.data[0]).toMatchObject({
      status: 'accepted',
      cause: 'accepted',
      at: body.created_at,
      by: { source: 'api', role: 'operator' },
    })
    expect(history.data.at(-1)).toMatchObject({ status: 'mined', by: { source: 'signer', view: 1_000 } })
  })

  it('gives a log that verifies outside, whole and in parts', async () => {
    const { body } = await post()
    await report(body.id, mined)
    const { body: wal } = await newApi().get(body.links.wal, { key: viewer })
    const verified = verifyGroups(emptyPosition({ class: wal.class, object: wal.object }), wal.groups)
    expect(verified.ok && headOf(verified.value)).toEqual(wal.head)
    const one = await newApi().get(`${body.links.wal}?limit=1`, { key: viewer })
    const rest = await newApi().get(`${body.links.wal}?after_seq=${one.body.groups[0].seq}`, { key: viewer })
    expect([...one.body.groups, ...rest.body.groups].slice(0, wal.groups.length)).toEqual(wal.groups)
    const read = await newApi().get(body.links.self, { key: viewer })
    if (read.body.seq === wal.head.seq) expect(read.body.head).toBe(wal.head.digest)
  })

  it.each([
    'after_seq=-1',
    'after_seq=',
    'after_seq=1e3',
    'after_seq=0x10',
    'after_seq=1.5',
    'after_seq=9999999999999999',
    'limit=0',
    'limit=1001',
    'limit=01a',
  ])('refuses ?%s of a log', async (query) => {
    const answer = await newApi().get(`/v1/transfers/tr_${'a'.repeat(52)}/wal?${query}`, { key: viewer })
    expect(answer.body).toMatchObject({ code: 'invalid_field', errors: [{ field: query.split('=')[0] }] })
  })
})

describe('canceling', () => {
  const cancel = (id: string, headers: Record<string, string> = newKeyOfCommand(), body?: unknown) =>
    newApi().post(`/v1/transfers/${id}/cancel`, {
      key: caller.key,
      headers,
      ...(body === undefined ? {} : { body }),
    })

  it('takes a transfer back that has no nonce; the same key again gets the same answer, another one 409', async () => {
    const { body } = await post({ not_before: '2090-01-01T00:00:00Z' })
    const headers = newKeyOfCommand()
    const first = await cancel(body.id, headers)
    expect(first).toMatchObject({ status: 200, body: { id: body.id, status: 'canceled' } })
    const again = await cancel(body.id, headers, {})
    expect(again).toMatchObject({ status: 200, body: first.body })
    const other = await cancel(body.id)
    expect(other.body).toMatchObject({ status: 409, code: 'cancel_in_progress' })
  })

  it('is a wish once there is a nonce: the transfer goes on until its slot is at its end', async () => {
    const { body } = await post()
    await report(body.id, inSlot(null))
    expect((await cancel(body.id)).status).toBe(202)
    expect((await newApi().get(body.links.self, { key: viewer })).body.status).toBe('broadcast')
  })

  it('is too late once it is in a block, and says what the transfer is', async () => {
    const { body } = await post()
    await report(body.id, mined)
    const answer = await cancel(body.id)
    expect(answer.body).toMatchObject({ status: 409, code: 'cancel_too_late' })
  })

  it('answers 202 while the signer is asked', async () => {
    const { body } = await post({ not_before: '2090-01-01T00:00:00Z' })
    // The signer that does not answer is tested with the object; here the object says that it waits.
    const waits = (name: string): TransferStub => ({
      ...env.TRANSFER.getByName(name),
      cancel: async () => ({ answer: { result: 'awaited' }, document: body }),
    })
    const answer = await newApi({ TRANSFER: { getByName: waits } }).post(`/v1/transfers/${body.id}/cancel`, {
      key: caller.key,
      headers: newKeyOfCommand(),
    })
    expect(answer).toMatchObject({ status: 202, body: { id: body.id } })
  })

  it.each([
    ['without a key of its own', {}, undefined, 'idempotency_key_missing'],
    ['with a field', { 'Idempotency-Key': 'k' }, { reason: 'x' }, 'unknown_field'],
    ['with a list', { 'Idempotency-Key': 'k' }, [], 'invalid_field'],
    ['with what is not JSON', { 'Idempotency-Key': 'k' }, 'x', 'not_json'],
  ])('%s is refused, and nothing is canceled', async (_name, headers, sent, code) => {
    const { body } = await post()
    expect((await cancel(body.id, headers, sent)).body.code).toBe(code)
    expect((await newApi().get(body.links.self, { key: viewer })).body.status).not.toBe('canceled')
  })
})

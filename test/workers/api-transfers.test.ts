// The transfers of the API on the real objects and the real read model: posting, reading, listing, proving, following,
// canceling.

import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { assert } from '../../src/shared/lib/assert.ts'
import { type LiveMessage, liveMessage } from '../../src/shared/schema/live-message.ts'
import { attemptSummary, stepInclusion } from '../../src/shared/schema/step-report.ts'
import type { StepInclusion, StepStanding } from '../../src/shared/transfer/step-report.ts'
import { transferId } from '../../src/shared/transfer/transfer-id.ts'
import { emptyPosition, headOf, verifyGroups } from '../../src/shared/wal/group.ts'
import type { ApiEnv, TransferStub } from '../../src/workers/api/env.ts'
import { apiEnv, newApi, newCaller, newKey } from './support/api-client.ts'
import { watchedTransfers } from './support/api-traces.ts'

let caller: Awaited<ReturnType<typeof newCaller>>
let viewer: string

beforeAll(async () => {
  caller = await newCaller()
  viewer = await newKey(caller.tenant, 'viewer')
})

const newKeyOfCommand = () => ({ 'Idempotency-Key': crypto.randomUUID() })
const post = (changes: object = {}, headers: Record<string, string> = newKeyOfCommand()) =>
  newApi().post('/v1/transfers', { key: caller.key, headers, body: { ...caller.body, ...changes } })

/** News of the transfer's signer, as the object would get it: the transfer is bound first. */
async function report(id: string, standing: StepStanding): Promise<void> {
  const transfer = env.TRANSFER.getByName(id)
  const bound = await transfer.bind(null)
  assert(bound.result === 'bound', 'the transfer can be bound')
  await transfer.report({ ...bound.key, signer: bound.signer, view: 1_000, standing })
}

const hash = `0x${'ab'.repeat(32)}`

function inSlot(inclusion: StepInclusion | null): StepStanding {
  const fees = { max_fee_per_gas: '2', max_priority_fee_per_gas: '1' }
  const attempt = attemptSummary.parse({ index: 0, hash, gas_limit: '21000', ...fees })
  return { at: 'slot', nonce: 0, attempts: [attempt], sent: 'broadcast', inclusion, final: false }
}

const mined = inSlot(
  stepInclusion.parse({
    hash,
    block_number: 7,
    block_hash: hash,
    outcome: 'success',
    delivered_amount: '1000',
    gas_used: '21000',
    fee_paid: '5',
  }),
)

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

describe('listing', () => {
  // Rows as the projection writes them; that it writes them is tested with the queue's consumer.
  let listed: Awaited<ReturnType<typeof newCaller>>
  const ids: string[] = []

  beforeAll(async () => {
    listed = await newCaller()
    const { body } = await post()
    for (let index = 0; index < 7; index += 1) {
      const id = transferId(listed.tenant, `row ${index}`)
      const status = index % 2 === 0 ? 'mined' : 'finalized'
      // Three of the rows are of the same millisecond: the id decides.
      const createdAt = 1_000 + Math.floor(index / 3)
      const document = JSON.stringify({ ...body, id, status })
      await env.DB.prepare('INSERT INTO transfers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .bind(
          id,
          listed.tenant,
          body.chain,
          status,
          0,
          listed.from,
          listed.from,
          null,
          'native',
          null,
          1,
          1,
          createdAt,
          createdAt,
          null,
          document,
        )
        .run()
      ids.push(`${createdAt} ${id}`)
    }
    ids.sort().reverse()
  })

  it('gives each row once over pages of any size, newest first', async () => {
    for (const limit of [1, 2, 3, 7, 200]) {
      const seen: string[] = []
      let path: string | null = `/v1/transfers?limit=${limit}`
      while (path !== null) {
        const page = await newApi().get(path, { key: listed.key })
        seen.push(...page.body.data.map(({ id }: { id: string }) => id))
        const link = /^<(.+)>; rel="next"$/.exec(page.headers.get('Link') ?? '')?.[1] ?? null
        expect(link === null).toBe(page.body.next_cursor === null)
        path = link
      }
      expect(seen).toEqual(ids.map((row) => row.split(' ')[1]))
    }
  })

  it('filters by one status or several, and keeps the filter in the next page', async () => {
    const count = async (query: string) =>
      (await newApi().get(`/v1/transfers?${query}`, { key: listed.key })).body.data.length
    expect(await count('status=mined')).toBe(4)
    expect(await count('status=finalized')).toBe(3)
    expect(await count('status=mined,finalized')).toBe(7)
    expect(await count('status=held')).toBe(0)
    const first = await newApi().get('/v1/transfers?status=finalized&limit=2', { key: listed.key })
    const next = /^<(.+)>/.exec(first.headers.get('Link') ?? '')?.[1] ?? ''
    expect((await newApi().get(next, { key: listed.key })).body.data).toHaveLength(1)
  })

  it('reads the rows by an index', async () => {
    const plan = await env.DB.prepare(
      'EXPLAIN QUERY PLAN SELECT id FROM transfers WHERE tenant = ? AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT 50',
    )
      .bind('x', 1, 'y')
      .all()
    const detail = plan.results.map((row) => row.detail).join()
    expect(detail).toContain('INDEX transfers_newest')
    expect(detail).not.toContain('TEMP B-TREE')
  })

  it.each([
    'x',
    '%',
    'MTAwMA',
    'MTAwMCx4',
    btoa(`-1,tr_${'a'.repeat(52)}`),
    btoa(`1,tr_${'a'.repeat(52)},1`),
    btoa(`eip155:1,0x${'00'.repeat(20)}`),
  ])('refuses the cursor %s', async (cursor) => {
    const answer = await newApi().get(`/v1/transfers?cursor=${encodeURIComponent(cursor)}`, {
      key: listed.key,
    })
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_cursor' })
  })

  it.each([
    ['limit=0', 'invalid_field', 'limit'],
    ['limit=201', 'invalid_field', 'limit'],
    ['limit=ten', 'invalid_field', 'limit'],
    ['status=lost', 'invalid_field', 'status'],
    ['status=', 'invalid_field', 'status'],
    ['status=mined,', 'invalid_field', 'status'],
    ['state=mined', 'unknown_field', 'state'],
    ['limit=1&limit=2', 'duplicate_field', 'limit'],
  ])('refuses ?%s', async (query, code, field) => {
    const answer = await newApi().get(`/v1/transfers?${query}`, { key: listed.key })
    expect(answer.body).toMatchObject({ code, errors: [{ field }] })
  })
})

describe('following', () => {
  const upgrade = { Upgrade: 'websocket' }

  /** All messages up to the one that says that the replay is done. */
  async function replayed(socket: WebSocket | null): Promise<readonly LiveMessage[]> {
    assert(socket !== null, 'a socket')
    const seen: LiveMessage[] = []
    const isLive = new Promise<void>((resolve) => {
      socket.addEventListener('message', ({ data }) => {
        const message = liveMessage.parse(JSON.parse(String(data)))
        seen.push(message)
        if (message.type === 'live') resolve()
      })
    })
    socket.accept()
    await isLive
    socket.close()
    return seen
  }

  it('opens with a key in the header, replays and goes live', async () => {
    const { body } = await post()
    const answer = await newApi().get(body.links.live, { key: viewer, headers: upgrade })
    expect(answer.status).toBe(101)
    expect(answer.headers.get('Sec-WebSocket-Protocol')).toBeNull()
    const seen = await replayed(answer.response.webSocket)
    expect(seen[0]).toMatchObject({ type: 'record', seq: 1, transfer: body.id, record: { kind: 'accepted' } })
  })

  it('opens with the key as a protocol, and answers with ours only', async () => {
    const { body } = await post()
    const headers = { ...upgrade, 'Sec-WebSocket-Protocol': `waybill.v1, bearer.${viewer}` }
    const answer = await newApi().get(`${body.links.live}?after_seq=1`, { headers })
    expect(answer.status).toBe(101)
    expect(answer.headers.get('Sec-WebSocket-Protocol')).toBe('waybill.v1')
    const [first] = await replayed(answer.response.webSocket)
    expect(first).not.toMatchObject({ record: { kind: 'accepted' } })
  })

  it('hands the object neither the key nor anything else that the client sent', async () => {
    const seen: Request[] = []
    const TRANSFER: ApiEnv['TRANSFER'] = {
      getByName: (name): TransferStub => {
        const real = env.TRANSFER.getByName(name)
        return {
          create: (input, by) => real.create(input, by),
          read: (tenant) => real.read(tenant),
          history: (tenant) => real.history(tenant),
          wal: (tenant, afterSeq, limit) => real.wal(tenant, afterSeq, limit),
          proof: (tenant, seq) => real.proof(tenant, seq),
          row: () => real.row(),
          cancel: (tenant, command, by) => real.cancel(tenant, command, by),
          speedUp: (tenant, command, by) => real.speedUp(tenant, command, by),
          fetch: (request) => {
            seen.push(request.clone())
            return real.fetch(request)
          },
        }
      },
    }
    const { body } = await post()
    const headers = {
      ...upgrade,
      'X-Other': '1',
      Cookie: 'a=b',
      'Sec-WebSocket-Protocol': `bearer.${viewer}, waybill.v1`,
    }
    const answer = await newApi({ TRANSFER }).get(`${body.links.live}?after_seq=7`, { headers })
    await replayed(answer.response.webSocket)
    expect(seen[0]?.url).toBe('https://transfer/live?after_seq=7')
    expect(Object.fromEntries(seen[0]?.headers ?? [])).toEqual({
      upgrade: 'websocket',
      'sec-websocket-protocol': 'waybill.v1',
    })
  })

  it.each([
    ['no upgrade', {}, '', 426, 'upgrade_required'],
    ['another upgrade', { Upgrade: 'h2c' }, '', 426, 'upgrade_required'],
    ['a bad place', upgrade, '?after_seq=-1', 400, 'invalid_field'],
    ['another parameter', upgrade, '?after=1', 400, 'unknown_field'],
  ])('refuses %s', async (_name, headers, query, status, code) => {
    const { body } = await post()
    const { TRANSFER, asked } = watchedTransfers()
    const answer = await newApi({ TRANSFER }).get(`${body.links.live}${query}`, { key: viewer, headers })
    expect(answer.body).toMatchObject({ status, code })
    expect(asked).toEqual([])
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

// Lists of transfers: the read model as the API pages and filters it.

import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { transferId } from '../../src/shared/transfer/transfer-id.ts'
import { newApi, newCaller } from './support/api-client.ts'

let caller: Awaited<ReturnType<typeof newCaller>>

beforeAll(async () => {
  caller = await newCaller()
})

const newKeyOfCommand = () => ({ 'Idempotency-Key': crypto.randomUUID() })
const post = (changes: object = {}, headers: Record<string, string> = newKeyOfCommand()) =>
  newApi().post('/v1/transfers', { key: caller.key, headers, body: { ...caller.body, ...changes } })

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

// The read model and the index of the archive are written again as they were: from the objects, and for objects that are
// lost from the archive alone.

import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { newApi, newKey } from './support/api-client.ts'
import { archivedGroups, archivedTransfer, logOf, lose, type Transfer } from './support/archived.ts'
import { OTHER_TENANT, TENANT } from './support/transfers.ts'

let admin: string
let transfers: readonly Transfer[]

beforeAll(async () => {
  for (const tenant of [TENANT, OTHER_TENANT]) {
    await env.DB.prepare('INSERT INTO tenants VALUES (?, ?, ?)').bind(tenant, tenant, 1).run()
  }
  admin = await newKey(TENANT, 'admin')
  transfers = await Promise.all(Array.from({ length: 5 }, archivedTransfer))
})

async function table(name: string, order: string) {
  return (await env.DB.prepare(`SELECT * FROM ${name} ORDER BY ${order}`).all()).results
}

const steps = async (key: string) => {
  const taken = []
  let query = ''
  for (;;) {
    const { status, body } = await newApi().post(`/v1/rebuild${query}`, { key })
    expect(status).toBe(200)
    taken.push(body)
    if (body.next_cursor === null) return taken
    query = `?cursor=${body.next_cursor}`
  }
}

describe('a rebuild', () => {
  it('of dropped rows gives exactly the rows that were there', async () => {
    const before = await table('transfers', 'id')
    expect(before).toHaveLength(transfers.length)
    await env.DB.prepare('DELETE FROM transfers').run()
    expect((await steps(admin)).at(-1)).toMatchObject({
      stage: 'transfers',
      transfers_read: 5,
      transfers_lost: 0,
    })
    expect(await table('transfers', 'id')).toEqual(before)
  })

  it('of a dropped index gives exactly the index that was there', async () => {
    const names = [
      ['archive_packs', 'key'],
      ['archive_parts', 'object, last_seq, pack'],
      ['archive_logs', 'object'],
    ] as const
    const before = await Promise.all(names.map(([name, order]) => table(name, order)))
    expect(before.every((rows) => rows.length > 0)).toBe(true)
    await env.DB.batch(names.map(([name]) => env.DB.prepare(`DELETE FROM ${name}`)))
    await steps(admin)
    expect(await Promise.all(names.map(([name, order]) => table(name, order)))).toEqual(before)
  })

  it('changes nothing where nothing is missing, and keeps rows that are newer', async () => {
    const [transfer] = transfers
    await env.DB.prepare('UPDATE transfers SET seq = 900 WHERE id = ?').bind(transfer?.id).run()
    const before = await table('transfers', 'id')
    await steps(admin)
    expect(await table('transfers', 'id')).toEqual(before)
    await env.DB.prepare('UPDATE transfers SET seq = 2 WHERE id = ?').bind(transfer?.id).run()
  })

  it('gives the rows of objects that are lost, from the archive alone', async () => {
    await env.DB.prepare('DELETE FROM transfers').run()
    await steps(admin)
    const before = await table('transfers', 'id')
    const logs = await Promise.all(transfers.map(logOf))
    for (const transfer of transfers) {
      await lose(transfer)
      await evictDurableObject(transfer.stub)
      expect(await transfer.stub.read(TENANT)).toBeNull()
    }
    await env.DB.batch(
      ['transfers', 'archive_packs', 'archive_parts', 'archive_logs'].map((name) =>
        env.DB.prepare(`DELETE FROM ${name}`),
      ),
    )
    expect((await steps(admin)).at(-1)).toMatchObject({
      transfers_read: 5,
      transfers_lost: 5,
      transfers_unreadable: 0,
    })
    expect(await table('transfers', 'id')).toEqual(before)
    expect(await Promise.all(transfers.map(archivedGroups))).toEqual(logs)
  })

  it('is for administrators, and gives no other tenant anything', async () => {
    const operator = await newKey(TENANT, 'operator')
    expect(await newApi().post('/v1/rebuild', { key: operator })).toMatchObject({ status: 403 })
    await env.DB.prepare('DELETE FROM transfers').run()
    const other = await newKey(OTHER_TENANT, 'admin')
    expect((await steps(other)).at(-1)).toMatchObject({ transfers_read: 0 })
    expect(await table('transfers', 'id')).toEqual([])
  })

  it.each(['x', btoa('packs,'), btoa('packs,other/key'), btoa('transfers,x'), btoa('transfers')])(
    'takes no cursor that was not given out: %s',
    async (cursor) => {
      expect(await newApi().post(`/v1/rebuild?cursor=${cursor}`, { key: admin })).toMatchObject({
        status: 400,
        body: { code: 'invalid_cursor' },
      })
    },
  )
})

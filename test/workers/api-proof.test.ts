// The proof of one record over the API, checked as a client would: with the head of the log and nothing else of it.

import { beforeAll, expect, it } from 'vitest'
import { recordProof } from '../../src/shared/schema/wal-document.ts'
import { verifyProof } from '../../src/shared/wal/proof.ts'
import { newApi, newCaller, newKey } from './support/api-client.ts'

let caller: Awaited<ReturnType<typeof newCaller>>
let id: string

beforeAll(async () => {
  caller = await newCaller()
  const headers = { 'Idempotency-Key': crypto.randomUUID() }
  const posted = await newApi().post('/v1/transfers', { key: caller.key, headers, body: caller.body })
  id = posted.body.id
  await newApi().post(`/v1/transfers/${id}/cancel`, { key: caller.key, headers })
})

const get = (path: string, key = caller.key) => newApi().get(`/v1/transfers/${path}`, { key })

it('every record is proved by the head that the transfer reports', async () => {
  const { body } = await get(`${id}/wal`)
  const records = body.groups.flatMap((group: { records: unknown[] }) => group.records)
  expect(records.length).toBeGreaterThan(1)
  for (const [index, record] of records.entries()) {
    const answer = await get(`${id}/wal/${index + 1}`)
    expect(answer.status).toBe(200)
    const proof = recordProof.parse(answer.body)
    expect(verifyProof(proof, body.head, index + 1)).toEqual({ ok: true, value: record })
    expect(verifyProof(proof, { ...body.head, digest: 'f'.repeat(64) }, index + 1).ok).toBe(false)
    expect(verifyProof({ ...proof, records: [{ kind: 'forged' }] }, body.head, index + 1).ok).toBe(false)
  }
})

it.each(['0', '999', '01', '-1', '1.5', 'x', '1e1', '9'.repeat(30)])('there is no record %s', async (seq) => {
  expect(await get(`${id}/wal/${seq}`)).toMatchObject({ status: 404, body: { code: 'record_not_found' } })
})

it('another tenant and an unknown transfer have no records at all', async () => {
  const other = await newCaller()
  const foreign = await newKey(other.tenant, 'viewer')
  expect(await get(`${id}/wal/1`, foreign)).toMatchObject({
    status: 404,
    body: { code: 'transfer_not_found' },
  })
  expect(await get(`tr_${'a'.repeat(52)}/wal/1`)).toMatchObject({ body: { code: 'transfer_not_found' } })
})

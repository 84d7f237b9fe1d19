// Guarantee: a simple transfer of a trusted key is signed, recorded and broadcast within its request, which answers with the
// hash; asked again it answers the same, and the chain has the transaction once. Whatever is not so goes by the queue.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import { apiKeyName } from '../../src/shared/tenancy/api-key.ts'
import { Chain } from '../support/chain.ts'
import { Client, freshAddress } from '../support/client.ts'
import { type Stack, startStack } from '../support/stack.ts'

const firstRecord = z.object({
  groups: z.array(z.object({ records: z.array(z.looseObject({ kind: z.string() })) })),
})

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-fast-path-'))
let stack: Stack
let client: Client
let chain: Chain

beforeAll(async () => {
  stack = await startStack({ stateDir })
  client = new Client(stack)
  chain = new Chain(stack)
  const params = [apiKeyName(stack.apiKey)?.id ?? null]
  await stack.sql([{ sql: `UPDATE api_keys SET tier = 'trusted' WHERE id = ?`, params }])
})

afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

const signer = () => assertDefined(stack.signers[0], 'a stack has signers')

const native = (seed: string, more: Record<string, unknown> = {}) => ({
  chain: stack.chain,
  from: signer(),
  action: { type: 'native', to: freshAddress(seed), amount: '1000' },
  ...more,
})

async function pathOf(id: string): Promise<unknown> {
  const { body } = await client.call('GET', `/v1/transfers/${id}/wal`)
  return firstRecord.parse(body).groups[0]?.records[0]?.path
}

it('it answers with the hash of what it broadcast, and that is what is mined', async () => {
  const body = native('at once')
  const key = { 'idempotency-key': 'at-once' }
  const first = await client.call('POST', '/v1/transfers', body, key)
  expect(first.status).toBe(202)
  const { id, status, steps } = z
    .looseObject({ id: z.string(), status: z.string(), steps: z.array(z.looseObject({ hash: z.string() })) })
    .parse(first.body)
  expect(status).toBe('broadcast')
  const hash = steps[0]?.hash
  expect(await chain.rpc('eth_getTransactionByHash', hash)).toMatchObject({ hash })
  expect(await pathOf(id)).toEqual({ by: 'request' })
  const again = await client.call('POST', '/v1/transfers', body, key)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(again.body).toEqual(first.body)
  const end = await client.untilFinal(id)
  expect(end).toMatchObject({ status: 'finalized', steps: [{ hash }] })
  expect((await client.call('POST', '/v1/transfers', body, key)).body).toEqual(first.body)
})

it('a burst of them is paid once each', async () => {
  const to = freshAddress('burst')
  const posted = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      client.post(`burst-${index}`, {
        chain: stack.chain,
        from: signer(),
        batch: 'never',
        action: { type: 'native', to, amount: '1000' },
      }),
    ),
  )
  for (const { id } of posted) expect(await client.untilFinal(id)).toMatchObject({ status: 'finalized' })
  expect(await chain.rpc('eth_getBalance', to, 'latest')).toBe(`0x${(12_000).toString(16)}`)
})

it.each([
  ['waits', { not_before: '2999-01-01T00:00:00Z' }],
  ['pool', { from: 'pool:all' }],
])('what is not so goes by the queue, and says why: %s', async (because, more) => {
  const answer = await client.call('POST', '/v1/transfers', native(because, more), {
    'idempotency-key': `by-queue-${because}`,
  })
  expect(answer).toMatchObject({ status: 202, body: { status: 'accepted' } })
  expect(await pathOf(z.string().parse(answer.body.id))).toEqual({ by: 'queue', because })
})

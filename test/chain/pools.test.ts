// Transfers from a pool of three signers through the whole of Waybill on a real node: each is paid exactly once, by one
// signer, and all three take part.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LOCAL_POOL } from '../../scripts/dev/seed.ts'
import { Chain } from '../support/chain.ts'
import { Client, freshAddress } from '../support/client.ts'
import { type Planned, postAll } from '../support/hundred.ts'
import { SignerLogs } from '../support/signer-logs.ts'
import { type Stack, startStack } from '../support/stack.ts'

const COUNT = 30
const FROM = `pool:${LOCAL_POOL}`

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-pools-'))
let stack: Stack
let client: Client
let chain: Chain
let planned: readonly Planned[]
let ids: readonly string[]

beforeAll(async () => {
  const tenants = [{ id: 'dev', keys: ['admin' as const], signers: 3 }]
  stack = await startStack({ stateDir, tenants })
  client = new Client(stack)
  chain = new Chain(stack)
  planned = Array.from({ length: COUNT }, (_, index) => ({
    key: `pool-${index}`,
    request: {
      chain: stack.chain,
      from: FROM,
      action: { type: 'native' as const, to: freshAddress(`pool ${index}`), amount: String(1_000 + index) },
    },
  }))
  ids = await postAll(client, planned)
})

afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

it('all of them become final, and show the pool that they named and the signer that they had', async () => {
  const documents = await Promise.all(ids.map((id) => client.untilFinal(id)))
  expect(documents.map(({ status, from }) => ({ status, from }))).toEqual(
    ids.map(() => ({ status: 'finalized', from: FROM })),
  )
  const signers = new Set(documents.map(({ steps }) => steps[0]?.signer?.toLowerCase()))
  expect([...signers].sort()).toEqual([...stack.signers].sort())
})

it('each is paid once, and the chain has used no nonce that the logs do not have', async () => {
  for (const { request } of planned) {
    const { action } = request
    expect(await chain.received(action)).toBe('amount' in action ? BigInt(action.amount) : 0n)
  }
  for (const [signer, nonce] of new SignerLogs(stack.dir.runtimeDir).nextNonces())
    expect(await chain.transactionCount(signer)).toBe(nonce)
})

it('posting them again gives the same ids and no transaction', async () => {
  const before = await Promise.all(stack.signers.map((signer) => chain.transactionCount(signer)))
  expect(await postAll(client, planned)).toEqual(ids)
  await chain.blocks(3)
  expect(await Promise.all(stack.signers.map((signer) => chain.transactionCount(signer)))).toEqual(before)
})

it('the pool is shown with its signers', async () => {
  const { body } = await client.call('GET', '/v1/pools')
  expect(body).toMatchObject({ data: [{ name: LOCAL_POOL, from: FROM, chain: stack.chain }] })
})

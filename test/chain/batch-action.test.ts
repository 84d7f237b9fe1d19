// Guarantee (S22): several actions in one transfer happen all or not at all, on a node, from a signer that nobody prepared.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TransferRequestBody } from '../../src/shared/schema/transfer-request.ts'
import { Chain } from '../support/chain.ts'
import { Client, freshAddress } from '../support/client.ts'
import { type Stack, startStack } from '../support/stack.ts'

type BatchBody = Extract<TransferRequestBody['action'], { type: 'batch' }>

/** Wei: more than any account of the local chain has. */
const TOO_MUCH = (10n ** 30n).toString()

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-batch-action-'))
let stack: Stack
let client: Client
let chain: Chain

beforeAll(async () => {
  stack = await startStack({ stateDir })
  client = new Client(stack)
  chain = new Chain(stack)
})

afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

async function send(key: string, actions: BatchBody['actions'], more: Partial<TransferRequestBody> = {}) {
  const action = { type: 'batch', actions } as const
  const from = stack.signers[0] ?? ''
  const { id } = await client.post(key, { chain: stack.chain, from, action, ...more })
  return client.untilFinal(id)
}

function pay(to: string, amount: string) {
  return { type: 'native', to, amount } as const
}

it('all of them happen, in one transaction of an account that delegates for it', async () => {
  const [one, other, third] = ['one', 'other', 'third'].map(freshAddress) as [string, string, string]
  const ended = await send('all', [
    pay(one, '5'),
    pay(other, '7'),
    { type: 'call', to: third, data: '0x', value: '9' },
  ])
  expect(ended).toMatchObject({
    status: 'finalized',
    action: { type: 'batch', actions: [{ amount: '5' }, { amount: '7' }, { value: '9' }] },
    steps: [{ outcome: 'success', delivered_amount: null, number: 0 }],
  })
  expect(await Promise.all([one, other, third].map((to) => chain.balance(to)))).toEqual([5n, 7n, 9n])
  // The delegation, its authorization, and the batch.
  expect(await chain.transactionCount(stack.signers[0] ?? '')).toBe(3)
})

it('none of them happens where one would fail: it is told without a transaction', async () => {
  const to = freshAddress('none')
  // An address without code answers no call.
  const call = { type: 'call', to: freshAddress('nothing'), data: '0x12345678' } as const
  const ended = await send('none', [pay(to, '5'), call])
  expect(ended).toMatchObject({ status: 'failed', status_reason: 'would_revert' })
  expect(await chain.balance(to)).toBe(0n)
})

it('waits for funds as a whole', async () => {
  const to = freshAddress('rich')
  const deadline = new Date(Date.now() + 5_000).toISOString()
  const ended = await send('rich', [pay(to, '5'), pay(to, TOO_MUCH)], { deadline })
  expect(ended).toMatchObject({ status: 'expired' })
  expect(await chain.balance(to)).toBe(0n)
})

it('is in the list with its kind', async () => {
  const { body } = await client.call('GET', '/v1/transfers?limit=1')
  expect(body).toMatchObject({ data: [{ action: { type: 'batch' } }] })
})

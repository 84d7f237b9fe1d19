// Guarantee (S19): an account is delegated and freed again by commands, each of which counts once, whatever is repeated;
// and the signer says what it is.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Chain } from '../support/chain.ts'
import { Client } from '../support/client.ts'
import { type Stack, startStack } from '../support/stack.ts'

/** Milliseconds: some blocks. */
const SOON = { timeout: 30_000, interval: 100 }

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-delegation-'))
let stack: Stack
let client: Client
let chain: Chain
let path: string
let signer: string

beforeAll(async () => {
  stack = await startStack({ stateDir })
  client = new Client(stack)
  chain = new Chain(stack)
  signer = stack.signers[0] ?? ''
  path = `/v1/signers/${stack.chain}/${signer}`
})

afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

function command(verb: string, key: string) {
  return client.call('POST', `${path}/${verb}`, undefined, { 'Idempotency-Key': key })
}

async function untilCode(code: string): Promise<void> {
  await vi.waitFor(async () => expect(await chain.rpc('eth_getCode', signer, 'latest')).toBe(code), SOON)
}

async function kind(): Promise<string | undefined> {
  const { body } = await client.call('GET', '/v1/signers')
  const { data } = body as { data: { address: string; kind: string }[] }
  return data.find(({ address }) => address.toLowerCase() === signer)?.kind
}

it('a command delegates an account that has nothing to send, once', async () => {
  expect(await command('delegate', 'one')).toMatchObject({ status: 202, body: { result: 'asked' } })
  await untilCode(`0xef0100${stack.executor.slice(2)}`)
  await vi.waitFor(async () => {
    expect(await command('delegate', 'one')).toMatchObject({ status: 200, body: { result: 'done' } })
  }, SOON)
  expect(await kind()).toBe('delegated')
  expect(await chain.transactionCount(signer)).toBe(2)
})

it('another takes it back', async () => {
  expect(await command('revoke', 'two')).toMatchObject({ status: 202 })
  await untilCode('0x')
  await vi.waitFor(async () => expect(await command('revoke', 'two')).toMatchObject({ status: 200 }), SOON)
  expect(await kind()).toBe('plain')
  expect(await chain.transactionCount(signer)).toBe(4)
})

it('what is not one of the tenant’s signers does not exist', async () => {
  const other = `/v1/signers/${stack.chain}/0x${'1'.repeat(40)}/delegate`
  const answer = await client.call('POST', other, undefined, { 'Idempotency-Key': 'three' })
  expect(answer).toMatchObject({ status: 404, body: { code: 'signer_unknown' } })
  expect(await client.call('POST', `${path}/delegate`)).toMatchObject({
    body: { code: 'idempotency_key_missing' },
  })
})

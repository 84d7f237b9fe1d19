// A hundred transfers through the whole of Waybill on a real node: each is paid exactly once, and the chain says so.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { walDocument } from '../../src/shared/schema/wal-document.ts'
import { emptyPosition, headOf, verifyGroups } from '../../src/shared/wal/group.ts'
import { Chain } from '../support/chain.ts'
import { Client } from '../support/client.ts'
import { hundredRequests, type Planned, postAll } from '../support/hundred.ts'
import { SignerLogs } from '../support/signer-logs.ts'
import { type Stack, startStack } from '../support/stack.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-hundred-'))
let stack: Stack
let client: Client
let chain: Chain
let planned: readonly Planned[]
let ids: readonly string[]

beforeAll(async () => {
  stack = await startStack({ stateDir })
  client = new Client(stack)
  chain = new Chain(stack)
  planned = hundredRequests(stack, 'hundred')
  ids = await postAll(client, planned)
})

afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

it('all of a hundred transfers, posted twenty at a time, become final', async () => {
  const documents = await Promise.all(ids.map((id) => client.untilFinal(id)))
  expect(documents.map(({ status }) => status)).toEqual(ids.map(() => 'finalized'))
})

it('each is paid once, many by one transaction, and the chain has used no nonce that the logs do not have', async () => {
  for (const { request } of planned)
    expect(await chain.received(request.action)).toBe(BigInt(amountOf(request.action)))
  let sent = 0
  for (const [signer, nonce] of new SignerLogs(stack.dir.runtimeDir).nextNonces()) {
    expect(await chain.transactionCount(signer)).toBe(nonce)
    sent += nonce
  }
  expect(sent).toBeLessThan(planned.length / 2)
})

it('posting the same hundred again gives the same ids and no transaction', async () => {
  const before = await Promise.all(stack.signers.map((signer) => chain.transactionCount(signer)))
  expect(await postAll(client, planned)).toEqual(ids)
  await chain.blocks(3)
  expect(await Promise.all(stack.signers.map((signer) => chain.transactionCount(signer)))).toEqual(before)
})

it('the log of each verifies outside, in the head that the transfer reports', async () => {
  for (const id of ids) {
    const { body } = await client.call('GET', `/v1/transfers/${id}/wal`)
    const wal = walDocument.parse(body)
    const { seq, head } = await client.get(id)
    const verified = verifyGroups(emptyPosition({ class: wal.class, object: wal.object }), wal.groups)
    expect(verified.ok && headOf(verified.value)).toEqual({ seq, digest: head })
  }
})

it('the list shows all of them, page by page, each once', async () => {
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page = await client.call(
      'GET',
      `/v1/transfers?limit=30&status=finalized${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    const { data, next_cursor } = page.body as { data: { id: string }[]; next_cursor: string | null }
    seen.push(...data.map(({ id }) => id))
    cursor = next_cursor
  }
  expect(seen).toHaveLength(ids.length)
  expect(new Set(seen)).toEqual(new Set(ids))
})

function amountOf(action: Planned['request']['action']): string {
  return 'amount' in action ? action.amount : '0'
}

// A log that is not what it was: an old copy of a signer put in its place, and a transfer's log with a changed byte. Nothing is
// signed on such a log, it says what it is, and everybody else goes on.

import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Chain, until } from '../support/chain.ts'
import { Client, freshAddress } from '../support/client.ts'
import { type Stack, startStack } from '../support/stack.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-damage-'))
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

const post = (key: string, from: string) =>
  client.post(key, {
    chain: stack.chain,
    from,
    action: { type: 'native', to: freshAddress(key), amount: '1000' },
  })

it('an old copy of a signer signs nothing, says that it is fenced, and other signers go on', async () => {
  const [from = '', other = ''] = stack.signers
  await client.untilFinal((await post('before', from)).id)
  await stack.killRuntime()
  const file = fileOf(`${stack.chain}/${from}`)
  keepCopy(file)
  await stack.restartRuntime()
  await client.untilFinal((await post('forgotten', from)).id)
  const count = await chain.transactionCount(from)
  await stack.killRuntime()
  putBack(file)
  await stack.restartRuntime()

  const held = await post('after', from)
  const fine = await post('elsewhere', other)
  expect((await client.untilFinal(fine.id)).status).toBe('finalized')
  await until(async () => (await signerStatus(from)) === 'fenced')
  expect((await client.get(held.id)).steps.flatMap(({ attempts }) => attempts)).toEqual([])
  expect(await chain.transactionCount(from)).toBe(count)
})

it('a transfer whose log was changed, and is in no archive, is held, readable up to there, and takes no command', async () => {
  const [, from = ''] = stack.signers
  const { id } = await client.untilFinal((await post('changed', from)).id)
  await stack.killRuntime()
  // Else it may be whole again before anybody has looked.
  rmSync(join(stack.dir.runtimeDir, 'r2'), { recursive: true, force: true })
  const database = new DatabaseSync(fileOf(id))
  database.exec(`DROP TRIGGER wal_never_changes; UPDATE wal SET at = at + 1 WHERE seq = 2`)
  database.close()
  await stack.restartRuntime()
  const read = await client.get(id)
  expect([read.status, read.status_reason]).toEqual(['held', 'fenced'])
  const { body } = await client.call('GET', `/v1/transfers/${id}/history`)
  expect(body.data).toMatchObject([{ status: 'accepted' }])
  expect(await client.cancel(id, 'late')).toMatchObject({ status: 503, body: { code: 'transfer_fenced' } })
})

async function signerStatus(address: string): Promise<unknown> {
  const { body } = await client.call('GET', '/v1/signers')
  const signers: readonly { readonly address: string; readonly status: string }[] = Object(body).data
  return signers.find((signer) => signer.address.toLowerCase() === address.toLowerCase())?.status
}

/** The SQLite file of the object whose log says that it is this one. */
function fileOf(object: string): string {
  const root = join(stack.dir.runtimeDir)
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.sqlite') && isLogOf(join(root, name), object)) return join(root, name)
  }
  throw new Error(`no file holds the log of ${object}`)
}

function isLogOf(file: string, object: string): boolean {
  const database = new DatabaseSync(file)
  try {
    const rows = database.prepare(`SELECT name FROM sqlite_master WHERE name = 'meta'`).all()
    return rows.length > 0 && database.prepare(`SELECT object FROM meta`).get()?.object === object
  } finally {
    database.close()
  }
}

const PARTS = ['', '-wal', '-shm']

function keepCopy(file: string): void {
  for (const part of PARTS) if (existsSync(file + part)) cpSync(file + part, `${file}${part}.copy`)
}

function putBack(file: string): void {
  for (const part of PARTS) {
    rmSync(file + part, { force: true })
    if (existsSync(`${file}${part}.copy`)) cpSync(`${file}${part}.copy`, file + part)
  }
}

// Guarantee: a chain's nodes are all its endpoints of one visibility, whether they answer or not; a private one hears what is
// private and nothing else, and nobody else hears that (R16); an
// endpoint without a rate beside no other costs its chain's object no call; and an endpoint that refuses a rate inside a
// good answer is left alone all the same.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { chainNodes, routerOf, subscriptionUrl } from '../../../src/shared/adapters/chain-nodes.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import type { Lessor } from '../../../src/shared/ports/endpoint-lessor.ts'
import { parseEndpoints } from '../../../src/shared/schema/deployment.ts'
import { CHAIN, txHashOf } from '../../support/domain-values.ts'
import { hex } from './chain-values.ts'
import { type Answerer, eachItem, json, RpcServer } from './rpc-server.ts'

const REFERENCE = `0x${Number(CHAIN.split(':')[1]).toString(16)}`
const READ = { purpose: 'read', key: null } as const

let open: RpcServer
let secret: RpcServer
const calls: string[] = []

const lessor: Lessor = async ({ holder }) => {
  calls.push(holder)
  return { parts: [], endpoints: [] }
}

beforeAll(async () => {
  open = await RpcServer.start()
  secret = await RpcServer.start()
})
afterAll(() => Promise.all([open.stop(), secret.stop()]))
beforeEach(() => {
  calls.length = 0
})

test('all public endpoints are there, whether they answer or not', async () => {
  const settings = settingsOf(
    { name: 'a', operator: 'north', url: 'http://127.0.0.1:1' },
    { name: 'b', operator: 'south', url: 'http://127.0.0.1:1' },
  )
  const nodes = await chainNodes(settings, CHAIN, lessor, READ)
  expect(nodes.map(({ operator }) => operator).sort()).toEqual(['north', 'south'])
})

test('what is not private comes to no private endpoint; and nobody is asked for leases', async () => {
  open.answers(eachItem(({ method }) => ({ result: method === 'eth_chainId' ? REFERENCE : null })))
  secret.answers(eachItem(() => ({ result: REFERENCE })))
  const settings = settingsOf(
    { name: 'open', operator: 'north', url: open.url },
    { name: 'secret', operator: 'south', url: secret.url, private: true },
  )
  for (const purpose of ['read', 'broadcast'] as const) {
    const [node, ...others] = await chainNodes(settings, CHAIN, lessor, { purpose, key: '0x1' })
    expect([node?.name, others]).toEqual(['open', []])
    await node?.blockByNumber(7)
    await node?.broadcast(hex('0x01'), txHashOf(1))
  }
  expect([open.requests.length, secret.requests.length, calls]).toEqual([5, 0, []])
})

test('what is private comes to private endpoints alone; and of their rates only who sends to them asks for a part', async () => {
  open.answers(eachItem(() => ({ result: REFERENCE })))
  secret.answers(eachItem(({ method }) => ({ result: method === 'eth_chainId' ? REFERENCE : null })))
  const settings = settingsOf(
    { name: 'open', operator: 'north', url: open.url },
    { name: 'hidden', operator: 'south', url: secret.url, private: true, rate: 1_000 },
  )
  const giving: Lessor = async (request) => ({
    ...(await lessor(request)),
    parts: [{ name: 'hidden', perSecond: 750 }],
  })
  const heard = [open.requests.length, secret.requests.length]
  await chainNodes(settings, CHAIN, lessor, READ)
  expect(calls).toEqual([])
  for (const purpose of ['read', 'broadcast'] as const) {
    const asking = { purpose, key: '0x1' }
    const [node, ...others] = await chainNodes(settings, CHAIN, giving, asking, 'private')
    expect([node?.name, others]).toEqual(['hidden', []])
    if (purpose === 'read') await node?.blockByNumber(7)
    else await node?.broadcast(hex('0x01'), txHashOf(1))
  }
  expect([open.requests.length, secret.requests.length]).toEqual([heard[0], (heard[1] ?? 0) + 3])
  expect(calls.length).toBeGreaterThan(0)
})

test('who takes transactions and answers nothing is handed them without a proof, and counts as no voice', async () => {
  secret.answers(eachItem(() => ({ result: txHashOf(1) })))
  const relay = {
    name: 'relay',
    operator: 'south',
    url: secret.url,
    private: true,
    capabilities: { reads: false },
  }
  const settings = settingsOf({ name: 'open', operator: 'north', url: open.url }, relay)
  const heard = secret.requests.length
  expect(await chainNodes(settings, CHAIN, lessor, READ, 'private')).toEqual([])
  const [node] = await chainNodes(settings, CHAIN, lessor, { purpose: 'broadcast', key: '0x1' }, 'private')
  expect(await node?.broadcast(hex('0x01'), txHashOf(1))).toMatchObject({
    class: 'accepted',
    endpoint: 'relay',
  })
  expect(
    secret.requests
      .slice(heard)
      .flat()
      .map(({ method }) => method),
  ).toEqual(['eth_sendRawTransaction'])
})

test('a refused rate is heard inside of a batch, too', async () => {
  open.answers(
    eachItem(({ method }) =>
      method === 'eth_chainId'
        ? { result: REFERENCE }
        : { error: { code: -32005, message: 'limit exceeded' } },
    ),
  )
  const settings = settingsOf({ name: 'only', operator: 'north', url: open.url })
  const [node] = await chainNodes(settings, CHAIN, lessor, READ)
  await assertDefined(node, 'there is one').heads()
  const gate = assertDefined(routerOf(settings, CHAIN).gates.get('only'), 'it has a gate')
  expect(gate.health.faults.rate_limited).toBeGreaterThan(0)
  expect(gate.health.pausedUntil).not.toBeNull()
})

test('one that takes no batches is asked singly from the first on', async () => {
  open.answers(eachItem(({ method }) => ({ result: method === 'eth_chainId' ? REFERENCE : null })))
  const capabilities = { batches: false }
  const settings = settingsOf({ name: 'single', operator: 'north', url: open.url, capabilities })
  const [node] = await chainNodes(settings, CHAIN, lessor, READ)
  await assertDefined(node, 'there is one').heads()
  expect(open.requests.map((asked) => asked.length)).toEqual([1, 1, 1])
})

test('a read that broke at once is asked once more, and no broadcast, nor where a pause was asked for', async () => {
  const asked: string[] = []
  const failing =
    (headers: Record<string, string>): Answerer =>
    (items, response) => {
      const [item] = items
      if (item?.method === 'eth_chainId') return json(response, { id: item.id, result: REFERENCE })
      asked.push(item?.method ?? '')
      response.writeHead(503, headers).end()
    }
  const settings = (name: string) => settingsOf({ name, operator: 'north', url: open.url })
  const nodeOf = async (name: string) =>
    assertDefined((await chainNodes(settings(name), CHAIN, lessor, READ))[0], 'there is one')
  open.answers(failing({}))
  const node = await nodeOf('failing')
  expect(await node.blockByNumber(7)).toMatchObject({ ok: false, error: { reason: 'http' } })
  expect(asked.splice(0)).toEqual(['eth_getBlockByNumber', 'eth_getBlockByNumber'])
  expect(await node.broadcast(hex('0x01'), txHashOf(1))).toMatchObject({ class: 'unclear' })
  expect(asked.splice(0)).toEqual(['eth_sendRawTransaction'])
  open.answers(failing({ 'retry-after': '60' }))
  expect(await (await nodeOf('pausing')).blockByNumber(7)).toMatchObject({ ok: false })
  expect(asked.splice(0)).toEqual(['eth_getBlockByNumber'])
})

test('heads are listened for at the first public endpoint that announces them', () => {
  const url = (name: string) => `https://${name}.example/token`
  const endpoints = (...more: readonly object[]) =>
    parseEndpoints(
      settingsOf(...more.map((one, at) => ({ name: `e${at}`, operator: 'o', url: url(`e${at}`), ...one }))),
    ).get(CHAIN) ?? []
  const silent = { capabilities: { subscriptions: false } }
  expect(subscriptionUrl(endpoints({ private: true }, silent, {}))).toBe('wss://e2.example/token')
  expect(subscriptionUrl(endpoints(silent))).toBeNull()
})

function settingsOf(...endpoints: readonly object[]): string {
  return JSON.stringify({ [CHAIN]: endpoints })
}

// Guarantee: a broadcast that did not end in a node's own word is unclear, and is never sent twice.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { JsonRpcNode } from '../../../src/shared/adapters/json-rpc-node.ts'
import { hex } from './chain-values.ts'
import { HASH, OTHER_HASH } from './healthy-answers.ts'
import { type Answerer, eachItem, json, RpcServer } from './rpc-server.ts'

const RAW = hex(`0x02${'77'.repeat(110)}`)

let server: RpcServer
let node: JsonRpcNode

beforeAll(async () => {
  server = await RpcServer.start()
})
afterAll(() => server.stop())
beforeEach(() => {
  node = new JsonRpcNode({ name: 'odd', operator: 'them', url: server.url })
})

describe('a broadcast', () => {
  const page =
    (status: number): Answerer =>
    (_, response) =>
      response.writeHead(status).end('<html>')
  const result = (value: unknown): Answerer => eachItem(() => ({ result: value }))

  test.each<[string, Answerer]>([
    ['never answers', () => {}],
    ['stops half-way', (_, response) => response.writeHead(200).write('{')],
    ['cuts the connection', (_, response) => response.destroy()],
    ['limits the rate', page(429)],
    ['has a bad gateway', page(502)],
    ['redirects', page(307)],
    ['answers a page', page(200)],
    ['answers null', result(null)],
    ['answers another hash', result(OTHER_HASH)],
    ['answers half a hash', result('0xab')],
    ['answers to another request', (_, response) => json(response, { id: -1, result: HASH })],
    ['says what nobody knows', eachItem(() => ({ error: { code: -32000, message: 'words of tomorrow' } }))],
    [
      'knows another transaction',
      eachItem(() => ({ error: { code: -32000, message: `already known: ${OTHER_HASH}` } })),
    ],
  ])('to an endpoint that %s is unclear, and is not sent again', async (_, answer) => {
    server.answers(answer)
    const hasty = new JsonRpcNode({ name: 'odd', operator: 'them', url: server.url }, undefined, 200)
    const outcome = await hasty.broadcast(RAW, HASH)
    expect(outcome).toMatchObject({ class: 'unclear', endpoint: 'odd' })
    expect(server.requests.length).toBe(1)
    for (const secret of [server.url, RAW]) expect(outcome.detail).not.toContain(secret)
  })

  test('to an endpoint that is not there is unclear', async () => {
    const closed = await RpcServer.start()
    await closed.stop()
    const gone = new JsonRpcNode({ name: 'gone', operator: 'them', url: closed.url })
    expect(await gone.broadcast(RAW, HASH)).toEqual({
      class: 'unclear',
      endpoint: 'gone',
      detail: 'unreachable: ECONNREFUSED',
    })
  })

  test('is accepted when the node answers our hash, in either case', async () => {
    server.answers(result(HASH.toUpperCase().replace('0X', '0x')))
    expect(await node.broadcast(RAW, HASH)).toEqual({ class: 'accepted', endpoint: 'odd', detail: null })
  })

  test.each<[string, string]>([
    ['known', `Known transaction: ${HASH}`],
    ['held_slot', 'replacement transaction underpriced'],
    ['congested', 'Your app has exceeded its compute units per second capacity.'],
  ])('is %s by the words of the node', async (expected, message) => {
    server.answers((asked, response) =>
      json(response, { id: asked[0]?.id, error: { code: -32000, message } }, 400),
    )
    expect(await node.broadcast(RAW, HASH)).toEqual({ class: expected, endpoint: 'odd', detail: message })
  })

  test('tells the words of the node without our bytes and in one line', async () => {
    const message = `invalid argument 0: rlp: ${RAW}\n\tat ${server.url}/x`
    server.answers(eachItem(() => ({ error: { code: -32602, message } })))
    expect(await node.broadcast(RAW, HASH)).toEqual({
      class: 'invalid',
      endpoint: 'odd',
      detail: 'invalid argument 0: rlp: <bytes> at <url>',
    })
  })
})

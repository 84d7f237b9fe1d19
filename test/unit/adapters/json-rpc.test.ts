// Guarantee: whatever an endpoint does to an HTTP exchange, the client ends in time, bounded, asks once, says what kind
// of failure it was, and never tells the endpoint's URL.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { JsonRpcClient, MOST_BODY_BYTES } from '../../../src/shared/adapters/json-rpc.ts'
import { type Answerer, json, RpcServer } from './rpc-server.ts'

const TOKEN = 'k3y-0f-the-endpoint-a8f1'
const REQUEST = { method: 'eth_chainId', params: [] }
const MiB = 1024 * 1024

let server: RpcServer
let client: JsonRpcClient

beforeAll(async () => {
  server = await RpcServer.start()
  client = new JsonRpcClient(`${server.url}/v2/${TOKEN}`)
})
afterAll(() => server.stop())
afterEach(() => expect(server.requests.length, 'one exchange, never a second try').toBe(1))

function body(text: string | Uint8Array, status = 200, headers: Record<string, string> = {}): Answerer {
  return (_, response) => response.writeHead(status, headers).end(text)
}

const idOf = ([first]: readonly { readonly id: number }[]) => first?.id

describe('one request', () => {
  test('gives the result', async () => {
    server.answers((asked, response) => json(response, { jsonrpc: '2.0', id: idOf(asked), result: '0x1' }))
    expect(await client.call(REQUEST)).toEqual({ ok: true, value: '0x1' })
  })

  test('gives a null result', async () => {
    server.answers((asked, response) => json(response, { jsonrpc: '2.0', id: idOf(asked), result: null }))
    expect(await client.call(REQUEST)).toEqual({ ok: true, value: null })
  })

  test.each([200, 400, 500])('gives the verdict of the node inside HTTP %i', async (status) => {
    const error = { code: -32000, message: 'nonce too low', data: { hint: 1 } }
    server.answers((asked, response) => json(response, { id: idOf(asked), error }, status))
    expect(await client.call(REQUEST)).toEqual({
      ok: false,
      error: { reason: 'rpc', code: -32000, message: 'nonce too low', data: '{"hint":1}' },
    })
  })

  test('gives a verdict whose id the node could not read', async () => {
    server.answers((_, response) =>
      json(response, { id: null, error: { code: -32700, message: 'parse error' } }),
    )
    expect(await client.call(REQUEST)).toMatchObject({ error: { reason: 'rpc', code: -32700 } })
  })

  test.each<[string, Answerer]>([
    ['HTML', body('<html>welcome</html>')],
    ['half of JSON', body('{"jsonrpc":"2.0","id":1,"resu')],
    ['bytes that are no UTF-8', body(Uint8Array.of(0x22, 0xff, 0xfe, 0x22))],
    ['nothing', body('')],
    ['a JSON that is no answer', body('"0x1"')],
    ['neither result nor error', (asked, response) => json(response, { id: idOf(asked) })],
    [
      'the answer to another request',
      (asked, response) => json(response, { id: (idOf(asked) ?? 0) - 1, result: '0x1' }),
    ],
    [
      'a verdict on another request',
      (_, response) => json(response, { id: -1, error: { code: -32000, message: 'x' } }),
    ],
    ['an answer without id', (_, response) => json(response, { id: null, result: '0x1' })],
    ['a batch', (asked, response) => json(response, [{ id: idOf(asked), result: '0x1' }])],
  ])('%s is malformed', async (_, answer) => {
    server.answers(answer)
    expect(await client.call(REQUEST)).toMatchObject({ ok: false, error: { reason: 'malformed' } })
  })

  test('HTTP 503 says when to come back, where it does', async () => {
    server.answers(body('<html>', 503, { 'retry-after': '7' }))
    expect(await client.call(REQUEST)).toEqual({
      ok: false,
      error: { reason: 'http', status: 503, retry_after_ms: 7_000 },
    })
  })

  test.each([301, 307, 403, 404, 500, 502, 503])('HTTP %i with a page is http', async (status) => {
    server.answers(body('<html>no</html>', status, { location: `${server.url}/elsewhere` }))
    expect(await client.call(REQUEST)).toEqual({ ok: false, error: { reason: 'http', status } })
  })

  test.each([
    ['7', 7_000],
    ['0', 0],
    ['999999', 3_600_000],
    [new Date(Date.now() - 60_000).toUTCString(), 0],
    ['soon', null],
    [undefined, null],
  ])('HTTP 429 with Retry-After %s waits %s ms', async (retryAfter, retry_after_ms) => {
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
    const page = JSON.stringify({
      id: null,
      error: { code: -32005, message: 'daily request count exceeded' },
    })
    server.answers(body(page, 429, headers))
    expect(await client.call(REQUEST)).toEqual({
      ok: false,
      error: { reason: 'rate_limited', retry_after_ms },
    })
  })
})

describe('time and size', () => {
  test('an endpoint that never answers times out', async () => {
    server.answers(() => {})
    expect(await new JsonRpcClient(server.url, undefined, 50).call(REQUEST)).toMatchObject({
      error: { reason: 'timeout' },
    })
  })

  test('an endpoint that stops in the middle of its answer times out', async () => {
    server.answers((_, response) => response.writeHead(200).write('{"jsonrpc":'))
    expect(await new JsonRpcClient(server.url, undefined, 50).call(REQUEST)).toMatchObject({
      error: { reason: 'timeout' },
    })
  })

  test('an endless answer is not read past the cap', async () => {
    let isOpen = true
    let sent = 0
    const closed = Promise.withResolvers<void>()
    server.answers((_, response) => {
      response.on('close', () => {
        isOpen = false
        closed.resolve()
      })
      const chunk = Buffer.alloc(MiB, ' ')
      const more = () => {
        while (isOpen && response.write(chunk)) sent += MiB
        sent += MiB
        if (isOpen) response.once('drain', more)
      }
      more()
    })
    expect(await client.call(REQUEST)).toMatchObject({ error: { reason: 'malformed' } })
    await closed.promise
    expect(sent).toBeLessThan(2 * MOST_BODY_BYTES)
  })

  test('a connection that is cut is unreachable', async () => {
    server.answers((_, response) => response.destroy())
    expect(await client.call(REQUEST)).toMatchObject({ error: { reason: 'unreachable' } })
  })
})

describe('a batch', () => {
  const requests = [
    REQUEST,
    { method: 'eth_blockNumber', params: [] },
    { method: 'eth_gasPrice', params: [] },
  ]

  test('is matched by id, in whatever order the items come', async () => {
    server.answers((asked, response) => {
      json(response, asked.map(({ id, method }) => ({ id, result: method })).toReversed())
    })
    expect(await client.batch(requests)).toEqual({
      ok: true,
      value: requests.map(({ method }) => ({ ok: true, value: method })),
    })
  })

  test('keeps each item its own verdict', async () => {
    server.answers((asked, response) => {
      const items = asked.map(({ id }, at) =>
        at === 1 ? { id, error: { code: 3, message: 'no' } } : { id, result: at },
      )
      json(response, items)
    })
    expect(await client.batch(requests)).toEqual({
      ok: true,
      value: [
        { ok: true, value: 0 },
        { ok: false, error: { reason: 'rpc', code: 3, message: 'no', data: null } },
        { ok: true, value: 2 },
      ],
    })
  })

  test('that is refused as a whole is the verdict of the node', async () => {
    server.answers((_, response) =>
      json(response, { id: null, error: { code: -32600, message: 'batch too large' } }),
    )
    expect(await client.batch(requests)).toMatchObject({
      error: { reason: 'rpc', message: 'batch too large' },
    })
  })

  test.each<[string, Answerer]>([
    [
      'a missing item',
      (asked, response) =>
        json(
          response,
          asked.slice(1).map(({ id }) => ({ id, result: 1 })),
        ),
    ],
    [
      'a doubled item',
      (asked, response) =>
        json(
          response,
          asked.map(() => ({ id: idOf(asked), result: 1 })),
        ),
    ],
    [
      'a foreign id',
      (asked, response) =>
        json(
          response,
          asked.map(({ id }) => ({ id: id + 1, result: 1 })),
        ),
    ],
    [
      'an item too many',
      (asked, response) =>
        json(
          response,
          [...asked, { id: 0 }].map(({ id }) => ({ id, result: 1 })),
        ),
    ],
    [
      'an item without id',
      (asked, response) =>
        json(
          response,
          asked.map(() => ({ id: null, result: 1 })),
        ),
    ],
    [
      'an item that is nothing',
      (asked, response) =>
        json(
          response,
          asked.map(() => null),
        ),
    ],
    ['one answer instead of many', (asked, response) => json(response, { id: idOf(asked), result: 1 })],
  ])('with %s is malformed as a whole', async (_, answer) => {
    server.answers(answer)
    expect(await client.batch(requests)).toMatchObject({ ok: false, error: { reason: 'malformed' } })
  })

  test('with HTTP 503 is http', async () => {
    server.answers(body('<html>', 503))
    expect(await client.batch(requests)).toEqual({ ok: false, error: { reason: 'http', status: 503 } })
  })
})

describe('the URL is a secret', () => {
  test('an endpoint that quotes it is told without it', async () => {
    const words = `call to ${server.url}/v2/${TOKEN} failed for ${TOKEN}: nonce too low`
    server.answers((asked, response) => {
      json(response, { id: idOf(asked), error: { code: 1, message: words, data: { key: TOKEN } } })
    })
    const answer = await client.call(REQUEST)
    expect(answer).toMatchObject({
      error: { reason: 'rpc', message: 'call to <url> failed for <token>: nonce too low' },
    })
    expect(JSON.stringify(answer)).not.toContain(TOKEN)
  })

  test('a runtime that quotes it is told without it', async () => {
    server.answers((asked, response) => json(response, { id: idOf(asked), result: 1 }))
    await client.call(REQUEST)
    const closed = await RpcServer.start()
    await closed.stop()
    const refused = await new JsonRpcClient(`${closed.url}/v2/${TOKEN}`).call(REQUEST)
    expect(refused).toEqual({ ok: false, error: { reason: 'unreachable', detail: 'ECONNREFUSED' } })
    const quoting = () => Promise.reject(new TypeError(`cannot reach ${server.url}/v2/${TOKEN}`))
    const quoted = await new JsonRpcClient(`${server.url}/v2/${TOKEN}`, quoting).call(REQUEST)
    expect(quoted).toEqual({ ok: false, error: { reason: 'unreachable', detail: 'no connection' } })
  })
})

// A transfer's socket, by the API on the real objects: what was, and then what comes, each record once and in order.

import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { assert } from '../../src/shared/lib/assert.ts'
import { type LiveMessage, liveMessage } from '../../src/shared/schema/live-message.ts'
import type { ApiEnv, TransferStub } from '../../src/workers/api/env.ts'
import { newApi, newCaller, newKey, newKeyOfCommand, postBy } from './support/api-client.ts'
import { watchedTransfers } from './support/api-traces.ts'

let caller: Awaited<ReturnType<typeof newCaller>>
let viewer: string

beforeAll(async () => {
  caller = await newCaller()
  viewer = await newKey(caller.tenant, 'viewer')
})

const post = (changes: object = {}, headers: Record<string, string> = newKeyOfCommand()) =>
  postBy(caller, changes, headers)

describe('following', () => {
  const upgrade = { Upgrade: 'websocket' }

  /** All messages up to the one that says that the replay is done. */
  async function replayed(socket: WebSocket | null): Promise<readonly LiveMessage[]> {
    assert(socket !== null, 'a socket')
    const seen: LiveMessage[] = []
    const isLive = new Promise<void>((resolve) => {
      socket.addEventListener('message', ({ data }) => {
        const message = liveMessage.parse(JSON.parse(String(data)))
        seen.push(message)
        if (message.type === 'live') resolve()
      })
    })
    socket.accept()
    await isLive
    socket.close()
    return seen
  }

  it('opens with a key in the header, replays and goes live', async () => {
    const { body } = await post()
    const answer = await newApi().get(body.links.live, { key: viewer, headers: upgrade })
    expect(answer.status).toBe(101)
    expect(answer.headers.get('Sec-WebSocket-Protocol')).toBeNull()
    const seen = await replayed(answer.response.webSocket)
    expect(seen[0]).toMatchObject({ type: 'record', seq: 1, transfer: body.id, record: { kind: 'accepted' } })
  })

  it('opens with the key as a protocol, and answers with ours only', async () => {
    const { body } = await post()
    const headers = { ...upgrade, 'Sec-WebSocket-Protocol': `waybill.v1, bearer.${viewer}` }
    const answer = await newApi().get(`${body.links.live}?after_seq=1`, { headers })
    expect(answer.status).toBe(101)
    expect(answer.headers.get('Sec-WebSocket-Protocol')).toBe('waybill.v1')
    const [first] = await replayed(answer.response.webSocket)
    expect(first).not.toMatchObject({ record: { kind: 'accepted' } })
  })

  it('hands the object neither the key nor anything else that the client sent', async () => {
    const seen: Request[] = []
    const TRANSFER: ApiEnv['TRANSFER'] = {
      getByName: (name): TransferStub => {
        const real = env.TRANSFER.getByName(name)
        return {
          create: (input, by) => real.create(input, by),
          read: (tenant) => real.read(tenant),
          history: (tenant) => real.history(tenant),
          wal: (tenant, afterSeq, limit) => real.wal(tenant, afterSeq, limit),
          proof: (tenant, seq) => real.proof(tenant, seq),
          row: () => real.row(),
          cancel: (tenant, command, by) => real.cancel(tenant, command, by),
          speedUp: (tenant, command, by) => real.speedUp(tenant, command, by),
          fetch: (request) => {
            seen.push(request.clone())
            return real.fetch(request)
          },
        }
      },
    }
    const { body } = await post()
    const headers = {
      ...upgrade,
      'X-Other': '1',
      Cookie: 'a=b',
      'Sec-WebSocket-Protocol': `bearer.${viewer}, waybill.v1`,
    }
    const answer = await newApi({ TRANSFER }).get(`${body.links.live}?after_seq=7`, { headers })
    await replayed(answer.response.webSocket)
    expect(seen[0]?.url).toBe('https://transfer/live?after_seq=7')
    expect(Object.fromEntries(seen[0]?.headers ?? [])).toEqual({
      upgrade: 'websocket',
      'sec-websocket-protocol': 'waybill.v1',
    })
  })

  it.each([
    ['no upgrade', {}, '', 426, 'upgrade_required'],
    ['another upgrade', { Upgrade: 'h2c' }, '', 426, 'upgrade_required'],
    ['a bad place', upgrade, '?after_seq=-1', 400, 'invalid_field'],
    ['another parameter', upgrade, '?after=1', 400, 'unknown_field'],
  ])('refuses %s', async (_name, headers, query, status, code) => {
    const { body } = await post()
    const { TRANSFER, asked } = watchedTransfers()
    const answer = await newApi({ TRANSFER }).get(`${body.links.live}${query}`, { key: viewer, headers })
    expect(answer.body).toMatchObject({ status, code })
    expect(asked).toEqual([])
  })
})

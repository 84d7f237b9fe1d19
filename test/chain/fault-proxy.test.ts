// Guarantee: the fault proxy breaks exactly what it was told to break, and is a plain endpoint otherwise. On a real node,
// because what it claims about nodes must hold of one.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Fault, FaultRules } from '../support/fault-proxy/faults.ts'
import { HTML_PAGE, REFUSALS } from '../support/fault-proxy/refusals.ts'
import { subscribe } from '../support/head-announcements.ts'
import { account, answered, ProxiedNode, SEND, signed } from '../support/proxied-node.ts'
import { randomFrom } from '../support/random.ts'
import { type Anvil, startAnvil } from '../unit/adapters/anvil.ts'

let anvil: Anvil
let bench: ProxiedNode

beforeAll(async () => {
  anvil = await startAnvil('--slots-in-an-epoch', '1')
})
afterAll(() => anvil.stop())

beforeEach(async () => {
  bench = await ProxiedNode.before(anvil)
})
afterEach(() => bench.proxy.stop())

test('without faults it is the node', async () => {
  expect(await bench.node.chainReference()).toEqual({ ok: true, value: 31337 })
  const batch = await bench.client.batch([
    { method: 'eth_chainId', params: [] },
    { method: 'no_such_method', params: [] },
  ])
  expect(batch).toMatchObject({ ok: true, value: [{ ok: true, value: '0x7a69' }, { ok: false }] })
  expect(bench.proxy.counts).toEqual(new Map([['requests', 2]]))
})

describe('a fault of the transport is what the client must make of it', () => {
  const cases: readonly [Fault, string, unknown][] = [
    [{ do: 'hang', bytes: 'lost' }, 'hang_lost', { reason: 'timeout' }],
    [{ do: 'reset', bytes: 'lost' }, 'reset_lost', { reason: 'unreachable' }],
    [{ do: 'reset', bytes: 'taken' }, 'reset_taken', { reason: 'unreachable' }],
    [{ do: 'http', status: 503, bytes: 'lost' }, 'http_503_lost', { reason: 'http', status: 503 }],
    [
      { do: 'http', status: 502, bytes: 'lost', body: HTML_PAGE },
      'http_502_lost',
      { reason: 'http', status: 502 },
    ],
    [
      { do: 'http', status: 429, bytes: 'lost', retryAfter: '7' },
      'http_429_lost',
      { reason: 'rate_limited', retry_after_ms: 7_000 },
    ],
    [
      { do: 'http', status: 429, bytes: 'lost' },
      'http_429_lost',
      { reason: 'rate_limited', retry_after_ms: null },
    ],
    [{ do: 'break', how: 'truncated' }, 'truncated', { reason: 'malformed' }],
    [{ do: 'break', how: 'html' }, 'html', { reason: 'malformed' }],
    [{ do: 'break', how: 'empty' }, 'empty', { reason: 'malformed' }],
    [{ do: 'break', how: 'wrong_ids' }, 'wrong_ids', { reason: 'malformed' }],
    [
      { do: 'refuse', as: 'unclear', error: { code: -32_603, message: 'Internal error' }, bytes: 'lost' },
      'refuse_unclear_lost',
      { reason: 'rpc', code: -32_603, message: 'Internal error' },
    ],
  ]
  test.each(cases)('%j', async (fault, counted, error) => {
    bench.proxy.setFaults({ fault, times: 1 })
    expect(await bench.node.chainReference()).toMatchObject({ ok: false, error })
    expect(bench.proxy.counts.get(counted)).toBe(1)
    expect(await bench.node.chainReference()).toMatchObject({ ok: true })
  })

  test('a delay only takes time', async () => {
    bench.proxy.setFaults({ fault: { do: 'delay', ms: 20 } })
    expect(await bench.node.chainReference()).toEqual({ ok: true, value: 31337 })
    expect(bench.proxy.counts.get('delay')).toBe(1)
  })

  test.each(['doubled_item', 'missing_item', 'wrong_ids'] as const)(
    'a batch with %s is worth nothing',
    async (how) => {
      bench.proxy.setFaults({ fault: { do: 'break', how } })
      expect(await bench.node.heads()).toMatchObject({ ok: false, error: { reason: 'malformed' } })
    },
  )

  test('a batch in another order is as good', async () => {
    const plain = await bench.node.heads()
    bench.proxy.setFaults({ fault: { do: 'break', how: 'reordered' } })
    expect(await bench.node.heads()).toEqual(plain)
  })

  test('a refusal of one method strikes only its items of a batch', async () => {
    const [error] = REFUSALS.congested
    if (error === undefined) throw new Error('a text')
    bench.proxy.setFaults({
      fault: { do: 'refuse', as: 'congested', error, bytes: 'lost' },
      methods: ['eth_gasPrice'],
    })
    const batch = await bench.client.batch([
      { method: 'eth_gasPrice', params: [] },
      { method: 'eth_chainId', params: [] },
    ])
    expect(batch).toMatchObject({ ok: true, value: [{ ok: false }, { ok: true }] })
  })

  test('above its rate it answers 429', async () => {
    bench.proxy.limitRate(2)
    const answers = await Promise.all([1, 2, 3].map(() => bench.node.chainReference()))
    expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(2)
    expect(bench.proxy.counts.get('rate_limit')).toBeGreaterThanOrEqual(1)
  })
})

describe('bytes', () => {
  test('whose answer was lost may be with the node or not; both are written down', async () => {
    const next = await bench.nextNonce()
    const [lost, taken] = [await signed(next), await signed(next + 1)]
    bench.proxy.setFaults({ fault: { do: 'reset', bytes: 'lost' }, methods: [SEND], times: 1 })
    expect(await bench.send(lost)).toMatchObject({ class: 'unclear' })
    bench.proxy.setFaults({ fault: { do: 'reset', bytes: 'taken' }, methods: [SEND], times: 1 })
    expect(await bench.send(taken)).toMatchObject({ class: 'unclear' })
    expect(await bench.isKnown(lost)).toBe(false)
    expect(await bench.isKnown(taken)).toBe(true)
    expect(bench.proxy.sent).toEqual([lost, taken])
  })

  test('that are dropped look taken', async () => {
    const bytes = await signed(await bench.nextNonce())
    bench.proxy.setFaults({ fault: { do: 'drop' }, methods: [SEND], times: 1 })
    expect(await bench.send(bytes)).toMatchObject({ class: 'accepted' })
    expect(await bench.isKnown(bytes)).toBe(false)
    expect(await bench.send(bytes)).toMatchObject({ class: 'accepted' })
    expect(await bench.isKnown(bytes)).toBe(true)
  })

  test('are taken where another hash is answered', async () => {
    const bytes = await signed(await bench.nextNonce())
    bench.proxy.setFaults({ fault: { do: 'wrong_hash' }, methods: [SEND], times: 1 })
    expect(await bench.send(bytes)).toMatchObject({ class: 'unclear' })
    expect(await bench.isKnown(bytes)).toBe(true)
  })

  test('are refused in the words of every class, and each is read as what it is', async () => {
    const bytes = await signed(await bench.nextNonce())
    for (const [as, errors] of Object.entries(REFUSALS)) {
      for (const error of errors) {
        bench.proxy.setFaults({ fault: { do: 'refuse', as, error, bytes: 'lost' }, methods: [SEND] })
        expect(await bench.send(bytes), error.message).toMatchObject({ class: as })
      }
    }
    expect(await bench.isKnown(bytes)).toBe(false)
  })
})

describe('behind by three blocks', () => {
  test('heads, tags, blocks, receipts, nonces, balances and calls are of one past view', async () => {
    const nonce = await bench.nextNonce()
    const bytes = await signed(nonce)
    await bench.send(bytes)
    await anvil.ask('anvil_mine', '0x1')
    const mined = answered(await bench.node.heads()).head
    await anvil.ask('anvil_mine', '0x2')
    bench.proxy.fallBehind(3)
    const { head, finalized } = answered(await bench.node.heads())
    expect(head.number).toBe(mined.number - 1)
    expect(finalized?.number).toBe(Math.max(0, head.number - 2))
    expect(answered(await bench.node.blockByNumber(mined.number))).toBeNull()
    expect(answered(await bench.node.blockByHash(mined.hash))).toBeNull()
    expect(await bench.client.call({ method: 'eth_blockNumber', params: [] })).toMatchObject({
      value: `0x${head.number.toString(16)}`,
    })
    expect(await bench.ask('eth_getTransactionReceipt', bytes.hash)).toBeNull()
    expect(await bench.ask('eth_getBlockReceipts', mined.hash)).toBeNull()
    expect(await bench.ask('eth_getTransactionByHash', bytes.hash)).toMatchObject({ blockHash: null })
    expect(await bench.ask('eth_getTransactionCount', account.address, 'latest')).toBe(
      `0x${nonce.toString(16)}`,
    )
    expect(await bench.ask('eth_getTransactionCount', account.address, 'pending')).toBe(
      `0x${(nonce + 1).toString(16)}`,
    )
    expect(await bench.ask('eth_getBalance', account.address, 'latest')).toBe(
      await anvil.ask('eth_getBalance', account.address, `0x${head.number.toString(16)}`),
    )
    expect(await bench.send(bytes)).toMatchObject({ class: 'known' })
    expect(
      await bench.client.call({
        method: 'eth_call',
        params: [{ to: account.address }, `0x${mined.number.toString(16)}`],
      }),
    ).toMatchObject({ ok: false, error: { message: 'header not found' } })
    bench.proxy.fallBehind(0)
    expect(answered(await bench.node.blockByHash(mined.hash))?.hash).toBe(mined.hash)
  })

  test('announcements of heads come as late', async () => {
    bench.proxy.fallBehind(2)
    const heads = await subscribe(bench.proxy.url)
    const before = Number(await anvil.ask('eth_blockNumber'))
    for (let count = 0; count < 4; count++) await anvil.ask('anvil_mine', '0x1')
    expect(await heads.first(2)).toEqual([before + 1, before + 2])
    expect(heads.seen).toHaveLength(2)
    heads.close()
  })

  test('a subscription ends where its connection is cut', async () => {
    const heads = await subscribe(bench.proxy.url)
    bench.proxy.cutConnections()
    await heads.closed
  })
})

test('the same seed has the same dice', () => {
  const strikes = () => {
    const rules = new FaultRules(randomFrom(7))
    rules.set([{ fault: { do: 'drop' }, chance: 0.3 }])
    return Array.from({ length: 50 }, () => rules.strike([{ id: 1, method: SEND, params: [] }]) !== null)
  }
  expect(strikes()).toEqual(strikes())
  expect(new Set(strikes())).toEqual(new Set([true, false]))
})

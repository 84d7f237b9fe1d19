// Guarantee: several isolates share the rates of a chain's endpoints through its object, whether it answers or not, and also over
// a restart of it, and no endpoint gets more than its rate; who has nothing to share asks nobody; a pause is kept; an
// endpoint that fails is left alone while another one is well.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { EndpointDesk } from '../../../../src/durable-objects/chain/endpoint-desk.ts'
import type { EndpointGate, RequestKind } from '../../../../src/shared/adapters/routing/endpoint-gate.ts'
import { Router } from '../../../../src/shared/adapters/routing/router.ts'
import { realTimer } from '../../../../src/shared/adapters/routing/timer.ts'
import { assertDefined } from '../../../../src/shared/lib/assert.ts'
import { unixMs } from '../../../../src/shared/lib/time.ts'
import type { NodeFailure } from '../../../../src/shared/ports/chain-node.ts'
import type { Lessor } from '../../../../src/shared/ports/endpoint-lessor.ts'
import { ALL_CAPABILITIES, type EndpointTraits } from '../../../../src/shared/routing/endpoint-traits.ts'
import { nodeStorage } from '../../../support/node-storage.ts'
import { randomFrom } from '../../../support/random.ts'

const SECOND_MS = 1_000
const RATE = 12
const READ = { purpose: 'read', key: null } as const

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a rate that three isolates share', () => {
  test('is never passed, and most of it is used', async () => {
    const bench = new Bench([traits('a', { rate: RATE })], 3)
    await bench.press(30 * SECOND_MS)
    expect(bench.busiestSecond('a')).toBeLessThanOrEqual(RATE)
    expect(bench.sentTo('a').length).toBeGreaterThan(0.6 * 30 * RATE)
  })

  test('is never passed while the object does not answer, and nobody stands still', async () => {
    const bench = new Bench([traits('a', { rate: RATE })], 3)
    await bench.press(10 * SECOND_MS)
    bench.isAway = true
    await bench.press(60 * SECOND_MS)
    expect(bench.busiestSecond('a')).toBeLessThanOrEqual(RATE)
    const lately = bench.sentTo('a').filter(({ at }) => at > bench.now - 30 * SECOND_MS)
    expect(new Set(lately.map(({ holder }) => holder)).size).toBe(3)
    bench.isAway = false
    await bench.press(20 * SECOND_MS)
    expect(bench.busiestSecond('a')).toBeLessThanOrEqual(RATE)
  })

  test('is never passed by one that the object hears no more of, while the others take its part', async () => {
    const bench = new Bench([traits('a', { rate: RATE })], 2)
    bench.cutOff = 'isolate 1'
    await bench.press(5 * SECOND_MS)
    bench.cutOff = 'isolate 0'
    await bench.press(40 * SECOND_MS)
    expect(bench.busiestSecond('a')).toBeLessThanOrEqual(RATE)
    const lately = bench.sentTo('a').filter(({ at }) => at > bench.now - 30 * SECOND_MS)
    expect(lately.filter(({ holder }) => holder === 1).length).toBeGreaterThan(0.6 * 20 * RATE)
  })

  test.each(['with', 'without'])(
    'is never passed over restarts of the object %s its table',
    async (table) => {
      const bench = new Bench([traits('a', { rate: RATE })], 3)
      for (let restarts = 0; restarts < 6; restarts++) {
        await bench.press(4 * SECOND_MS)
        bench.restart(table === 'with')
      }
      expect(bench.busiestSecond('a')).toBeLessThanOrEqual(RATE)
      expect(bench.sentTo('a').length).toBeGreaterThan(0)
    },
  )
})

test('a single endpoint without a rate costs no call; several cost one in fifteen seconds', async () => {
  const single = new Bench([traits('a')], 1)
  await single.press(30 * SECOND_MS)
  expect([single.calls, single.sentTo('a').length > 1_000]).toEqual([0, true])
  const several = new Bench([traits('a'), traits('b')], 1)
  await several.press(30 * SECOND_MS)
  expect(several.calls).toBeLessThanOrEqual(3)
})

test('who takes no transactions is handed none, and who answers nothing is asked nothing', () => {
  const { router } = new Bench(
    [
      traits('a'),
      traits('takes', { capabilities: { ...ALL_CAPABILITIES, reads: false } }),
      traits('reads', { capabilities: { ...ALL_CAPABILITIES, broadcasts: false } }),
    ],
    1,
  )
  expect([...router.order(READ)].sort()).toEqual(['a', 'reads'])
  expect([...router.order({ purpose: 'broadcast', key: '0x1' })].sort()).toEqual(['a', 'takes'])
})

test('who asks to be left alone is, also when there is nobody else', async () => {
  const { router } = new Bench([traits('a')], 1)
  const gate = gateOf(router, 'a')
  await through(gate, 'read', { reason: 'rate_limited', retry_after_ms: 20_000 })
  expect(await gate.enter('broadcast')).toBe('pause')
  await vi.advanceTimersByTimeAsync(19_000)
  const waiting = gate.enter('read')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await waiting).toMatchObject({ since: expect.any(Number) })
})

test('who fails five times is held back while another is well, and never when all fail', async () => {
  const { router } = new Bench([traits('a'), traits('b')], 1)
  const [a, b] = [gateOf(router, 'a'), gateOf(router, 'b')]
  for (let times = 0; times < 5; times++) await through(a, 'read', { reason: 'timeout' })
  expect(await a.enter('read')).toBe('breaker')
  expect(router.order(READ)).toEqual(['b', 'a'])
  for (let times = 0; times < 5; times++) await through(b, 'read', { reason: 'http', status: 500 })
  expect(typeof (await a.enter('read'))).toBe('object')
  expect(typeof (await b.enter('read'))).toBe('object')
})

test('what a node says about a transaction opens no breaker', async () => {
  const { router } = new Bench([traits('a'), traits('b')], 1)
  const gate = gateOf(router, 'a')
  for (let times = 0; times < 50; times++) {
    await through(gate, 'broadcast', { reason: 'rpc', code: -32_000, message: 'nonce too low', data: null })
  }
  expect(gate.health).toMatchObject({ breaker: { state: 'closed', faults: 0 }, requests: 50 })
})

test('requests whose invocation ended take no room for ever', async () => {
  const { router } = new Bench([traits('a')], 1)
  const gate = gateOf(router, 'a')
  for (let times = 0; times < 16; times++) await gate.enter('read')
  const refused = gate.enter('read')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(await refused).toBe('limit')
  await vi.advanceTimersByTimeAsync(15_000)
  expect(typeof (await gate.enter('read'))).toBe('object')
})

test('a late endpoint is asked last, once two operators told of more at the same time', async () => {
  const { router } = new Bench([traits('a'), traits('b'), traits('c')], 1)
  expect([...router.takeProbes()].sort()).toEqual(['a', 'b', 'c'])
  expect(router.takeProbes()).toEqual([])
  router.sawHead('a', { head: 100, is: 'there' })
  router.sawHead('c', { head: 97, is: 'there' })
  expect(gateOf(router, 'c').tier).toBe('sound')
  router.sawHead('b', { head: 101, is: 'there' })
  router.sawHead('c', { head: 97, is: 'there' })
  for (let times = 0; times < 20; times++) expect(router.order(READ).at(-1)).toBe('c')
  await vi.advanceTimersByTimeAsync(10_000)
  // Some seconds later its own head is higher than what the others told, and says nothing.
  router.sawHead('c', { head: 107, is: 'there' })
  expect(gateOf(router, 'c').tier).toBe('lagging')
  expect(router.takeProbes()).toHaveLength(3)
  router.sawHead('a', { head: 111, is: 'there' })
  router.sawHead('c', { head: 5_000, is: 'there' })
  expect([gateOf(router, 'a').tier, gateOf(router, 'c').tier]).toEqual(['sound', 'sound'])
})

type Sent = { readonly holder: number; readonly name: string; readonly at: number }

class Bench {
  readonly sent: Sent[] = []
  calls = 0
  isAway = false
  /** A holder whose calls are lost. */
  cutOff: string | null = null
  readonly #routers: readonly Router[]
  readonly #traits: readonly EndpointTraits[]
  readonly #storage = nodeStorage()
  #desk: EndpointDesk

  constructor(endpoints: readonly EndpointTraits[], holders: number) {
    this.#traits = endpoints
    this.#desk = this.#newDesk()
    const random = randomFrom(5)
    this.#routers = Array.from(
      { length: holders },
      (_, index) =>
        new Router(endpoints, {
          holder: `isolate ${index}`,
          now: () => unixMs(Date.now()),
          wait: realTimer,
          draw: random,
        }),
    )
  }

  get router(): Router {
    return assertDefined(this.#routers[0], 'there is one')
  }

  get now(): number {
    return Date.now()
  }

  /** All holders send as much as they may to all endpoints. */
  async press(ms: number): Promise<void> {
    const until = Date.now() + ms
    const pressing = this.#routers.flatMap((router, holder) =>
      [...router.gates.values()].map((gate) => this.#press(router, holder, gate, until)),
    )
    await vi.advanceTimersByTimeAsync(ms + 10 * SECOND_MS)
    await Promise.all(pressing)
  }

  async #press(router: Router, holder: number, gate: EndpointGate, until: number): Promise<void> {
    while (Date.now() < until) {
      if (router.isDue) await router.keep(this.#lessor)
      const pass = await gate.enter('read')
      if (typeof pass === 'object') {
        this.sent.push({ holder, name: gate.traits.name, at: Date.now() })
        gate.left(pass, null)
      }
      await realTimer(typeof pass === 'object' ? 1 : 50).done
    }
  }

  /** With a table that cannot be read, should it be lost. */
  restart(hasTable: boolean): void {
    if (!hasTable) this.#storage.sql.exec(`UPDATE endpoint_lease SET leases = 'broken'`)
    this.#desk = this.#newDesk()
  }

  sentTo(name: string): readonly Sent[] {
    return this.sent.filter((one) => one.name === name)
  }

  busiestSecond(name: string): number {
    const times = this.sentTo(name).map(({ at }) => at)
    return Math.max(...times.map((end) => times.filter((at) => at > end - SECOND_MS && at <= end).length))
  }

  readonly #lessor: Lessor = async (request) => {
    this.calls += 1
    if (this.isAway || request.holder === this.cutOff) throw new Error('the object does not answer')
    return this.#desk.lease(request)
  }

  #newDesk(): EndpointDesk {
    return new EndpointDesk({
      storage: this.#storage,
      now: () => unixMs(Date.now()),
      endpoints: () => this.#traits,
    })
  }
}

function traits(name: string, more: Partial<EndpointTraits> = {}): EndpointTraits {
  return {
    name,
    operator: name,
    weight: 1,
    isPrivate: false,
    rate: null,
    capabilities: ALL_CAPABILITIES,
    ...more,
  }
}

function gateOf(router: Router, name: string): EndpointGate {
  return assertDefined(router.gates.get(name), 'it has a gate')
}

async function through(gate: EndpointGate, kind: RequestKind, failure: NodeFailure): Promise<void> {
  const pass = await gate.enter(kind)
  if (typeof pass === 'string') throw new Error(`held back: ${pass}`)
  gate.left(pass, failure)
}

// Guarantee: with endpoints of which one is slow, one fails a fifth of all requests and one lags three blocks, every transfer of
// an account ends once, its nonces have no gap, and no endpoint gets more than its rate; the same where all but one take
// everything and pass nothing on.
//
// 100 from an account that batches, fewer from a plain one; WAYBILL_TRANSFERS asks for more, such as the whole 1,000. Seed and counts are printed.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endpointList } from '../../src/shared/schema/api-endpoints.ts'
import { expectBooksAgree } from '../support/books.ts'
import { Chain } from '../support/chain.ts'
import { Client } from '../support/client.ts'
import type { FaultProxy } from '../support/fault-proxy/fault-proxy.ts'
import { countsOf, type FaultyStack, startFaultyStack } from '../support/faulty-stack.ts'
import { brokenPromises, inChunks, Payer } from '../support/payments.ts'
import { randomFrom, seedOfRun } from '../support/random.ts'
import { SignerLogs } from '../support/signer-logs.ts'

const TRANSFERS = Number(process.env.WAYBILL_TRANSFERS ?? 100)
/** From an account that batches nothing: 16 to a block at most. */
const PLAIN = 32
/** Requests a second of each endpoint: so few that it binds. */
const RATE = 20
const SLOW_MS = 150
const LAG_BLOCKS = 3
const LIMIT_MS = 120_000 + TRANSFERS * 1_500
const SEND = 'eth_sendRawTransaction'

type Trouble = (proxies: readonly [FaultProxy, FaultProxy, FaultProxy]) => void

let stateDir: string

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'waybill-routing-'))
})

afterEach(() => rmSync(stateDir, { recursive: true, force: true }))

const MIXED: Trouble = ([slow, failing, lagging]) => {
  slow.setFaults({ fault: { do: 'delay', ms: SLOW_MS } })
  failing.setFaults({ fault: { do: 'http', status: 503, bytes: 'lost' }, chance: 0.2 })
  lagging.fallBehind(LAG_BLOCKS)
}

test(
  `${TRANSFERS} transfers behind an endpoint that is slow, one that fails and one that lags`,
  async () => {
    const { endpoints } = await payThrough(TRANSFERS, {}, MIXED)
    const [slow, failing] = endpoints
    expect(slow?.latency_ms).toBeGreaterThan(SLOW_MS / 2)
    expect(failing?.faults.http).toBeGreaterThan(0)
  },
  LIMIT_MS,
)

test(
  `${PLAIN} transfers behind the same, one nonce each: the line has no gap`,
  async () => {
    const { nonces } = await payThrough(PLAIN, { delegateFrom: null }, MIXED)
    expect(nonces).toEqual([PLAIN])
  },
  LIMIT_MS,
)

test(
  `${TRANSFERS} transfers behind endpoints that take everything and pass nothing on, all but one`,
  async () => {
    // Two of the three: bytes go to two at first, and a few batches may all pass a single one by.
    const { counts } = await payThrough(TRANSFERS, {}, ([first, second]) => {
      for (const dropping of [first, second]) dropping.setFaults({ fault: { do: 'drop' }, methods: [SEND] })
    })
    expect(counts.drop).toBeGreaterThan(0)
  },
  LIMIT_MS,
)

async function payThrough(count: number, kind: { readonly delegateFrom?: null }, trouble: Trouble) {
  const seed = seedOfRun('routing')
  const tenants = [{ id: 'dev', keys: ['admin'] as const, signers: 1 }]
  const faulty = await startFaultyStack({ stateDir, tenants, ...kind }, randomFrom(seed), { rate: RATE })
  try {
    const { stack, proxies } = faulty
    const [first, second, third] = proxies
    if (first === undefined || second === undefined || third === undefined) throw new Error('three')
    trouble([first, second, third])
    const client = new Client(stack, LIMIT_MS)
    const payer = new Payer(stack, client, `routing-${seed}`, ['none'], LIMIT_MS)
    const startedAt = performance.now()
    payer.begin(count)
    const payments = await payer.all()
    const documents = await inChunks(payments, ({ id }) => client.untilFinal(id))
    const seconds = (performance.now() - startedAt) / 1_000
    const chain = new Chain(stack)
    expect(await brokenPromises(chain, payments, documents)).toEqual([])
    expect(documents.map(({ status }) => status)).toEqual(documents.map(() => 'finalized'))
    const logs = new SignerLogs(stack.dir.runtimeDir)
    await expectBooksAgree(chain, logs)
    const endpoints = await endpointsOf(faulty)
    const counts = countsOf(proxies)
    const busiest = proxies.map(({ busiestSecond }) => busiestSecond)
    console.info(`${count} transfers in ${seconds.toFixed(1)} s; busiest seconds ${busiest}`)
    console.info(
      `faults: ${JSON.stringify(counts)}; requests ${proxies.map((one) => one.counts.get('requests'))}`,
    )
    console.info(JSON.stringify(endpoints))
    for (const requests of busiest) expect(requests).toBeLessThanOrEqual(RATE)
    return { endpoints, counts, nonces: [...logs.nextNonces().values()] }
  } finally {
    await faulty.stop()
  }
}

async function endpointsOf({ stack }: FaultyStack) {
  const { body } = await new Client(stack).call('GET', `/v1/chains/${stack.chain}/endpoints`)
  return endpointList.parse(body).data
}

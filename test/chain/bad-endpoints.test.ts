// Guarantee: one endpoint that misbehaves for good, however it does, neither stops transfers nor decides about them, as
// long as the others are there.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { TransferRequestBody } from '../../src/shared/schema/transfer-request.ts'
import { Chain } from '../support/chain.ts'
import { Client, freshAddress } from '../support/client.ts'
import type { Fault } from '../support/fault-proxy/faults.ts'
import { countsOf, type FaultyStack, startFaultyStack } from '../support/faulty-stack.ts'
import { randomFrom } from '../support/random.ts'

const SENDS = ['eth_sendRawTransaction']
/** Above what is final on the test chain, counted from a block that is mined now. */
const FINALITY_BLOCKS = 8

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-bad-endpoints-'))
let faulty: FaultyStack
let client: Client
let chain: Chain

beforeAll(async () => {
  faulty = await startFaultyStack({ stateDir }, randomFrom(1))
  client = new Client(faulty.stack)
  chain = new Chain(faulty.stack)
})

afterEach(() => {
  for (const proxy of faulty.proxies) {
    proxy.setFaults()
    proxy.fallBehind(0)
  }
})

afterAll(async () => {
  await faulty.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

test('two take all bytes and pass none on: the third one gets them', async () => {
  // First bytes go to two: whichever those are, one of them is among these.
  const [first, second] = faulty.proxies
  for (const proxy of [first, second]) proxy?.setFaults({ fault: { do: 'drop' }, methods: SENDS })
  await expectPaid('black-hole')
  expect(countsOf(faulty.proxies).drop).toBeGreaterThanOrEqual(1)
})

test('the first one is ten blocks behind', async () => {
  faulty.proxies[0]?.fallBehind(10)
  await expectPaid('behind')
})

test('one answers nothing from the first moment on', async () => {
  await restartWith(2, { do: 'hang', bytes: 'lost' })
  await expectPaid('hanging')
})

test('one operator is gone from the first moment on: nothing is final by the word of the other alone', async () => {
  await restartWith(1, { do: 'reset', bytes: 'lost' })
  const { id } = await client.post('alone', request('alone'))
  await client.untilStatus(id, 'confirmed')
  await chain.blocks(FINALITY_BLOCKS)
  expect((await client.get(id)).status).toBe('confirmed')
  faulty.proxies[1]?.setFaults()
  expect((await client.untilFinal(id)).status).toBe('finalized')
})

/** Whatever the runtime knew of the endpoint is gone. */
async function restartWith(index: number, fault: Fault): Promise<void> {
  await faulty.stack.killRuntime()
  faulty.proxies[index]?.setFaults({ fault })
  await faulty.stack.restartRuntime()
}

async function expectPaid(name: string): Promise<void> {
  const { id } = await client.post(name, request(name))
  expect((await client.untilFinal(id)).status).toBe('finalized')
  expect(await chain.received(request(name).action)).toBe(1_000n)
}

function request(name: string): TransferRequestBody {
  const { chain: on, signers } = faulty.stack
  const action = { type: 'native' as const, to: freshAddress(`bad endpoints ${name}`), amount: '1000' }
  return { chain: on, from: signers[0] ?? '', action }
}

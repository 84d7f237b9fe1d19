// Guarantee: what an account has signed others bring, whoever they are: in blocks that it shares with the account's own
// transaction, where the account has no gas, and once, however often it is brought.

import { parseTransaction } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { BatchBench, type Step } from '../support/batch-bench.ts'
import { until } from '../support/chain.ts'
import { sentThrough } from '../support/faulty-stack.ts'

const ETHER = 10n ** 18n
const FUNDS = 10_000n * ETHER
const ACCOUNT = 0
/** It has tokens, and nothing to pay for gas with. */
const PENNILESS = 1
const CARRIERS = [2, 3] as const
const CARRY_FROM = 4
/** Anvil's third account, which nothing here belongs to. */
const STRANGER = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc'
/** `executeSigned`: steps and time of a batch, and its account's signature. */
const SIGNED = '0xcd1472a3'

let bench: BatchBench

beforeAll(async () => {
  bench = await BatchBench.start(4, { carriers: CARRIERS.length, from: CARRY_FROM })
  await bench.delegate(ACCOUNT, PENNILESS)
})

afterEach(async () => {
  await bench.resume()
  for (const carrier of CARRIERS) await setBalance(carrier, FUNDS)
  await bench.expectBooks()
})

afterAll(() => bench.stop())

test('several batches of one account share a block', async () => {
  const { own, steps } = await carried(2 * CARRY_FROM)
  await bench.mine()
  await bench.resume()
  const documents = await bench.expectPaid([...own, ...steps])
  const blocks = new Set(documents.map((document) => document.steps[0]?.block_number))
  const hashes = new Set(documents.map((document) => document.steps[0]?.hash))
  expect([blocks.size, hashes.size]).toEqual([1, 3])
  for (const {
    steps: [step],
  } of documents.slice(1))
    expect(step).toMatchObject({ nonce: null, attempts: [], number: expect.any(Number) })
})

test('what a stranger brings first is paid once, and the carrier’s own transaction does nothing', async () => {
  const { own, steps } = await carried(CARRY_FROM)
  const [brought] = await broughtBytes()
  await bench.chain.rpc('anvil_dropAllTransactions')
  await bench.chain.rpc('anvil_impersonateAccount', STRANGER)
  const transaction = { from: STRANGER, to: bench.signer(ACCOUNT), data: brought, gas: '0x300000' }
  const hash = await bench.chain.rpc('eth_sendTransaction', transaction)
  await bench.mine()
  await bench.resume()
  const documents = await bench.expectPaid(steps)
  expect(documents.map((document) => document.steps[0]?.hash)).toEqual(steps.map(() => hash))
  await bench.expectPaid(own)
  // The carrier brings it all the same, and the books stay what they are.
  await bench.chain.blocks(3)
  expect(await bench.received(steps)).toEqual(steps.map(({ request }) => amountOf(request)))
})

test('an account without gas has its payments brought', async () => {
  await setBalance(PENNILESS, 0n)
  const steps = await bench.postAll([bench.erc20(PENNILESS, 5n), bench.erc20(PENNILESS, 6n)])
  await bench.expectPaid(steps)
  await setBalance(PENNILESS, FUNDS)
})

test('a carrier without funds is passed by, and the other one brings it', async () => {
  await setBalance(CARRIERS[0], 0n)
  const { own, steps } = await carried(CARRY_FROM, 'waiting')
  await bench.resume()
  await bench.expectPaid([...own, ...steps])
})

test('what is wanted back is closed by the account, and the rest of the batch is paid', async () => {
  for (const carrier of CARRIERS) await setBalance(carrier, 0n)
  const { own, steps } = await carried(CARRY_FROM, 'waiting')
  const [unwanted, ...others] = steps
  if (unwanted === undefined) throw new Error('there are steps')
  expect(await bench.cancel(unwanted)).toBe(202)
  await bench.resume()
  await bench.expectPaid(own)
  await bench.expectCanceled([unwanted])
  for (const carrier of CARRIERS) await setBalance(carrier, FUNDS)
  await bench.expectPaid(others)
})

/** Behind a transaction of the account that waits, with mining at rest; `sent`: until the nodes have all of it. */
async function carried(count: number, how: 'sent' | 'waiting' = 'sent') {
  await bench.rest()
  const own = await bench.sent(bench.native(ACCOUNT, 1n))
  const steps: Step[] = []
  for (let group = 0; group < count / CARRY_FROM; group++) {
    const posted = await Promise.all(
      Array.from({ length: CARRY_FROM }, (_, index) =>
        bench.post(index % 2 === 0 ? bench.native(ACCOUNT, 5n) : bench.erc20(ACCOUNT, 6n)),
      ),
    )
    for (const { id } of posted) await bench.client.untilStatus(id, 'signed')
    if (how === 'sent') await until(async () => (await broughtBytes()).length > group)
    steps.push(...posted)
  }
  return { own: own.steps, steps }
}

/** What carriers have in the nodes' pools. */
async function broughtBytes(): Promise<readonly string[]> {
  const pools = await Promise.all(CARRIERS.map((carrier) => bench.pool(bench.signer(carrier))))
  const sent = sentThrough(bench.faulty.proxies)
  return pools
    .flatMap(({ pending, queued }) => [...pending, ...queued])
    .flatMap(({ hash }) => {
      const raw = sent.get(hash)?.raw
      const data = raw === undefined ? undefined : parseTransaction(raw).data
      return data?.startsWith(SIGNED) ? [data] : []
    })
}

function amountOf({ action }: Step['request']): bigint {
  return 'amount' in action ? BigInt(action.amount) : 0n
}

async function setBalance(signer: number, wei: bigint): Promise<void> {
  await bench.chain.rpc('anvil_setBalance', bench.signer(signer), `0x${wei.toString(16)}`)
}

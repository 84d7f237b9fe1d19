// Guarantee: a cancel that comes while the transaction waits in the nodes' pools closes its slot without paying, alone and
// inside a batch; and what was mined all the same is never told as canceled.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { BatchBench, type Gathered, type Step } from '../support/batch-bench.ts'
import { until } from '../support/chain.ts'
import { sentThrough } from '../support/faulty-stack.ts'

const SENDS = ['eth_sendRawTransaction']
const PLAIN = 0
const BATCHING = 1
/** Where what only uses up a nonce goes. */
const NOWHERE = '0x000000000000000000000000000000000000dead'

let bench: BatchBench

beforeAll(async () => {
  bench = await BatchBench.start(2)
  await bench.delegate(BATCHING)
})

afterEach(async () => {
  for (const proxy of bench.faulty.proxies) proxy.setFaults()
  await bench.resume()
  await bench.expectBooks()
})

afterAll(() => bench.stop())

test('alone: a filler uses up the nonce', async () => {
  await bench.rest()
  const { steps, nonce, hash } = await bench.sent(bench.native(PLAIN, 5n))
  expect(await cancelAll(steps)).toEqual([202])
  const filler = await bench.untilReplaced(bench.signer(PLAIN), nonce, hash)
  await bench.resume()
  await bench.expectCanceled(steps)
  expect(await bench.chain.rpc('eth_getTransactionByHash', filler)).toMatchObject({
    to: NOWHERE,
    value: '0x0',
  })
  expect(await cancelAll(steps)).toEqual([200])
})

test('alone, with others above it: they are paid behind the filler', async () => {
  await bench.rest()
  const first = await bench.sent(bench.native(PLAIN, 5n))
  const others = await bench.postAll([bench.native(PLAIN, 6n), bench.erc20(PLAIN, 7n)])
  expect(await cancelAll(first.steps)).toEqual([202])
  await bench.untilReplaced(bench.signer(PLAIN), first.nonce, first.hash)
  await bench.resume()
  await bench.expectCanceled(first.steps)
  await bench.expectPaid(others)
})

test('inside a batch: the other nine are paid', async () => {
  const { steps, nonce, hash } = await gatherTen()
  const [canceled, others] = [steps.slice(3, 4), [...steps.slice(0, 3), ...steps.slice(4)]]
  expect(await cancelAll(canceled)).toEqual([202])
  await bench.untilReplaced(bench.signer(BATCHING), nonce, hash)
  await bench.resume()
  await bench.expectCanceled(canceled)
  await bench.expectPaid(others)
})

test('one after the other inside a batch, up to the last: none is paid', async () => {
  const { steps, nonce, hash } = await gatherTen()
  let newest = hash
  for (const step of steps) {
    expect(await cancelAll([step])).toEqual([202])
    newest = await bench.untilReplaced(bench.signer(BATCHING), nonce, newest)
  }
  await bench.resume()
  await bench.expectCanceled(steps)
})

test('alone: the first bytes are mined after the replacement was sent', async () => {
  await bench.rest()
  const late = await bench.sent(bench.native(PLAIN, 5n))
  await cancelUnheard(late.steps)
  await bench.resume()
  await bench.expectPaid(late.steps)
  await expectNeverToldCanceled(late.steps)
})

test('inside a batch: the first bytes are mined after the replacement was sent', async () => {
  const { steps } = await gatherTen()
  const canceled = steps.slice(8)
  await cancelUnheard(canceled)
  await bench.resume()
  await bench.expectPaid(steps)
  await expectNeverToldCanceled(canceled)
})

function gatherTen(): Promise<Gathered> {
  const ten = Array.from({ length: 10 }, (_, index) =>
    index % 2 === 0 ? bench.native(BATCHING, 5n) : bench.erc20(BATCHING, 6n),
  )
  return bench.gather(BATCHING, ten)
}

function cancelAll(steps: readonly Step[]): Promise<readonly number[]> {
  return Promise.all(steps.map((step) => bench.cancel(step)))
}

/** The endpoints say that they took the replacement, and throw it away: what was sent first is mined. */
async function cancelUnheard(steps: readonly Step[]): Promise<void> {
  const { proxies } = bench.faulty
  for (const proxy of proxies) proxy.setFaults({ fault: { do: 'drop' }, methods: SENDS })
  const before = sentThrough(proxies).size
  expect(await cancelAll(steps)).toEqual(steps.map(() => 202))
  await until(async () => sentThrough(proxies).size > before)
}

async function expectNeverToldCanceled(steps: readonly Step[]): Promise<void> {
  for (const { id } of steps) {
    const records = await bench.client.follow(id, ({ status }) => status === 'finalized')
    const kinds = records.map(({ record }) => record.kind)
    expect(kinds).toContain('withdraw_refused')
    expect(kinds).not.toContain('canceled')
    expect((await bench.client.cancel(id, 'once-more')).body.code).toBe('cancel_too_late')
  }
}

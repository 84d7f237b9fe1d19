// Guarantee (design rule 13, S36, R16): a private transfer is paid, canceled, hurried and taken up after a crash as any other, and
// no public endpoint ever hears of it: neither its bytes, nor those that replace them, nor what is asked of it before it
// is signed.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { TransferRequestBody } from '../../src/shared/schema/transfer-request.ts'
import { BatchBench } from '../support/batch-bench.ts'
import { until } from '../support/chain.ts'
import { sentThrough } from '../support/faulty-stack.ts'

const PUBLIC = 0
/** More than the window of 16, and than would make an account delegate. */
const MANY = 24

let bench: BatchBench
/** What the public endpoints were asked. */
const heard: string[] = []
/** Recipients and hashes that nobody may have heard of: lower case, without a prefix. */
const secrets = new Set<string>()

beforeAll(async () => {
  bench = await BatchBench.start(1, undefined, 1)
  for (const proxy of bench.faulty.proxies) proxy.overhear((request) => heard.push(request.toLowerCase()))
})

afterEach(async () => {
  for (const proxy of bench.faulty.hidden) proxy.setFaults()
  await bench.resume()
  await bench.expectBooks()
  const told = heard.join('\n')
  expect([...secrets].filter((secret) => told.includes(secret))).toEqual([])
})

afterAll(() => bench.stop())

test(`${MANY} at once: one transaction each from a line without a gap, beside public ones`, async () => {
  const steps = await bench.postAll([
    ...Array.from({ length: MANY }, (_, index) => hiddenPayment(BigInt(index + 1))),
    bench.native(PUBLIC, 5n),
  ])
  const documents = await bench.expectPaid(steps)
  const nonces = documents.slice(0, MANY).map(({ steps: [step] }) => step?.nonce)
  expect(nonces.toSorted((one, other) => Number(one) - Number(other))).toEqual(
    Array.from({ length: MANY }, (_, index) => index),
  )
  const open = documents[MANY]?.steps[0]?.hash ?? ''
  expect([...sentThrough(bench.faulty.hidden).keys()]).not.toContain(open)
  // That they would have been heard.
  expect([...sentThrough(bench.faulty.proxies).keys()]).toContain(open)
  const { action } = steps[MANY]?.request ?? hiddenPayment(1n)
  expect(heard.join('')).toContain('to' in action ? action.to.slice(2).toLowerCase() : null)
})

test('a token payment: its trial run is private, too', async () => {
  const { action } = bench.erc20(PUBLIC, 7n)
  await bench.expectPaid(await bench.postAll([hidden({ ...bench.native(PUBLIC, 1n), action })]))
})

test('canceled in its slot: the filler goes the same way', async () => {
  await bench.rest()
  const { steps, nonce, hash } = await bench.sent(hiddenPayment(5n))
  expect(await Promise.all(steps.map((step) => bench.cancel(step)))).toEqual([202])
  const filler = await bench.untilReplaced(from(), nonce, hash)
  secrets.add(filler.slice(2))
  await bench.resume()
  await bench.expectCanceled(steps)
})

test('hurried: the better offer goes the same way', async () => {
  await bench.rest()
  const { steps, nonce, hash } = await bench.sent(hiddenPayment(5n))
  const [step] = steps
  const path = `/v1/transfers/${step?.id}/speed-up`
  const { status } = await bench.client.call('POST', path, undefined, { 'idempotency-key': 'sooner' })
  expect(status).toBe(202)
  secrets.add((await bench.untilReplaced(from(), nonce, hash)).slice(2))
  await bench.resume()
  await bench.expectPaid(steps)
})

test('no private endpoint answers: it waits, and goes when one does', async () => {
  for (const proxy of bench.faulty.hidden)
    proxy.setFaults({ fault: { do: 'http', status: 503, bytes: 'lost' } })
  const requests = () =>
    bench.faulty.hidden.reduce((sum, { counts }) => sum + (counts.get('requests') ?? 0), 0)
  const before = requests()
  const step = await bench.post(hiddenPayment(9n))
  await until(async () => requests() > before)
  await bench.expectPaid([await bench.post(bench.native(PUBLIC, 4n))])
  expect((await bench.client.get(step.id)).status).toBe('queued')
  for (const proxy of bench.faulty.hidden) proxy.setFaults()
  await bench.expectPaid([step])
})

test('the runtime is killed while it waits in a pool, and the pool forgets it: it is handed out again, to the same', async () => {
  await bench.rest()
  const { steps } = await bench.sent(hiddenPayment(6n))
  await bench.faulty.stack.killRuntime()
  await bench.chain.rpc('anvil_dropAllTransactions')
  await bench.faulty.stack.restartRuntime()
  await bench.resume()
  await bench.expectPaid(steps)
})

test('from a pool: the private signer of it is chosen, and the public one for what is not private', async () => {
  const pool = { from: 'pool:all' } as const
  const steps = await bench.postAll([
    { ...hiddenPayment(3n), ...pool },
    { ...bench.native(PUBLIC, 3n), ...pool },
  ])
  const documents = await bench.expectPaid(steps)
  expect(documents.map(({ steps: [step] }) => step?.signer?.toLowerCase())).toEqual([
    from(),
    bench.signer(PUBLIC),
  ])
})

test('what cannot be private is refused, and leaves nothing behind', async () => {
  const actions = [{ type: 'native' as const, to: from(), amount: '1' }]
  const wrong: readonly [TransferRequestBody, string][] = [
    [hidden({ ...bench.native(PUBLIC, 1n), action: { type: 'batch', actions } }), 'batch_not_private'],
    [{ ...hidden(bench.native(PUBLIC, 1n)), from: bench.signer(PUBLIC) }, 'visibility_of_sender'],
    [{ ...bench.native(PUBLIC, 1n), from: from() }, 'visibility_of_sender'],
  ]
  for (const [index, [request, code]] of wrong.entries()) {
    const answer = await bench.client.call('POST', '/v1/transfers', request, {
      'idempotency-key': `wrong-${index}`,
    })
    expect([answer.status, answer.body]).toEqual([400, expect.objectContaining({ code })])
  }
})

function from(): string {
  const [signer] = bench.faulty.stack.privateSigners
  if (signer === undefined) throw new Error('there is a private signer')
  return signer
}

function hiddenPayment(amount: bigint): TransferRequestBody {
  return hidden(bench.native(PUBLIC, amount))
}

function hidden(request: TransferRequestBody): TransferRequestBody {
  const { action } = request
  if ('to' in action) secrets.add(action.to.slice(2).toLowerCase())
  return { ...request, from: from(), visibility: 'private' }
}

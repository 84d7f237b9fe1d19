// Guarantee: each step of a batch has an end of its own, whatever becomes of the others; a batch that the nodes lost goes out
// again, and one that the account cannot pay in full goes as far as the money reaches.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { BatchBench } from '../support/batch-bench.ts'
import { freshAddress } from '../support/client.ts'

const ETHER = 10n ** 18n
const FUNDS = 10_000n * ETHER
const BATCHING = 0
const PLAIN = 1
/** They spend what they have. */
const SPENDERS = [2, 3, 4] as const

let bench: BatchBench

beforeAll(async () => {
  bench = await BatchBench.start(5)
  await bench.delegate(BATCHING, ...SPENDERS)
})

afterEach(async () => {
  await bench.resume()
  await bench.expectBooks()
})

afterAll(() => bench.stop())

test('ten transfers, native and ERC-20, share one transaction', async () => {
  const { steps } = await bench.gather(BATCHING, ten())
  await bench.resume()
  const documents = await bench.expectPaid(steps)
  expect(new Set(documents.map((document) => document.steps[0]?.hash)).size).toBe(1)
})

test('a call that reverts inside a batch fails alone', async () => {
  const { token } = bench.faulty.stack
  const [, spender] = SPENDERS
  const tokens = await bench.chain.tokenBalance(token, bench.signer(spender))
  const takers = [freshAddress('first taker'), freshAddress('second taker')] as const
  // Each alone would succeed; the second finds nothing left.
  const [first, second] = takers.map((to) => take(spender, to, tokens))
  if (first === undefined || second === undefined) throw new Error('there are two takers')
  const others = [bench.native(spender, 5n), bench.native(spender, 6n)] as const
  const { steps } = await bench.gather(spender, [others[0], first, second, others[1]])
  await bench.resume()
  const documents = await bench.final(steps)
  expect(documents.map(({ status, status_reason }) => [status, status_reason])).toEqual([
    ['finalized', null],
    ['finalized', null],
    ['failed', 'reverted'],
    ['finalized', null],
  ])
  expect(await Promise.all(takers.map((to) => bench.chain.tokenBalance(token, to)))).toEqual([tokens, 0n])
  const paid = steps.filter(({ request }) => request.action.type === 'native')
  expect(await bench.received(paid)).toEqual([5n, 6n])
})

test('a step that failed inside a batch goes once more, alone and under no number, where it asked for that', async () => {
  const { chain, token } = bench.faulty.stack
  const [spender] = SPENDERS
  const tokens = await bench.chain.tokenBalance(token, bench.signer(spender))
  // Enough for one; with half of it given back, for both.
  const each = (tokens * 3n) / 4n
  const takers = [freshAddress('third taker'), freshAddress('fourth taker')] as const
  const [first, second] = takers.map((to) => take(spender, to, each))
  if (first === undefined || second === undefined) throw new Error('there are two takers')
  const { steps } = await bench.gather(spender, [first, { ...second, on_failure: 'retry' }])
  await bench.mine()
  // Meanwhile there is enough again.
  const amount = (tokens / 2n).toString()
  const action = { type: 'erc20' as const, token, to: bench.signer(spender), amount }
  await bench.sent({ chain, from: bench.signer(BATCHING), action })
  await bench.mine()
  await bench.resume()
  const documents = await bench.final(steps)
  expect(documents.map(({ status, steps: [step] }) => [status, step?.generation, step?.number])).toEqual([
    ['finalized', 0, expect.any(Number)],
    ['finalized', 1, null],
  ])
  expect(await Promise.all(takers.map((to) => bench.chain.tokenBalance(token, to)))).toEqual([each, each])
})

test('a transfer that asks for it goes alone, and the others share a transaction', async () => {
  const action = { type: 'native' as const, to: freshAddress('alone'), amount: '5' }
  const alone = bench.native(BATCHING, 5n, { action, batch: 'never' })
  const [first, ...rest] = ten()
  if (first === undefined) throw new Error('there are ten')
  const steps = await bench.gatherWaiting(BATCHING, [first, alone, ...rest])
  await bench.resume()
  const hashes = (await bench.expectPaid(steps)).map((document) => document.steps[0]?.hash)
  expect(hashes.filter((hash) => hash === hashes[1])).toHaveLength(1)
  const mined = await bench.chain.rpc('eth_getTransactionByHash', hashes[1])
  expect(mined).toMatchObject({ to: freshAddress('alone'), value: '0x5' })
})

test('a batch that the nodes dropped goes out again, the same bytes, and is paid once', async () => {
  const { steps, nonce, hash } = await bench.gather(BATCHING, ten())
  await bench.chain.rpc('anvil_dropAllTransactions')
  expect(await bench.pooledHash(bench.signer(BATCHING), nonce)).toBe(null)
  expect(await bench.untilReplaced(bench.signer(BATCHING), nonce, '')).toBe(hash)
  await bench.resume()
  const documents = await bench.expectPaid(steps)
  expect(documents.map((document) => document.steps[0]?.attempts.length)).toEqual(steps.map(() => 1))
})

test('plain transactions that the nodes dropped go out again, and each is paid once', async () => {
  await bench.rest()
  const steps = await bench.postAll([
    bench.native(PLAIN, 5n),
    bench.erc20(PLAIN, 6n),
    bench.native(PLAIN, 7n),
  ])
  const slots = await Promise.all(steps.map((step) => bench.slotOf(step)))
  await bench.chain.rpc('anvil_dropAllTransactions')
  for (const { nonce, hash } of slots)
    expect(await bench.untilReplaced(bench.signer(PLAIN), nonce, '')).toBe(hash)
  await bench.resume()
  const documents = await bench.expectPaid(steps)
  expect(documents.map((document) => document.steps[0]?.attempts.length)).toEqual([1, 1, 1])
})

test('a batch takes what the balance covers, the rest is held for funds, and a refill lets it go', async () => {
  const [spender] = SPENDERS
  const each = Array.from({ length: 8 }, () => bench.native(spender, ETHER))
  await setBalance(spender, (ETHER * 55n) / 10n)
  const waiting = await bench.gatherWaiting(spender, each)
  await bench.resume()
  const [fitting, held] = [waiting.slice(0, 5), waiting.slice(5)]
  await bench.expectPaid(fitting)
  for (const { id } of held) {
    const { status, status_reason } = await bench.client.get(id)
    expect([status, status_reason]).toEqual(['held', 'funds'])
  }
  expect(await bench.received(held)).toEqual(held.map(() => 0n))
  await setBalance(spender, FUNDS)
  await bench.expectPaid(held)
})

test('a lone transfer of an account that batches may take nearly all that it has', async () => {
  const [, , spender] = SPENDERS
  await setBalance(spender, 10n * ETHER)
  const step = await bench.post(bench.native(spender, 9n * ETHER))
  await bench.expectPaid([step])
})

function ten() {
  return Array.from({ length: 10 }, (_, index) =>
    index % 2 === 0 ? bench.native(BATCHING, 5n) : bench.erc20(BATCHING, 6n),
  )
}

/** transfer(address,uint256) as a call of its own, which no budget counts. */
function take(signer: number, to: string, tokens: bigint) {
  const words = [BigInt(to), tokens].map((word) => word.toString(16).padStart(64, '0'))
  const action = { type: 'call' as const, to: bench.faulty.stack.token, data: `0xa9059cbb${words.join('')}` }
  return { chain: bench.faulty.stack.chain, from: bench.signer(signer), action }
}

async function setBalance(signer: number, wei: bigint): Promise<void> {
  await bench.chain.rpc('anvil_setBalance', bench.signer(signer), `0x${wei.toString(16)}`)
}

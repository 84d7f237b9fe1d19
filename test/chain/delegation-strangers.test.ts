// Guarantee: whatever others do with the key of an account that batches, or with its authorization, and whatever a reorg
// undoes of its delegation, each step is paid once.

import { parseTransaction, type SignedAuthorizationList, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { BatchBench, type Step } from '../support/batch-bench.ts'
import { freshAddress } from '../support/client.ts'
import { keyOf } from '../support/signer-key.ts'
import { ANVIL_KEY } from '../unit/adapters/anvil.ts'

const GWEI = 1_000_000_000n
const CHAIN_ID = 31_337
/** Blocks after which what is mined now is final on the test chain, and one more. */
const FINALITY_BLOCKS = 6
const BATCHING = 0
const ROBBED = 1
/** Never used before their test. */
const [REPLAYED, REPLAYED_LATE, UNDONE, UNDONE_WITH_BATCH, UNDONE_AND_TAKEN] = [2, 3, 4, 5, 6] as const

let bench: BatchBench

beforeAll(async () => {
  bench = await BatchBench.start(7)
  await bench.delegate(BATCHING, ROBBED)
})

afterEach(async () => {
  await bench.resume()
  await bench.expectBooks()
})

afterAll(() => bench.stop())

test('a stranger takes the nonce of a batch: its steps are paid once, by a later one', async () => {
  const { steps, nonce } = await bench.gather(BATCHING, ten(BATCHING))
  await sendAsStranger(BATCHING, nonce)
  await bench.resume()
  await bench.expectPaid(steps)
  await expectClosedAt(steps, nonce)
})

test('a stranger takes the nonce of a batch and the delegation away: it is delegated anew', async () => {
  const { steps, nonce } = await bench.gather(ROBBED, ten(ROBBED))
  const thief = privateKeyToAccount(keyOf(bench.faulty.stack, bench.signer(ROBBED)))
  const nothing = { address: zeroAddress, chainId: CHAIN_ID, nonce: nonce + 1 }
  await sendAsStranger(ROBBED, nonce, [await thief.signAuthorization(nothing)])
  await bench.mine()
  expect(await bench.delegateOf(ROBBED)).toBe(null)
  await bench.resume()
  await bench.expectPaid(steps)
  await expectClosedAt(steps, nonce)
  expect(await bench.delegateOf(ROBBED)).toBe(bench.faulty.stack.executor)
})

test('a stranger brings our authorization, whose transaction was replaced', async () => {
  const { steps, authorizations } = await replacedDelegation(REPLAYED)
  await replay(authorizations)
  await bench.mine()
  expect(await bench.delegateOf(REPLAYED)).toBe(bench.faulty.stack.executor)
  await bench.resume()
  await bench.expectPaid(steps)
})

test('and brings it when our next transaction waits at the nonce that it takes', async () => {
  const { steps, authorizations, nonce } = await replacedDelegation(REPLAYED_LATE)
  await bench.mine(FINALITY_BLOCKS)
  await bench.untilReplaced(bench.signer(REPLAYED_LATE), nonce + 1, '')
  await replay(authorizations)
  await bench.mine()
  expect(await bench.chain.transactionCount(bench.signer(REPLAYED_LATE))).toBe(nonce + 2)
  await bench.resume()
  await bench.expectPaid(steps)
})

test('a reorg undoes the delegation below a batch that was sent', async () => {
  const { steps, nonce } = await waitingDelegation(UNDONE)
  await bench.mine()
  await bench.untilReplaced(bench.signer(UNDONE), nonce + 2, '')
  await reorg(1)
  expect(await bench.delegateOf(UNDONE)).toBe(null)
  await bench.resume()
  await bench.expectPaid(steps)
  expect(await bench.delegateOf(UNDONE)).toBe(bench.faulty.stack.executor)
})

test('a reorg undoes the delegation and the batch above it', async () => {
  const { steps, nonce } = await waitingDelegation(UNDONE_WITH_BATCH)
  await bench.mine()
  await bench.untilReplaced(bench.signer(UNDONE_WITH_BATCH), nonce + 2, '')
  await bench.mine()
  await Promise.all(steps.map(({ id }) => bench.client.untilStatus(id, 'mined', 'confirmed')))
  await reorg(2)
  expect(await bench.chain.transactionCount(bench.signer(UNDONE_WITH_BATCH))).toBe(nonce)
  await bench.resume()
  await bench.expectPaid(steps)
})

test('a reorg undoes the delegation, and a stranger takes its nonce: the batch above it is mined and does nothing', async () => {
  const { steps, nonce } = await waitingDelegation(UNDONE_AND_TAKEN)
  await bench.mine()
  await bench.untilReplaced(bench.signer(UNDONE_AND_TAKEN), nonce + 2, '')
  await reorg(1)
  bench.withoutEvidence += 1
  await sendAsStranger(UNDONE_AND_TAKEN, nonce)
  await bench.resume()
  await bench.expectPaid(steps)
})

function ten(signer: number) {
  return Array.from({ length: 10 }, (_, index) =>
    index % 2 === 0 ? bench.native(signer, 5n) : bench.erc20(signer, 6n),
  )
}

/** Mining rests, and the first transaction of an account waits in the pools: it delegates. */
async function waitingDelegation(signer: number) {
  await bench.rest()
  const nonce = await bench.chain.transactionCount(bench.signer(signer))
  const steps = await bench.postMany(signer)
  const hash = await bench.untilReplaced(bench.signer(signer), nonce, '')
  const transaction = parseTransaction(bench.rawOf(hash))
  if (transaction.type !== 'eip7702') throw new Error(`${hash} does not delegate`)
  return { steps, nonce, authorizations: transaction.authorizationList }
}

/** By somebody with the key; in a block. */
async function replacedDelegation(signer: number) {
  const waiting = await waitingDelegation(signer)
  await sendAsStranger(signer, waiting.nonce)
  await bench.mine()
  expect(await bench.delegateOf(signer)).toBe(null)
  return waiting
}

/** With the signer's key, for more than any of ours bids. */
async function sendAsStranger(
  signer: number,
  nonce: number,
  authorizationList: SignedAuthorizationList = [],
): Promise<void> {
  await send(keyOf(bench.faulty.stack, bench.signer(signer)), nonce, authorizationList)
}

/** By an account that has nothing to do with ours. */
async function replay(authorizations: SignedAuthorizationList): Promise<void> {
  const { address } = privateKeyToAccount(ANVIL_KEY)
  await send(ANVIL_KEY, await bench.chain.transactionCount(address), authorizations)
}

/** To the node itself: it enforces no rules. */
async function send(
  key: `0x${string}`,
  nonce: number,
  authorizationList: SignedAuthorizationList,
): Promise<void> {
  const to = `0x${freshAddress('of a stranger').slice(2)}` as const
  const fees = { gas: 100_000n, maxFeePerGas: 200n * GWEI, maxPriorityFeePerGas: 100n * GWEI }
  const common = { chainId: CHAIN_ID, nonce, to, value: 1n, ...fees }
  const account = privateKeyToAccount(key)
  const raw =
    authorizationList.length === 0
      ? await account.signTransaction({ type: 'eip1559', ...common })
      : await account.signTransaction({ type: 'eip7702', ...common, authorizationList })
  await bench.chain.rpc('eth_sendRawTransaction', raw)
}

async function reorg(depth: number): Promise<void> {
  await bench.chain.rpc('anvil_reorg', depth, [])
}

async function expectClosedAt(steps: readonly Step[], nonce: number): Promise<void> {
  for (const { id } of steps) {
    const records = await bench.client.follow(id, ({ status }) => status === 'finalized')
    const closed = records.filter(({ record }) => record.kind === 'closed')
    expect(closed.map(({ record }) => record.nonce)).toEqual([nonce])
  }
}

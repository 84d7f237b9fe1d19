// Guarantee: whose authorizations a block carries is what their signatures say, on this chain; nothing in a tuple makes the
// block unreadable, and nobody can make reading it take long.

import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AUTHORIZATIONS_MOST } from '../../../src/shared/adapters/block-authorizations.ts'
import { JsonRpcNode } from '../../../src/shared/adapters/json-rpc-node.ts'
import type { BlockAuthorization } from '../../../src/shared/chain/block.ts'
import { address } from './chain-values.ts'
import { BLOCK, healthy, rawBlock, rawTransaction } from './healthy-answers.ts'
import { eachItem, RpcServer } from './rpc-server.ts'
import { addressOf, keyOf } from './signing/key-service.ts'

const CHAIN = 5
const CODE = address('c0')
const ALICE = keyOf(11)
const BOB = keyOf(12)
const ORDER_HALF = `0x7${'f'.repeat(63)}`

let server: RpcServer
beforeAll(async () => {
  server = await RpcServer.start()
})
afterAll(() => server.stop())

test('each with its authority, whoever sent the transaction', async () => {
  const list = [await tuple(ALICE, 3), await tuple(BOB, 0, 0)]
  expect(await readBoth([list, [], [await tuple(ALICE, 4)]])).toEqual([
    [
      { authority: addressOf(ALICE), nonce: 3 },
      { authority: addressOf(BOB), nonce: 0 },
    ],
    [],
    [{ authority: addressOf(ALICE), nonce: 4 }],
  ])
})

test('the parity may have its old name, and numbers may be short', async () => {
  const { yParity, ...rest } = await tuple(ALICE, 3)
  expect(await readBoth([[{ ...rest, v: yParity }]])).toEqual([[{ authority: addressOf(ALICE), nonce: 3 }]])
})

test('what counts for nothing is left out, and what stands beside it stays', async () => {
  const good = await tuple(ALICE, 3)
  const bad = [
    await tuple(BOB, 1, CHAIN + 1),
    { ...good, chainId: `0x${'f'.repeat(64)}` },
    { ...good, nonce: '0xffffffffffffffff' },
    { ...good, yParity: '0xff' },
    { ...good, s: `0x${'f'.repeat(64)}` },
    { ...good, r: '0x0' },
    { ...good, r: ORDER_HALF, s: '0x0' },
  ]
  expect(await readBoth([[...bad, good]])).toEqual([[{ authority: addressOf(ALICE), nonce: 3 }]])
})

test('a changed tuple is of somebody else', async () => {
  const [[authorization] = []] = await readBoth([[{ ...(await tuple(ALICE, 3)), nonce: '0x4' }]])
  expect(authorization?.authority).not.toBe(addressOf(ALICE))
})

test('a block is read no further than the limit', async () => {
  const good = await tuple(ALICE, 3)
  const lists = await readBoth([[good], Array.from({ length: 2 * AUTHORIZATIONS_MOST }, () => good), [good]])
  expect(lists.map((list) => list.length)).toEqual([1, AUTHORIZATIONS_MOST - 1, 0])
})

/** As nodes tell it. */
async function tuple(key: `0x${string}`, nonce: number, chainId = CHAIN) {
  const signed = await privateKeyToAccount(key).signAuthorization({ address: CODE, chainId, nonce })
  const { r, s, yParity = 0 } = signed
  const short = (word: string) => `0x${BigInt(word).toString(16)}`
  return {
    chainId: `0x${chainId.toString(16)}`,
    address: CODE,
    nonce: `0x${nonce.toString(16)}`,
    yParity: `0x${yParity}`,
    r: short(r),
    s: short(s),
  }
}

/** By transaction; the head and the block by its hash say the same. */
async function readBoth(
  lists: readonly (readonly unknown[])[],
): Promise<readonly (readonly BlockAuthorization[])[]> {
  const transactions = lists.map((authorizationList) => {
    return { ...rawTransaction, type: '0x4', chainId: `0x${CHAIN.toString(16)}`, authorizationList }
  })
  server.answers(
    eachItem((asked) =>
      asked.method === 'eth_getBlockByHash' || asked.params[0] === 'latest'
        ? { result: { ...rawBlock, transactions } }
        : healthy(asked),
    ),
  )
  const node = new JsonRpcNode({ name: 'odd', operator: 'them', url: server.url })
  const [heads, block] = [await node.heads(), await node.blockByHash(BLOCK.hash)]
  if (!heads.ok || !block.ok) throw new Error(JSON.stringify([heads, block]))
  expect(block.value).toEqual(heads.value.head)
  return heads.value.head.transactions.map(({ authorizations }) => authorizations)
}

// Guarantee: an endpoint that is old, odd, lying or broken is understood or refused, never half believed.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { JsonRpcNode } from '../../../src/shared/adapters/json-rpc-node.ts'
import { MOST_EVIDENCE_LOGS, MOST_LOG_DATA_BYTES } from '../../../src/shared/adapters/json-rpc-schema.ts'
import { TRANSFER_TOPIC } from '../../../src/shared/signer/evidence/evidence.ts'
import { address, blockHash, word } from './chain-values.ts'
import {
  BLOCK,
  HASH,
  healthy,
  OTHER_HASH,
  OWNER,
  rawBlock,
  rawReceipt,
  rawTransaction,
  TOKEN,
} from './healthy-answers.ts'
import { type Answerer, eachItem, type ItemAnswer, json, RpcServer } from './rpc-server.ts'

let server: RpcServer
let node: JsonRpcNode

beforeAll(async () => {
  server = await RpcServer.start()
})
afterAll(() => server.stop())
beforeEach(() => {
  node = new JsonRpcNode({ name: 'odd', operator: 'them', url: server.url })
})

describe('heads', () => {
  test('come in one exchange, in the words of the domain', async () => {
    server.answers(eachItem(healthy))
    expect(await node.heads()).toEqual({
      ok: true,
      value: {
        head: {
          ...BLOCK,
          parent_hash: blockHash('0d'),
          at: 101_000,
          base_fee_per_gas: 100n,
          transactions: [{ hash: HASH, from: OWNER, nonce: 7, to: null, value: 10n, authorizations: [] }],
        },
        finalized: { number: 1, hash: BLOCK.hash },
      },
    })
    expect(server.requests.length).toBe(1)
  })

  test.each<[string, ItemAnswer]>([
    ['null', { result: null }],
    ['-39001', { error: { code: -39001, message: 'Unknown block' } }],
    ['unknown block', { error: { code: -32000, message: 'unknown block' } }],
    ['an unknown tag', { error: { code: -32602, message: 'invalid block tag' } }],
  ])('without the finalized tag (%s) have no finalized block', async (_, answer) => {
    server.answers(eachItem((asked) => (asked.params[0] === 'finalized' ? answer : healthy(asked))))
    expect(await node.heads()).toMatchObject({ ok: true, value: { head: BLOCK, finalized: null } })
  })

  test('of a chain without base fee have none', async () => {
    const { baseFeePerGas: _, ...block } = rawBlock
    server.answers(eachItem((asked) => (asked.params[0] === 'latest' ? { result: block } : healthy(asked))))
    expect(await node.heads()).toMatchObject({ ok: true, value: { head: { base_fee_per_gas: null } } })
  })

  test.each<[string, unknown]>([
    ['no block', null],
    ['a block that is still pending', { ...rawBlock, hash: null }],
    ['a short hash', { ...rawBlock, parentHash: '0x12' }],
    ['a number that is no number', { ...rawBlock, number: '0xzz' }],
    ['a number beyond what is safe', { ...rawBlock, number: '0x20000000000000' }],
    ['a time beyond the calendar', { ...rawBlock, timestamp: '0x3fffffffff' }],
    ['hashes instead of transactions', { ...rawBlock, transactions: [HASH] }],
    ['no transactions', { ...rawBlock, transactions: undefined }],
    ['a transaction without sender', { ...rawBlock, transactions: [{ ...rawTransaction, from: undefined }] }],
    [
      'a value of more than 256 bits',
      { ...rawBlock, transactions: [{ ...rawTransaction, value: `0x1${'0'.repeat(64)}` }] },
    ],
  ])('with %s are malformed', async (_, block) => {
    server.answers(eachItem((asked) => (asked.params[0] === 'latest' ? { result: block } : healthy(asked))))
    expect(await node.heads()).toMatchObject({ ok: false, error: { reason: 'malformed' } })
  })
})

test('a block under another hash or number than asked for is malformed', async () => {
  server.answers(eachItem(healthy))
  expect(await node.blockByHash(blockHash('77'))).toMatchObject({ error: { reason: 'malformed' } })
  expect(await node.blockByNumber(17)).toMatchObject({ error: { reason: 'malformed' } })
  expect(await node.blockByNumber(16)).toEqual({ ok: true, value: BLOCK })
})

test.each(['Unknown block', 'block not found: latest', 'header not found'])(
  'a refusal %s is a block that is not there',
  async (message) => {
    server.answers(eachItem(() => ({ error: { code: -32000, message } })))
    expect(await node.blockByHash(BLOCK.hash)).toEqual({ ok: true, value: null })
  },
)

describe('an endpoint without batches', () => {
  const refusing: Answerer = (asked, response, isBatch) => {
    if (isBatch) json(response, { id: null, error: { code: -32600, message: 'batches are not allowed' } })
    else eachItem(healthy)(asked, response, isBatch)
  }

  test('is asked one by one, and not with a batch again', async () => {
    server.answers(refusing)
    expect(await node.heads()).toMatchObject({ ok: true, value: { head: BLOCK } })
    expect(server.requests.map((asked) => asked.length)).toEqual([2, 1, 1])
    await node.heads()
    expect(server.requests.map((asked) => asked.length)).toEqual([2, 1, 1, 1, 1])
  })

  test('is asked with a batch again when it refused everything: the batch was not the reason', async () => {
    const error = { code: -32005, message: 'rate limit exceeded' }
    server.answers((asked, response, isBatch) => json(response, { id: isBatch ? null : asked[0]?.id, error }))
    expect(await node.heads()).toMatchObject({ error: { reason: 'rpc', code: -32005 } })
    server.answers(eachItem(healthy))
    await node.heads()
    expect(server.requests.map((asked) => asked.length)).toEqual([2])
  })
})

describe('receipts', () => {
  test('come by block hash, others of the block are not looked at', async () => {
    server.answers(eachItem(() => ({ result: [{ transactionHash: OTHER_HASH, odd: true }, rawReceipt] })))
    expect(await node.receipts(BLOCK, [HASH])).toMatchObject({
      ok: true,
      value: [{ hash: HASH, gas_used: 21_000n }],
    })
    expect(server.requests[0]?.[0]).toMatchObject({ method: 'eth_getBlockReceipts', params: [BLOCK.hash] })
  })

  test('come one by one where the node has no other method, which is remembered', async () => {
    server.answers(
      eachItem((asked) => {
        const isNew = asked.method === 'eth_getBlockReceipts'
        return isNew
          ? { error: { code: -32601, message: 'the method does not exist/is not available' } }
          : healthy(asked)
      }),
    )
    expect(await node.receipts(BLOCK, [HASH])).toMatchObject({ ok: true, value: [{ hash: HASH }] })
    await node.receipts(BLOCK, [HASH])
    expect(server.requests.map(([first]) => first?.method)).toEqual([
      'eth_getBlockReceipts',
      'eth_getTransactionReceipt',
      'eth_getTransactionReceipt',
    ])
  })

  test.each<[string, unknown]>([
    ['none', []],
    ['no block', null],
    ['of another block', [{ ...rawReceipt, blockHash: blockHash('77') }]],
    ['of another number', [{ ...rawReceipt, blockNumber: '0x11' }]],
    ['without status', [{ ...rawReceipt, status: undefined }]],
    ['without price', [{ ...rawReceipt, effectiveGasPrice: undefined }]],
    ['not a list', { ...rawReceipt }],
  ])('that are %s are malformed', async (_, result) => {
    server.answers(eachItem(() => ({ result })))
    expect(await node.receipts(BLOCK, [HASH])).toMatchObject({ ok: false, error: { reason: 'malformed' } })
  })

  test('a flood of logs is bounded and does not push out those of the contract that was called', async () => {
    const flood = { address: address('66'), topics: [TRANSFER_TOPIC], data: word('2') }
    const own = { ...flood, address: TOKEN, data: word('1') }
    const long = { ...flood, data: `0x${'00'.repeat(2 * MOST_LOG_DATA_BYTES)}` }
    const logs = [long, ...Array.from({ length: 2 * MOST_EVIDENCE_LOGS }, () => flood), own]
    server.answers(eachItem(() => ({ result: [{ ...rawReceipt, logs }] })))
    const receipts = await node.receipts(BLOCK, [HASH])
    const kept = receipts.ok ? (receipts.value[0]?.logs ?? []) : []
    expect(kept.length).toBe(MOST_EVIDENCE_LOGS)
    expect(kept.at(-1)).toEqual(own)
    expect(kept[0]?.data.length).toBe(2 + 2 * MOST_LOG_DATA_BYTES)
  })
})

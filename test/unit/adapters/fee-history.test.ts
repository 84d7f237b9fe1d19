// Guarantee: of fees an endpoint is believed what is whole; one without a history tells one price, and one that fails nothing.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { JsonRpcNode } from '../../../src/shared/adapters/json-rpc-node.ts'
import { healthy, rawBlock } from './healthy-answers.ts'
import { type Asked, eachItem, type ItemAnswer, RpcServer } from './rpc-server.ts'

let server: RpcServer
let node: JsonRpcNode

beforeAll(async () => {
  server = await RpcServer.start()
})
afterAll(() => server.stop())
beforeEach(() => {
  node = new JsonRpcNode({ name: 'odd', operator: 'them', url: server.url })
})

const HISTORY = {
  oldestBlock: '0xe',
  baseFeePerGas: ['0x64', '0x65', '0x66', '0x67'],
  gasUsedRatio: [0.25, 0, 1],
  reward: [
    ['0x1', '0x2', '0x3', '0x4', '0x5'],
    ['0x0', '0x0', '0x0', '0x0', '0x0'],
    ['0x7', '0x7', '0x7', '0x7', '0x7'],
  ],
}

function tells(answer: ItemAnswer, block: unknown = rawBlock): void {
  server.answers(
    eachItem((asked: Asked) => {
      if (asked.method === 'eth_feeHistory') return answer
      return asked.method === 'eth_getBlockByNumber' ? { result: block } : healthy(asked)
    }),
  )
}

test('blocks are told with ratio and tips, and an empty block has none', async () => {
  tells({ result: HISTORY })
  expect(await node.fees(3)).toEqual({
    ok: true,
    value: {
      kind: 'base_fee',
      history: {
        blocks: [
          { number: 14, base_fee: 100n, gas_ratio: 0.25, tips: [1n, 2n, 3n, 4n, 5n] },
          { number: 15, base_fee: 101n, gas_ratio: 0, tips: [] },
          { number: 16, base_fee: 102n, gas_ratio: 1, tips: [7n, 7n, 7n, 7n, 7n] },
        ],
        next_base_fee: 103n,
      },
    },
  })
})

test('a node that tells no tips is believed on the rest', async () => {
  tells({ result: { ...HISTORY, reward: null } })
  expect(await node.fees(3)).toMatchObject({ value: { history: { next_base_fee: 103n } } })
})

test.each([
  ['with a base fee too few', { ...HISTORY, baseFeePerGas: ['0x1', '0x2', '0x3'] }],
  ['with nothing', { ...HISTORY, baseFeePerGas: [], gasUsedRatio: [] }],
  ['that begins nowhere', { ...HISTORY, oldestBlock: null }],
  ['with a ratio below nothing', { ...HISTORY, gasUsedRatio: [0.5, -1, 1] }],
  ['longer than anybody asked for', longHistory(1_025)],
  ['that is no history', 'soon'],
])('one %s is malformed', async (_, result) => {
  tells({ result })
  expect(await node.fees(3)).toMatchObject({ ok: false, error: { reason: 'malformed' } })
})

test('a node without the method, and a chain without base fees, have one price', async () => {
  tells({ error: { code: -32601, message: 'the method eth_feeHistory does not exist' } })
  expect(await node.fees(3)).toEqual({ ok: true, value: { kind: 'legacy', gas_price: 21_000n } })
  const { baseFeePerGas: _, ...block } = rawBlock
  tells({ result: HISTORY }, block)
  expect(await node.fees(3)).toEqual({ ok: true, value: { kind: 'legacy', gas_price: 21_000n } })
})

test('a node that only fails now is not taken for one without the method', async () => {
  tells({ error: { code: -32005, message: 'limit exceeded' } })
  expect(await node.fees(3)).toMatchObject({ ok: false, error: { reason: 'rpc', code: -32005 } })
})

function longHistory(blocks: number) {
  return {
    oldestBlock: '0x1',
    baseFeePerGas: Array.from({ length: blocks + 1 }, () => '0x1'),
    gasUsedRatio: Array.from({ length: blocks }, () => 0.5),
  }
}

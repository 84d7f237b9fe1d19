// Guarantee: a signer plans on what the node said, and silence is never taken for a verdict.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeBalanceOf } from '../../../src/shared/adapters/encode-action.ts'
import { encodeDoneBits } from '../../../src/shared/adapters/encode-execute.ts'
import { JsonRpcNode } from '../../../src/shared/adapters/json-rpc-node.ts'
import { hex, word } from './chain-values.ts'
import { healthy, OWNER, rawBlock, TOKEN } from './healthy-answers.ts'
import { eachItem, type ItemAnswer, RpcServer } from './rpc-server.ts'

let server: RpcServer
let node: JsonRpcNode

beforeAll(async () => {
  server = await RpcServer.start()
})
afterAll(() => server.stop())
beforeEach(() => {
  node = new JsonRpcNode({ name: 'odd', operator: 'them', url: server.url })
})

describe('the account of a signer', () => {
  const query = {
    address: OWNER,
    tokens: [TOKEN],
    words: [3n],
    estimates: [{ from: OWNER, to: TOKEN, data: hex('0x'), value: 0n }],
  }

  test('takes the next base fee, and the tip that nine of ten blocks would have taken', async () => {
    const tips = ['0x0', '0x9', '0x2', '0x0', '0x3', '0x1', '0x1', '0x1', '0x1', '0x64', '0x0']
    const result = {
      baseFeePerGas: [...tips.map(() => '0x5'), '0x64'],
      // Nobody was in the last one: it says nothing.
      gasUsedRatio: [...tips.slice(1).map(() => 0.5), 0],
      reward: tips.map((tip) => [tip]),
    }
    server.answers(eachItem((asked) => (asked.method === 'eth_feeHistory' ? { result } : healthy(asked))))
    expect(await node.signerAccount(query)).toMatchObject({
      ok: true,
      value: {
        fees: { next_base_fee: 100n, priority_fee: 9n },
        room: { gas_limit: 36_000_000n, gas_used: 21_000n },
        token_balances: [9n],
        code: { kind: 'none' },
        used: new Map([[3n, 9n]]),
        estimates: [{ ok: true, gas: 21_000n }],
      },
    })
  })

  test('offers the least where nobody paid anything', async () => {
    const result = { baseFeePerGas: ['0x1', '0x64'], reward: [['0x0']] }
    server.answers(eachItem((asked) => (asked.method === 'eth_feeHistory' ? { result } : healthy(asked))))
    expect(await node.signerAccount(query)).toMatchObject({
      value: { fees: { next_base_fee: 100n, priority_fee: 1n } },
    })
  })

  test('takes the gas price on a chain without base fee', async () => {
    const { baseFeePerGas: _, ...block } = rawBlock
    server.answers(
      eachItem((asked) => {
        if (asked.method === 'eth_getBlockByNumber') return { result: block }
        if (asked.method === 'eth_feeHistory') return { error: { code: -32601, message: 'Method not found' } }
        return asked.method === 'eth_gasPrice' ? { result: '0x3e8' } : healthy(asked)
      }),
    )
    expect(await node.signerAccount(query)).toMatchObject({
      value: { fees: { next_base_fee: 0n, priority_fee: 1_000n } },
    })
  })

  test.each<[string, ItemAnswer, boolean]>([
    ['code 3', { error: { code: 3, message: 'oops' } }, true],
    ['its text', { error: { code: -32000, message: 'execution reverted: no' } }, true],
    ['its data', { error: { code: -32015, message: 'VM execution error.', data: 'Reverted 0x' } }, true],
    ['neither', { error: { code: -32000, message: 'insufficient funds for transfer' } }, false],
    ['a limit', { error: { code: -32005, message: 'rate limit exceeded' } }, false],
  ])('tells a revert in an estimate by %s', async (_, answer, reverted) => {
    server.answers(eachItem((asked) => (asked.method === 'eth_estimateGas' ? answer : healthy(asked))))
    expect(await node.signerAccount(query)).toMatchObject({ value: { estimates: [{ ok: false, reverted }] } })
  })

  test.each<[string, ItemAnswer]>([
    ['no code', { result: '0x' }],
    ['two words', { result: `${word('1')}${'00'.repeat(32)}` }],
    ['a revert', { error: { code: 3, message: 'execution reverted' } }],
    ['an invalid opcode', { error: { code: -32000, message: 'invalid opcode: INVALID' } }],
  ])('has no balance of a token, and no used numbers, where the answer is %s', async (_, answer) => {
    server.answers(eachItem((asked) => (asked.method === 'eth_call' ? answer : healthy(asked))))
    expect(await node.signerAccount(query)).toMatchObject({
      value: { token_balances: [null], used: new Map() },
    })
  })

  test.each([
    'eth_call',
    'eth_getBalance',
    'eth_getCode',
    'eth_getTransactionCount',
    'eth_feeHistory',
    'eth_getBlockByNumber',
  ])('is a failure when the node did not answer %s: no answer is not a verdict', async (method) => {
    const error = { code: -32005, message: 'rate limit exceeded' }
    server.answers(eachItem((asked) => (asked.method === method ? { error } : healthy(asked))))
    expect(await node.signerAccount(query)).toMatchObject({
      ok: false,
      error: { reason: 'rpc', code: -32005 },
    })
  })

  test('asks its own address for used numbers', async () => {
    server.answers(eachItem(healthy))
    await node.signerAccount({ ...query, words: [3n, 2n ** 56n - 1n] })
    const calls = server.requests.flat().filter(({ method }) => method === 'eth_call')
    expect(calls.map(({ params }) => params[0])).toEqual([
      { to: TOKEN, data: encodeBalanceOf(OWNER) },
      { to: OWNER, data: encodeDoneBits(3n) },
      { to: OWNER, data: encodeDoneBits(2n ** 56n - 1n) },
    ])
  })

  test('has a delegation by the code that nodes show for it', async () => {
    const result = `0xEF0100${TOKEN.slice(2).toUpperCase()}`
    server.answers(eachItem((asked) => (asked.method === 'eth_getCode' ? { result } : healthy(asked))))
    expect(await node.signerAccount(query)).toMatchObject({
      value: { code: { kind: 'delegated', to: TOKEN } },
    })
  })

  test('asks for many in several batches', async () => {
    server.answers(eachItem(healthy))
    const many = { ...query, tokens: Array.from({ length: 150 }, () => TOKEN) }
    expect(await node.signerAccount(many)).toMatchObject({ ok: true, value: { latest_nonce: 21_000 } })
    expect(server.requests.map((asked) => asked.length)).toEqual([100, 59])
  })
})

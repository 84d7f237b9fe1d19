// Guarantee: on a real node, what the port promises is what the chain says.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeAction } from '../../../src/shared/adapters/encode-action.ts'
import { JsonRpcNode } from '../../../src/shared/adapters/json-rpc-node.ts'
import { SecretKeySigner } from '../../../src/shared/adapters/signing/secret-key-signer.ts'
import type { Block } from '../../../src/shared/chain/block.ts'
import { isChainId } from '../../../src/shared/chain/chain-id.ts'
import type { Inclusion } from '../../../src/shared/chain/receipt.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import type { NodeResult } from '../../../src/shared/ports/chain-node.ts'
import type { SignedTransaction, UnsignedTransaction } from '../../../src/shared/ports/transaction-signer.ts'
import { judge, TRANSFER_TOPIC } from '../../../src/shared/signer/evidence/evidence.ts'
import type { SingleAction } from '../../../src/shared/transfer/request.ts'
import { ANVIL_ADDRESS, ANVIL_KEY, type Anvil, startAnvil } from './anvil.ts'
import { address, blockHash, hex } from './chain-values.ts'

const GWEI = 1_000_000_000n
const OWNER = ANVIL_ADDRESS
const RECIPIENT = address('22')
const NOBODY = address('99')

/** revert(0, 0). */
const REVERTER = { at: address('aa'), code: '0x60006000fd' }
/** Answers every call with the word 7 and does nothing: a token that takes a transfer without moving anything. */
const IDLE_TOKEN = { at: address('bb'), code: '0x600760005260206000f3' }
/** LOG0, then Transfer(caller, first argument, second argument), and answers 1. */
const TOKEN = {
  at: address('cc'),
  code: `0x60006000a0602435600052600435337f${TRANSFER_TOPIC.slice(2)}60206000a3600160005260206000f3`,
}

let anvil: Anvil
let node: JsonRpcNode
let nonce = 0
const signer = SecretKeySigner.parse('KEYS', JSON.stringify({ [OWNER]: ANVIL_KEY }))

beforeAll(async () => {
  anvil = await startAnvil('--slots-in-an-epoch', '1')
  node = new JsonRpcNode({ name: 'real', operator: 'us', url: anvil.url })
  for (const { at, code } of [REVERTER, IDLE_TOKEN, TOKEN]) await anvil.ask('anvil_setCode', at, code)
})
afterAll(() => anvil.stop())

test('the chain is the one of the endpoint', async () => {
  expect(await node.chainReference()).toEqual({ ok: true, value: 31337 })
})

describe('blocks', () => {
  test('the head has its transactions, the finalized block trails', async () => {
    const { raw, hash } = await signed({ type: 'native', to: RECIPIENT, amount: 5n })
    expect(await node.broadcast(raw, hash)).toEqual({ class: 'accepted', endpoint: 'real', detail: null })
    await anvil.ask('anvil_mine', '0x1')
    const { head, finalized } = value(await node.heads())
    expect(head.transactions).toEqual([
      { hash, from: OWNER, nonce: nonce - 1, to: RECIPIENT, value: 5n, authorizations: [] },
    ])
    expect(head.base_fee_per_gas).toBeGreaterThan(0n)
    expect(finalized?.number).toBeLessThan(head.number)
    expect(value(await node.blockByHash(head.hash))).toEqual(head)
    expect(value(await node.blockByNumber(head.number))).toEqual({ number: head.number, hash: head.hash })
    expect(value(await node.blockByHash(head.parent_hash))?.number).toBe(head.number - 1)
  })

  test('a block that is not there is null, not a failure', async () => {
    expect(await node.blockByHash(blockHash('77'))).toEqual({ ok: true, value: null })
    expect(await node.blockByNumber(1_000_000)).toEqual({ ok: true, value: null })
  })
})

describe('evidence', () => {
  test.each<{ readonly action: SingleAction; readonly expected: unknown }>([
    {
      action: { type: 'native', to: RECIPIENT, amount: 7n },
      expected: { outcome: 'success', delivered_amount: 7n },
    },
    {
      action: { type: 'erc20', token: TOKEN.at, to: RECIPIENT, amount: 100n },
      expected: { outcome: 'success', delivered_amount: 100n },
    },
    {
      action: { type: 'erc20', token: IDLE_TOKEN.at, to: RECIPIENT, amount: 100n },
      expected: { outcome: 'no_effect' },
    },
    {
      action: { type: 'erc20', token: REVERTER.at, to: RECIPIENT, amount: 100n },
      expected: { outcome: 'reverted' },
    },
    {
      action: { type: 'call', to: TOKEN.at, data: hex('0x'), value: 0n },
      expected: { outcome: 'success', delivered_amount: null },
    },
  ])('of $action.type to its outcome $expected.outcome', async ({ action, expected }) => {
    const { inclusion } = await mined(action)
    expect(judge(action, OWNER, inclusion)).toEqual(expected)
    expect(inclusion.receipt.gas_used).toBeGreaterThan(0n)
  })

  test('only logs that can be evidence are kept', async () => {
    const { inclusion } = await mined({ type: 'erc20', token: TOKEN.at, to: RECIPIENT, amount: 1n })
    expect(inclusion.receipt.logs.map((log) => log.topics[0])).toEqual([TRANSFER_TOPIC])
  })

  test('receipts are of the block that was asked for, or malformed', async () => {
    const { block, inclusion } = await mined({ type: 'native', to: RECIPIENT, amount: 1n })
    const parent = { number: block.number - 1, hash: block.parent_hash }
    const failed = await node.receipts(parent, [inclusion.receipt.hash])
    expect(failed).toMatchObject({ ok: false, error: { reason: 'malformed' } })
    expect(await node.receipts(parent, [])).toEqual({ ok: true, value: [] })
  })
})

describe('the account of a signer', () => {
  test('is told in one answer, with what each step would use', async () => {
    const data = encodeAction({ type: 'erc20', token: TOKEN.at, to: RECIPIENT, amount: 1n }).data
    const account = value(
      await node.signerAccount({
        address: OWNER,
        tokens: [IDLE_TOKEN.at, NOBODY, REVERTER.at],
        words: [0n],
        estimates: [
          { from: OWNER, to: RECIPIENT, data: hex('0x'), value: 1n },
          { from: OWNER, to: TOKEN.at, data, value: 0n },
          { from: OWNER, to: REVERTER.at, data: hex('0x'), value: 0n },
        ],
      }),
    )
    const { head } = value(await node.heads())
    expect(account.at).toEqual({ number: head.number, hash: head.hash })
    expect(account.balance).toBeGreaterThan(9_000n * GWEI * GWEI)
    expect([account.latest_nonce, account.pending_nonce]).toEqual([nonce, nonce])
    expect(account.token_balances).toEqual([7n, null, null])
    expect([account.code, account.used]).toEqual([{ kind: 'none' }, new Map()])
    const [transfer, call, revert] = account.estimates
    expect(transfer).toEqual({ ok: true, gas: 21_000n })
    expect(call).toMatchObject({ ok: true })
    expect(revert).toMatchObject({ ok: false, reverted: true })
    expect(account.fees.next_base_fee).toBeGreaterThan(0n)
    expect(account.fees.priority_fee).toBeGreaterThan(0n)
  })

  test('a transaction in the pool moves the pending nonce, and the priority fee follows what others paid', async () => {
    const { raw, hash } = await signed({ type: 'native', to: RECIPIENT, amount: 1n }, { tip: 3n * GWEI })
    await node.broadcast(raw, hash)
    const waiting = value(await node.signerAccount({ address: OWNER, tokens: [], words: [], estimates: [] }))
    expect(waiting.pending_nonce - waiting.latest_nonce).toBe(1)
    await anvil.ask('anvil_mine', '0x1')
    // Five blocks with one payer each: more than a tenth of those that count.
    for (let block = 0; block < 5; block++)
      await mined({ type: 'native', to: RECIPIENT, amount: 1n }, { tip: 3n * GWEI })
    const after = value(await node.signerAccount({ address: OWNER, tokens: [], words: [], estimates: [] }))
    expect(after.fees.priority_fee).toBe(3n * GWEI)
    expect(after.pending_nonce).toBe(after.latest_nonce)
  })
})

describe('broadcasting', () => {
  test('the same bytes again are known, and a question once they are mined', async () => {
    const { raw, hash } = await signed({ type: 'native', to: RECIPIENT, amount: 1n })
    expect((await node.broadcast(raw, hash)).class).toBe('accepted')
    expect((await node.broadcast(raw, hash)).class).toBe('known')
    await anvil.ask('anvil_mine', '0x1')
    expect((await node.broadcast(raw, hash)).class).toBe('nonce_used')
  })

  test.each<[string, Partial<UnsignedTransaction>]>([
    ['funds', { value: 10n ** 30n }],
    ['invalid', { gas_limit: 20_000n }],
    ['invalid', { gas_limit: 60_000_000n }],
  ])('a refusal is %s', async (expected, change) => {
    const { raw, hash } = await signed(
      { type: 'native', to: RECIPIENT, amount: 1n },
      { change, isSent: false },
    )
    const outcome = await node.broadcast(raw, hash)
    expect(outcome).toMatchObject({ class: expected, endpoint: 'real' })
    expect(outcome.detail).not.toBeNull()
  })

  test('a cheaper transaction for a slot that is held says so', async () => {
    const dear = await signed({ type: 'native', to: RECIPIENT, amount: 1n }, { tip: 2n * GWEI })
    await node.broadcast(dear.raw, dear.hash)
    const change = { nonce: nonce - 1, max_fee_per_gas: 2n * GWEI }
    const cheap = await signed({ type: 'native', to: RECIPIENT, amount: 2n }, { change, isSent: false })
    expect((await node.broadcast(cheap.raw, cheap.hash)).class).toBe('held_slot')
    await anvil.ask('anvil_mine', '0x1')
  })

  test('bytes of another chain are invalid, garbage is invalid', async () => {
    const foreign = 'eip155:1'
    if (!isChainId(foreign)) throw new Error('not a chain')
    const other = await signed(
      { type: 'native', to: RECIPIENT, amount: 1n },
      { change: { chain: foreign }, isSent: false },
    )
    expect((await node.broadcast(other.raw, other.hash)).class).toBe('invalid')
    expect((await node.broadcast(hex('0x02deadbeef'), other.hash)).class).toBe('invalid')
  })

  test('a hash that is not ours is unclear', async () => {
    const { raw } = await signed({ type: 'native', to: RECIPIENT, amount: 1n })
    const other = await signed({ type: 'native', to: RECIPIENT, amount: 2n }, { isSent: false })
    expect(await node.broadcast(raw, other.hash)).toEqual({
      class: 'unclear',
      endpoint: 'real',
      detail: 'the node answered another hash',
    })
    await anvil.ask('anvil_mine', '0x1')
  })
})

type Terms = {
  readonly tip?: bigint
  readonly change?: Partial<UnsignedTransaction>
  readonly isSent?: boolean
}

async function signed(
  action: SingleAction,
  { tip = GWEI, change = {}, isSent = true }: Terms = {},
): Promise<SignedTransaction> {
  const chain = 'eip155:31337'
  if (!isChainId(chain)) throw new Error('not a chain')
  const answer = await signer.sign(OWNER, {
    chain,
    nonce,
    ...encodeAction(action),
    gas_limit: 100_000n,
    max_fee_per_gas: 20n * GWEI,
    max_priority_fee_per_gas: tip,
    authorization: null,
    ...change,
  })
  if (!answer.ok) throw new Error(answer.error.reason)
  if (isSent) nonce++
  return answer.value
}

async function mined(
  action: SingleAction,
  terms: Terms = {},
): Promise<{ readonly block: Block; readonly inclusion: Inclusion }> {
  const { raw, hash } = await signed(action, terms)
  expect((await node.broadcast(raw, hash)).class).toBe('accepted')
  await anvil.ask('anvil_mine', '0x1')
  const { head } = value(await node.heads())
  const transaction = assertDefined(
    head.transactions.find((entry) => entry.hash === hash),
    'it was mined',
  )
  const [receipt] = value(await node.receipts(head, [hash]))
  const { to, value: moved } = transaction
  return {
    block: head,
    inclusion: {
      nonce: transaction.nonce,
      to,
      value: moved,
      receipt: assertDefined(receipt, 'it has a receipt'),
    },
  }
}

function value<T>(result: NodeResult<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

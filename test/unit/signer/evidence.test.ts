// Guarantee: a transfer is called done only on evidence that value moved, and evidence is not overlooked.

import { toEventSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../../src/shared/chain/address.ts'
import type { Inclusion, Log } from '../../../src/shared/chain/receipt.ts'
import {
  judge,
  TRANSFER_BATCH_TOPIC,
  TRANSFER_SINGLE_TOPIC,
  TRANSFER_TOPIC,
} from '../../../src/shared/signer/evidence/evidence.ts'
import type { Erc20Action, NativeAction } from '../../../src/shared/transfer/request.ts'
import { address, blockHash, hex, txHash, word } from '../adapters/chain-values.ts'

const FROM = address('11')
const TO = address('22')
const TOKEN = address('33')
const STRANGER = address('44')

const native: NativeAction = { type: 'native', to: TO, amount: 5n }
const erc20: Erc20Action = { type: 'erc20', token: TOKEN, to: TO, amount: 100n }

describe('native', () => {
  test('the mined bytes moved the value', () => {
    expect(judge(native, FROM, inclusion({ to: TO, value: 5n }))).toEqual({
      outcome: 'success',
      delivered_amount: 5n,
    })
  })

  test.each([
    ['another recipient', { to: STRANGER, value: 5n }],
    ['another amount', { to: TO, value: 4n }],
    ['a creation', { to: null, value: 5n }],
  ])('%s is no effect', (_, mined) => {
    expect(judge(native, FROM, inclusion(mined))).toEqual({ outcome: 'no_effect' })
  })

  test('a revert is a revert', () => {
    expect(judge(native, FROM, inclusion({ to: TO, value: 5n, status: 'reverted' }))).toEqual({
      outcome: 'reverted',
    })
  })
})

describe('erc20', () => {
  test.each<[string, readonly Log[], bigint]>([
    ['the amount', [transferLog(FROM, TO, 100n)], 100n],
    ['less, where the token takes a fee', [transferLog(FROM, STRANGER, 3n), transferLog(FROM, TO, 97n)], 97n],
    ['the amount, with an odd log before it', [transferLog(FROM, TO, 3n), transferLog(FROM, TO, 100n)], 100n],
    ['the sum, where the token splits', [transferLog(FROM, TO, 60n), transferLog(FROM, TO, 39n)], 99n],
    ['the amount, with addresses that are not indexed', [plainTransferLog(FROM, TO, 100n)], 100n],
    ['the amount, with more data than needed', [longTransferLog(FROM, TO, 100n)], 100n],
  ])('delivered: %s', (_, logs, delivered_amount) => {
    expect(judge(erc20, FROM, inclusion({ to: TOKEN, value: 0n, logs }))).toEqual({
      outcome: 'success',
      delivered_amount,
    })
  })

  test.each<[string, readonly Log[]]>([
    ['no log', []],
    ['a log of another token', [{ ...transferLog(FROM, TO, 100n), address: STRANGER }]],
    ['a transfer from somebody else', [transferLog(STRANGER, TO, 100n)]],
    ['a transfer to somebody else', [transferLog(FROM, STRANGER, 100n)]],
    [
      'another event',
      [{ ...transferLog(FROM, TO, 100n), topics: [word('ff'), word(FROM.slice(2)), word(TO.slice(2))] }],
    ],
    ['an ERC-721 transfer of the id 100', [nftLog(FROM, TO, 100n)]],
    ['a transfer of nothing', [transferLog(FROM, TO, 0n)]],
    ['a log without an amount', [{ ...transferLog(FROM, TO, 100n), data: hex('0x') }]],
    ['an address with dirty upper bytes', [dirtyLog(FROM, TO, 100n)]],
  ])('not delivered: %s', (_, logs) => {
    expect(judge(erc20, FROM, inclusion({ to: TOKEN, value: 0n, logs }))).toEqual({ outcome: 'no_effect' })
  })

  test('logs of a reverted transaction prove nothing', () => {
    const logs = [transferLog(FROM, TO, 100n)]
    expect(judge(erc20, FROM, inclusion({ to: TOKEN, value: 0n, logs, status: 'reverted' }))).toEqual({
      outcome: 'reverted',
    })
  })
})

test('a call is done when it did not revert; nothing is counted', () => {
  const call = { type: 'call', to: TO, data: hex('0x1234'), value: 0n } as const
  expect(judge(call, FROM, inclusion({ to: TO, value: 0n }))).toEqual({
    outcome: 'success',
    delivered_amount: null,
  })
})

test('the topics are the hashes of the events', () => {
  expect(TRANSFER_TOPIC).toBe(toEventSelector('Transfer(address,address,uint256)'))
  expect(TRANSFER_SINGLE_TOPIC).toBe(
    toEventSelector('TransferSingle(address,address,address,uint256,uint256)'),
  )
  expect(TRANSFER_BATCH_TOPIC).toBe(
    toEventSelector('TransferBatch(address,address,address,uint256[],uint256[])'),
  )
})

type Mined = {
  readonly to: Address | null
  readonly value: bigint
  readonly logs?: readonly Log[]
  readonly status?: 'success' | 'reverted'
}

function inclusion({ to, value, logs = [], status = 'success' }: Mined): Inclusion {
  const receipt = {
    hash: txHash('aa'),
    block_number: 1,
    block_hash: blockHash('bb'),
    status,
    gas_used: 21_000n,
    effective_gas_price: 1n,
    logs,
  }
  return { nonce: 0, to, value, receipt }
}

function transferLog(from: Address, to: Address, amount: bigint): Log {
  return {
    address: TOKEN,
    topics: [hex(TRANSFER_TOPIC), word(from.slice(2)), word(to.slice(2))],
    data: word(amount.toString(16)),
  }
}

function plainTransferLog(from: Address, to: Address, amount: bigint): Log {
  const words = [word(from.slice(2)), word(to.slice(2)), word(amount.toString(16))]
    .map((text) => text.slice(2))
    .join('')
  return { address: TOKEN, topics: [hex(TRANSFER_TOPIC)], data: hex(`0x${words}`) }
}

function longTransferLog(from: Address, to: Address, amount: bigint): Log {
  const log = transferLog(from, to, amount)
  return { ...log, data: hex(`${log.data}${'00'.repeat(32)}`) }
}

function nftLog(from: Address, to: Address, id: bigint): Log {
  const topics = [hex(TRANSFER_TOPIC), word(from.slice(2)), word(to.slice(2)), word(id.toString(16))]
  return { address: TOKEN, topics, data: hex('0x') }
}

function dirtyLog(from: Address, to: Address, amount: bigint): Log {
  const dirty = hex(`0x${'01'.repeat(12)}${to.slice(2)}`)
  return { ...transferLog(from, to, amount), topics: [hex(TRANSFER_TOPIC), word(from.slice(2)), dirty] }
}

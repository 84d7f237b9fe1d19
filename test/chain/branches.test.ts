// What can befall one transfer on a real chain, each from the API to the chain and back.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Chain, until } from '../support/chain.ts'
import { Client, freshAddress } from '../support/client.ts'
import { keyOf } from '../support/signer-key.ts'
import { type Stack, startStack } from '../support/stack.ts'

const ETHER = 10n ** 18n

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-branches-'))
let stack: Stack
let client: Client
let chain: Chain
let from: string

beforeAll(async () => {
  stack = await startStack({ stateDir })
  client = new Client(stack)
  chain = new Chain(stack)
  from = stack.signers[0] ?? ''
})

afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

const native = (to: string, amount: bigint) => ({
  chain: stack.chain,
  from,
  action: { type: 'native' as const, to, amount: amount.toString() },
})

it('a transfer above the balance is held for funds, others pass it by, and it goes on when the signer is funded', async () => {
  const to = freshAddress('funds')
  const before = await chain.balance(from)
  const held = await client.post('funds', native(to, before + ETHER))
  expect((await client.untilStatus(held.id, 'held')).status_reason).toBe('funds')
  const other = await client.post('funds-other', native(freshAddress('funds-other'), 1n))
  expect((await client.untilFinal(other.id)).status).toBe('finalized')
  expect((await client.get(held.id)).status).toBe('held')
  await chain.rpc('anvil_setBalance', from, `0x${(before + 3n * ETHER).toString(16)}`)
  expect((await client.untilFinal(held.id)).status).toBe('finalized')
  expect(await chain.balance(to)).toBe(before + ETHER)
  await chain.rpc('anvil_setBalance', from, `0x${(10_000n * ETHER).toString(16)}`)
})

it('an ERC-20 transfer above the token balance is held for funds and costs no gas', async () => {
  const count = await chain.transactionCount(from)
  const tokens = await chain.tokenBalance(stack.token, from)
  const { id } = await client.post('token-funds', {
    chain: stack.chain,
    from,
    action: {
      type: 'erc20',
      token: stack.token,
      to: freshAddress('token-funds'),
      amount: (tokens + 1n).toString(),
    },
  })
  expect((await client.untilStatus(id, 'held')).status_reason).toBe('funds')
  expect((await client.cancel(id, 'c')).status).toBe(200)
  expect(await chain.transactionCount(from)).toBe(count)
})

it('a canceled transfer is never paid; the same command again is the same answer, another one a conflict', async () => {
  const to = freshAddress('cancel')
  const { id } = await client.post('cancel', { ...native(to, 5n), not_before: '2999-01-01T00:00:00Z' })
  expect((await client.untilStatus(id, 'held')).status_reason).toBe('not_before')
  const first = await client.cancel(id, 'one')
  expect([first.status, first.body.status]).toEqual([200, 'canceled'])
  const again = await client.cancel(id, 'one')
  expect([again.status, again.body]).toEqual([200, first.body])
  expect((await client.cancel(id, 'two')).status).toBe(409)
  await chain.blocks(2)
  expect(await chain.balance(to)).toBe(0n)
})

it('a cancel that comes when it is mined is refused, leaves nothing behind, and the transfer is paid', async () => {
  const to = freshAddress('late-cancel')
  const { id } = await client.post('late-cancel', native(to, 7n))
  await client.untilStatus(id, 'mined', 'confirmed')
  const late = await client.cancel(id, 'late')
  expect([late.status, late.body.code]).toEqual([409, 'cancel_too_late'])
  const records = await client.follow(id, ({ status }) => status === 'finalized')
  expect(records.some(({ record }) => record.kind === 'withdraw_requested')).toBe(false)
  expect(await chain.balance(to)).toBe(7n)
})

it('a held transfer expires at its deadline and is never paid', async () => {
  const to = freshAddress('deadline')
  const deadline = new Date(Date.now() + 3_000).toISOString()
  const { id } = await client.post('deadline', {
    ...native(to, 9n),
    not_before: '2999-01-01T00:00:00Z',
    deadline,
  })
  expect((await client.untilFinal(id)).status).toBe('expired')
  expect(await chain.balance(to)).toBe(0n)
})

it('a transfer waits for its time, then goes by itself', async () => {
  const start = Date.now() + 3_000
  const { id } = await client.post('not-before', {
    ...native(freshAddress('not-before'), 1n),
    not_before: new Date(start).toISOString(),
  })
  const records = await client.follow(id, ({ record }) => record.kind === 'signed')
  expect(Date.parse(records.at(-1)?.at ?? '')).toBeGreaterThanOrEqual(start)
  expect((await client.untilFinal(id)).status).toBe('finalized')
})

it('a call that would revert fails unsigned, and costs no gas and no nonce', async () => {
  const count = await chain.transactionCount(from)
  // transfer(address,uint256) of more than the signer has: the token reverts.
  const data = `0xa9059cbb${'0'.repeat(24)}${'11'.repeat(20)}${'f'.repeat(64)}`
  const { id } = await client.post('would-revert', {
    chain: stack.chain,
    from,
    action: { type: 'call', to: stack.token, data },
  })
  const document = await client.untilFinal(id)
  expect([document.status, document.status_reason]).toEqual(['failed', 'would_revert'])
  expect(await chain.transactionCount(from)).toBe(count)
})

it('a transfer that asks for three confirmations is confirmed at the third block, before it is final', async () => {
  const { id } = await client.post('confirmations', {
    ...native(freshAddress('confirmations'), 1n),
    confirmations: 3,
  })
  const records = await client.follow(id, ({ status }) => status === 'finalized')
  const kinds = records.map(({ record }) => record.kind)
  expect(kinds.slice(-3)).toEqual(['mined', 'confirmed', 'finalized'])
  const confirmed = records.find(({ record }) => record.kind === 'confirmed')
  expect(Number(confirmed?.record.confirmations)).toBeGreaterThanOrEqual(3)
})

it('a transaction that the node dropped goes out again, the same bytes, and is paid once', async () => {
  await chain.rpc('evm_setIntervalMining', 0)
  const to = freshAddress('evicted')
  const { id } = await client.post('evicted', native(to, 11n))
  const records = await client.follow(id, ({ record }) => record.kind === 'broadcast')
  await chain.rpc('anvil_dropTransaction', records.at(-1)?.record.hash)
  await until(async () => (await chain.rpc('eth_getTransactionByHash', records.at(-1)?.record.hash)) !== null)
  await chain.rpc('evm_setIntervalMining', 1)
  const document = await client.untilFinal(id)
  expect(document.steps[0]?.attempts).toHaveLength(1)
  expect(await chain.balance(to)).toBe(11n)
})

it('a mined transfer whose block is undone is told as orphaned, mined again, and paid once', async () => {
  const to = freshAddress('reorg')
  const { id } = await client.post('reorg', native(to, 13n))
  await client.follow(id, ({ record }) => record.kind === 'mined')
  await chain
    .rpc('anvil_reorg', { depth: 2, tx_block_pairs: [] })
    .catch(() => chain.rpc('anvil_reorg', 2, []))
  const records = await client.follow(id, ({ status }) => status === 'finalized')
  expect(records.map(({ record }) => record.kind)).toContain('orphaned')
  expect(await chain.balance(to)).toBe(13n)
})

it('a stranger who uses the key takes the slot: it is closed, and the step is admitted again and paid once', async () => {
  const signer = stack.signers[1] ?? ''
  await chain.rpc('evm_setIntervalMining', 0)
  const to = freshAddress('stranger')
  const { id } = await client.post('stranger', { ...native(to, 17n), from: signer })
  const [signed] = (await client.follow(id, ({ record }) => record.kind === 'broadcast')).filter(
    ({ record }) => record.kind === 'signed',
  )
  const nonce = Number(signed?.record.nonce)
  await chain.rpc('eth_sendRawTransaction', await strangersBytes(signer, nonce))
  await chain.rpc('evm_setIntervalMining', 1)
  const records = await client.follow(id, ({ status }) => status === 'finalized')
  expect(records.filter(({ record }) => record.kind === 'closed').map(({ record }) => record.nonce)).toEqual([
    nonce,
  ])
  expect(
    records.filter(({ record }) => record.kind === 'bound').map(({ record }) => record.generation),
  ).toEqual([0, 1])
  expect(await chain.balance(to)).toBe(17n)
})

it('a stranger’s transaction that was passed over is undone for good: its nonce is used up by nothing, and ours above it is paid', async () => {
  const signer = stack.signers[1] ?? ''
  await client.untilFinal((await client.post('before-hole', { ...native(signer, 1n), from: signer })).id)
  const nonce = await chain.transactionCount(signer)
  await chain.rpc('evm_setIntervalMining', 0)
  const strange = await chain.rpc('eth_sendRawTransaction', await strangersBytes(signer, nonce))
  await chain.rpc('evm_mine')
  const to = freshAddress('hole')
  const { id } = await client.post('hole', { ...native(to, 19n), from: signer })
  const signed = (await client.follow(id, ({ record }) => record.kind === 'broadcast')).find(
    ({ record }) => record.kind === 'signed',
  )
  expect(signed?.record.nonce).toBe(nonce + 1)
  await chain.rpc('anvil_reorg', 1, [])
  await chain.rpc('anvil_dropTransaction', strange)
  expect(await chain.transactionCount(signer)).toBe(nonce)
  await chain.rpc('evm_setIntervalMining', 1)
  expect((await client.untilFinal(id)).status).toBe('finalized')
  expect(await chain.balance(to)).toBe(19n)
  expect(await chain.rpc('eth_getTransactionByHash', strange)).toBeNull()
  expect(await chain.transactionCount(signer)).toBe(nonce + 2)
})

it('a client whose socket is cut comes back with after_seq and has every record once, in order', async () => {
  const { id } = await client.post('cut', native(freshAddress('cut'), 1n))
  const seen = await client.follow(id, ({ record }) => record.kind === 'mined')
  const rest = await client.follow(id, ({ status }) => status === 'finalized', seen.at(-1)?.seq)
  const seqs = [...seen, ...rest].map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
})

function strangersBytes(signer: string, nonce: number): Promise<string> {
  return privateKeyToAccount(keyOf(stack, signer)).signTransaction({
    type: 'eip1559',
    chainId: 31337,
    nonce,
    to: '0x00000000000000000000000000000000000000aa',
    value: 1n,
    gas: 21_000n,
    maxFeePerGas: 100_000_000_000n,
    maxPriorityFeePerGas: 50_000_000_000n,
  })
}

// Fees of a real node through the whole of Waybill: its base fee rule is learned from its own blocks, the next base fee is the
// one that its next block then has, and a transfer that may wait goes when the price is down again.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { chainFees } from '../../src/shared/schema/api-fees.ts'
import { Chain, until } from '../support/chain.ts'
import { Client, freshAddress } from '../support/client.ts'
import { type Stack, startStack } from '../support/stack.ts'

/** Blocks that are mined at once: enough to know what is cheap. */
const KNOWN_BLOCKS = 60
/** Wei per unit of gas. */
const CALM = 1_000_000_000n
/** By how much the base fee jumps: ten empty blocks bring it down again. */
const JUMP = 4n
const DEADLINE_MS = 50_000

const block = z.object({ baseFeePerGas: z.string() }).nullable()

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-fees-'))
let stack: Stack
let client: Client
let chain: Chain

beforeAll(async () => {
  stack = await startStack({ stateDir })
  client = new Client(stack)
  chain = new Chain(stack)
  await chain.rpc('anvil_mine', `0x${KNOWN_BLOCKS.toString(16)}`)
})

afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

async function fees() {
  const { status, body } = await client.call('GET', `/v1/chains/${stack.chain}/fees`)
  expect(status).toBe(200)
  return chainFees.parse(body)
}

async function baseFeeOf(number: number): Promise<bigint | null> {
  const told = block.parse(await chain.rpc('eth_getBlockByNumber', `0x${number.toString(16)}`, false))
  return told === null ? null : BigInt(told.baseFeePerGas)
}

it('its rule is learned, and the next base fee is the one that the next block has', async () => {
  await until(async () => (await fees()).known_blocks >= KNOWN_BLOCKS)
  const { type, rule, block: last, next_base_fee, speeds } = await fees()
  expect({ type, rule }).toEqual({ type: 'base_fee', rule: { elasticity: 2, denominator: 8 } })
  const next = (last ?? 0) + 1
  await until(async () => (await baseFeeOf(next)) !== null)
  expect(await baseFeeOf(next)).toBe(next_base_fee)
  expect(speeds.map(({ speed }) => speed)).toEqual(['economy', 'standard', 'fast'])
  for (const { probability } of speeds) expect(probability).toBeGreaterThan(0.99)
})

it('economy waits until the price is down again, and nobody else does', async () => {
  for (let count = 0; count < KNOWN_BLOCKS; count++) {
    await chain.rpc('anvil_setNextBlockBaseFeePerGas', `0x${CALM.toString(16)}`)
    await chain.rpc('anvil_mine', '0x1')
  }
  const dear = JUMP * CALM
  await chain.rpc('anvil_setNextBlockBaseFeePerGas', `0x${dear.toString(16)}`)
  await chain.blocks(1)
  await until(async () => ((await fees()).next_base_fee ?? 0n) > (dear * 3n) / 4n)
  const deadline = new Date(Date.now() + DEADLINE_MS).toISOString()
  const [from = ''] = stack.signers
  const request = (seed: string, speed: 'economy' | 'standard') => ({
    chain: stack.chain,
    from,
    action: { type: 'native' as const, to: freshAddress(seed), amount: '7' },
    speed,
    deadline,
  })
  const patient = await client.post('patient', request('patient', 'economy'))
  const other = await client.post('other', request('other', 'standard'))
  const [waited, went] = [await client.untilFinal(patient.id), await client.untilFinal(other.id)]
  expect([waited.status, went.status]).toEqual(['finalized', 'finalized'])
  const priceOf = async ({ steps }: typeof waited) => (await baseFeeOf(steps[0]?.block_number ?? 0)) ?? 0n
  expect(await priceOf(waited)).toBeLessThan((await priceOf(went)) / 2n)
})

// Fees of a real node through the whole of Waybill: its base fee rule is learned from its own blocks, and the next base fee is
// the one that its next block then has.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { chainFees } from '../../src/shared/schema/api-fees.ts'
import { until } from '../support/chain.ts'
import { type Stack, startStack } from '../support/stack.ts'

const answer = z.object({ result: z.object({ baseFeePerGas: z.string() }).nullable() })

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-fees-'))
let stack: Stack

beforeAll(async () => {
  stack = await startStack({ stateDir })
})

afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

async function fees() {
  const response = await fetch(`${stack.url}/v1/chains/${stack.chain}/fees`, {
    headers: { Authorization: `Bearer ${stack.apiKey}` },
  })
  expect(response.status).toBe(200)
  return chainFees.parse(await response.json())
}

async function baseFeeOf(block: number): Promise<bigint | null> {
  const request = {
    jsonrpc: '2.0',
    id: 1,
    method: 'eth_getBlockByNumber',
    params: [`0x${block.toString(16)}`, false],
  }
  const response = await fetch(stack.rpcUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  })
  const { result } = answer.parse(await response.json())
  return result === null ? null : BigInt(result.baseFeePerGas)
}

it('its rule is learned, and the next base fee is the one that the next block has', async () => {
  await until(async () => (await fees()).known_blocks >= 8)
  const { type, rule, block, next_base_fee, speeds } = await fees()
  expect({ type, rule }).toEqual({ type: 'base_fee', rule: { elasticity: 2, denominator: 8 } })
  const next = (block ?? 0) + 1
  await until(async () => (await baseFeeOf(next)) !== null)
  expect(await baseFeeOf(next)).toBe(next_base_fee)
  expect(speeds.map(({ speed }) => speed)).toEqual(['economy', 'standard', 'fast'])
  for (const { probability } of speeds) expect(probability).toBeGreaterThan(0.99)
})

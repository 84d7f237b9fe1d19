// Fees on chains that are not as Ethereum is, each a real node of its own behind one deployment: one without base fees, one whose
// base fees follow another rule, one on which caps bind, and one in use, on which it pays to wait.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { nextBaseFee } from '../../src/shared/fees/base-fee-rule.ts'
import { feeReportView } from '../../src/shared/schema/api-fee-report.ts'
import { chainFees } from '../../src/shared/schema/api-fees.ts'
import type { TransferDocument } from '../../src/shared/schema/transfer-document.ts'
import { Chain, until } from '../support/chain.ts'
import { Client, freshAddress } from '../support/client.ts'
import { type Stack, startStack } from '../support/stack.ts'
import { type Anvil, startAnvil } from '../unit/adapters/anvil.ts'

const GWEI = 1_000_000_000n
const AMOUNT = 7n
/** Milliseconds: of a deployment that sends without waiting for slow blocks. */
const BLOCK_TIME_MS = 1_000
/** Room for a few plain transfers: one of them is a third of a block, and a chain with one in each is in use. */
const SMALL_BLOCK = '60000'
/** The tick on which the report is written. */
const EACH_MINUTE = '* * * * *'
/** A signer's cap, and above it the chain's. */
const SIGNER_CAP = 20n * GWEI
const CHAIN_CAP = 40n * GWEI

const NODES = {
  'eip155:41001': ['--hardfork', 'berlin'],
  'eip155:41002': ['--network', 'optimism'],
  'eip155:41003': [],
  'eip155:41004': ['--gas-limit', SMALL_BLOCK],
} as const
type ChainName = keyof typeof NODES
const [LEGACY, OTHER_RULE, CAPPED, BUSY] = Object.keys(NODES) as [ChainName, ChainName, ChainName, ChainName]

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-fee-markets-'))
const nodes = new Map<string, { readonly anvil: Anvil; readonly chain: Chain }>()
let stack: Stack
let client: Client

beforeAll(async () => {
  for (const [name, flags] of Object.entries(NODES)) {
    const reference = name.slice('eip155:'.length)
    const anvil = await startAnvil('--chain-id', reference, '--slots-in-an-epoch', '1', ...flags)
    nodes.set(name, { anvil, chain: new Chain({ rpcUrl: anvil.url }) })
  }
  // The first accounts of the deployment are known only when it runs: then it is told of its chains, and started again.
  const first = await startStack({ stateDir })
  const { signers } = first
  await first.stop()
  const endpoints = [...nodes].map(([name, { anvil }]) => [name, [{ name, url: anvil.url, operator: name }]])
  const bindings = {
    CHAINS: JSON.stringify(Object.keys(NODES).map((name) => policyOf(name, signers))),
    RPC_ENDPOINTS: JSON.stringify(Object.fromEntries(endpoints)),
  }
  stack = await startStack({ stateDir, bindings })
  client = new Client(stack)
  const row = `INSERT INTO signers (chain, address, tenant, kind, created_at) VALUES (?, ?, 'dev', 'plain', 0)`
  for (const [name, { chain }] of nodes) {
    for (const address of stack.signers) {
      await stack.sql([{ sql: row, params: [name, address] }])
      await chain.rpc('anvil_setBalance', address, `0x${(10n ** 21n).toString(16)}`)
    }
  }
})

afterAll(async () => {
  await stack.stop()
  await Promise.all([...nodes.values()].map(({ anvil }) => anvil.stop()))
  rmSync(stateDir, { recursive: true, force: true })
})

function policyOf(chain: string, signers: readonly string[]) {
  const [capped = ''] = signers
  const fee_caps = { chain: CHAIN_CAP.toString(), signers: { [capped]: SIGNER_CAP.toString() } }
  return {
    chain,
    name: chain,
    native_symbol: 'ETH',
    block_time_ms: BLOCK_TIME_MS,
    finality: { tag: true, min_depth: 1, depth: 8 },
    ...(chain === CAPPED ? { fee_caps } : {}),
  }
}

function chainOf(name: ChainName): Chain {
  const node = nodes.get(name)
  if (node === undefined) throw new Error(`no node of ${name}`)
  return node.chain
}

async function mine(name: ChainName, baseFee: bigint | null = null): Promise<void> {
  const chain = chainOf(name)
  if (baseFee !== null) await chain.rpc('anvil_setNextBlockBaseFeePerGas', `0x${baseFee.toString(16)}`)
  await chain.rpc('anvil_mine', '0x1')
}

async function fees(name: ChainName) {
  const { status, body } = await client.call('GET', `/v1/chains/${name}/fees`)
  expect(status).toBe(200)
  return chainFees.parse(body)
}

let posted = 0
function post(
  name: ChainName,
  change: { readonly signer?: number; readonly speed?: 'standard' | 'fast'; readonly to?: string } = {},
) {
  posted += 1
  const { signer = 0, speed = 'fast', to = freshAddress(`market-${posted}`) } = change
  return client.post(`market-${posted}`, {
    chain: name,
    from: stack.signers[signer] ?? '',
    action: { type: 'native', to, amount: AMOUNT.toString() },
    speed,
  })
}

/** Blocks are mined until it has come to its end. */
async function untilFinal(name: ChainName, { id }: TransferDocument, baseFee: bigint | null = null) {
  await until(async () => {
    await mine(name, baseFee)
    return (await client.get(id)).status === 'finalized'
  })
  return client.get(id)
}

const mined = z.object({
  type: z.string(),
  gasPrice: z.string().transform(BigInt),
  blockNumber: z.string().nullable(),
})
const block = z.object({
  number: z.string().transform(Number),
  baseFeePerGas: z.string().transform(BigInt),
  gasUsed: z.string().transform(BigInt),
  gasLimit: z.string().transform(BigInt),
})

async function blockAt(name: ChainName, number: number | 'latest') {
  const at = number === 'latest' ? number : `0x${number.toString(16)}`
  return block.parse(await chainOf(name).rpc('eth_getBlockByNumber', at, false))
}

it('a chain without base fees has one price, and gets transactions without a type', async () => {
  const told = await fees(LEGACY)
  expect(told).toMatchObject({ type: 'gas_price', rule: null, next_base_fee: null })
  const { steps } = await untilFinal(LEGACY, await post(LEGACY))
  const [step] = steps
  const [attempt] = step?.attempts ?? []
  expect(attempt?.max_fee_per_gas).toBe(attempt?.max_priority_fee_per_gas)
  const transaction = mined.parse(await chainOf(LEGACY).rpc('eth_getTransactionByHash', step?.hash))
  expect(transaction).toMatchObject({ type: '0x0', gasPrice: BigInt(attempt?.max_fee_per_gas ?? 0) })
  expect(await chainOf(LEGACY).received(step?.action ?? { type: 'batch', actions: [] })).toBe(AMOUNT)
})

it('another rule is learned from the chain’s own blocks, and gives its next base fee', async () => {
  for (let count = 0; count < 40; count++) {
    const transfers = count % 3
    for (let one = 0; one < transfers; one++) await spend(OTHER_RULE)
    await mine(OTHER_RULE)
  }
  await until(async () => (await fees(OTHER_RULE)).known_blocks >= 40)
  const { rule, next_base_fee, block: last } = await fees(OTHER_RULE)
  if (rule === null || last === null) throw new Error('the chain follows a rule')
  expect(rule.denominator).not.toBe(8)
  const { baseFeePerGas, gasUsed: used, gasLimit: limit } = await blockAt(OTHER_RULE, last)
  const learned = { elasticity: BigInt(rule.elasticity), denominator: BigInt(rule.denominator) }
  expect(nextBaseFee(baseFeePerGas, { used, limit }, learned)).toBe(next_base_fee)
  await mine(OTHER_RULE)
  expect((await blockAt(OTHER_RULE, last + 1)).baseFeePerGas).toBe(next_base_fee)
  const { steps } = await untilFinal(OTHER_RULE, await post(OTHER_RULE))
  expect(steps[0]?.outcome).toBe('success')
})

/** Somebody else's transfer: Anvil signs for it. */
async function spend(name: ChainName): Promise<void> {
  const [from, to] = z.array(z.string()).parse(await chainOf(name).rpc('eth_accounts'))
  const fee = `0x${(100n * GWEI).toString(16)}`
  await chainOf(name).rpc('eth_sendTransaction', {
    from,
    to,
    value: '0x1',
    maxFeePerGas: fee,
    maxPriorityFeePerGas: '0x1',
    gas: '0x5208',
  })
}

describe('a cap of the deployment', () => {
  async function untilHeld({ id }: TransferDocument, baseFee: bigint) {
    await until(async () => {
      await mine(CAPPED, baseFee)
      return (await client.get(id)).status === 'held'
    })
    return client.get(id)
  }

  it('keeps what its signer may not bid, says so, and lets it go when the market falls', async () => {
    for (let count = 0; count < 3; count++) await mine(CAPPED, 2n * SIGNER_CAP - 10n * GWEI)
    const capped = await post(CAPPED)
    const free = await post(CAPPED, { signer: 1 })
    expect(await untilHeld(capped, 2n * SIGNER_CAP - 10n * GWEI)).toMatchObject({
      status_reason: 'fee_cap',
      fee_cap: { by: 'signer', max_fee_per_gas: SIGNER_CAP.toString() },
      steps: [{ nonce: null }],
    })
    const { steps } = await untilFinal(CAPPED, free, 2n * SIGNER_CAP - 10n * GWEI)
    expect(BigInt(steps[0]?.attempts[0]?.max_fee_per_gas ?? 0)).toBe(CHAIN_CAP)
    const paid = await untilFinal(CAPPED, capped, GWEI)
    expect(paid).not.toHaveProperty('fee_cap')
    expect(BigInt(paid.steps[0]?.attempts[0]?.max_fee_per_gas ?? 0)).toBeLessThanOrEqual(SIGNER_CAP)
  })

  it('of the chain keeps every signer of it', async () => {
    const dear = 2n * CHAIN_CAP
    for (let count = 0; count < 3; count++) await mine(CAPPED, dear)
    const capped = await post(CAPPED, { signer: 1 })
    expect(await untilHeld(capped, dear)).toMatchObject({
      fee_cap: { by: 'chain', max_fee_per_gas: CHAIN_CAP.toString() },
    })
    expect((await untilFinal(CAPPED, capped, GWEI)).steps[0]?.outcome).toBe('success')
  })
})

it('a recipient that has code by now costs a second transaction, and no transfer', async () => {
  const to = freshAddress('changing')
  const first = await untilFinal(CAPPED, await post(CAPPED, { to, signer: 1 }), GWEI)
  expect(first.steps[0]?.attempts[0]?.gas_limit).toBe('21000')
  // It stores a word whenever it is paid.
  await chainOf(CAPPED).rpc('anvil_setCode', to, '0x600160015500')
  const second = await untilFinal(CAPPED, await post(CAPPED, { to, signer: 1 }), GWEI)
  expect(second).toMatchObject({ status: 'finalized', steps: [{ generation: 1, outcome: 'success' }] })
  expect(Number(second.steps[0]?.attempts[0]?.gas_limit)).toBeGreaterThan(21_000)
  expect(await chainOf(CAPPED).balance(to)).toBe(2n * AMOUNT)
  expect(second.steps[0]?.nonce).toBe((first.steps[0]?.nonce ?? 0) + 2)
})

it('on a chain in use standard waits a few blocks for a cheaper one, fast does not, and the report says what that saved', async () => {
  const calm = 10n * GWEI
  for (let count = 0; count < 60; count++) {
    await spend(BUSY)
    await mine(BUSY, calm)
  }
  const dear = 2n * calm
  await mine(BUSY, dear)
  await until(async () => ((await fees(BUSY)).next_base_fee ?? 0n) > calm)
  const patient = await post(BUSY, { speed: 'standard' })
  const hasty = await post(BUSY, { speed: 'fast', signer: 1 })
  const went = await untilMined(hasty, dear)
  expect((await client.get(patient.id)).status).toBe('queued')
  const waited = await untilFinal(BUSY, patient, calm)
  const priceOf = async ({ steps }: TransferDocument) =>
    (await blockAt(BUSY, steps[0]?.block_number ?? 0)).baseFeePerGas
  expect([await priceOf(went), await priceOf(waited)]).toEqual([dear, calm])
  await untilFinal(BUSY, hasty)
  await until(async () => {
    await stack.cron(EACH_MINUTE)
    const { body } = await client.call('GET', `/v1/reports/fees?chain=${BUSY}`)
    const { data } = feeReportView.parse(body)
    return data.some(({ compared }) => compared.transfers === 2)
  })
})

async function untilMined({ id }: TransferDocument, baseFee: bigint): Promise<TransferDocument> {
  await until(async () => (await client.get(id)).status === 'broadcast')
  await mine(BUSY, baseFee)
  await until(async () => (await client.get(id)).steps[0]?.block_number !== null)
  return client.get(id)
}

// Guarantee: what a transfer costs in a batch of a hundred, in gas, on a real node. Gas is exact: the same everywhere and
// each time.

import { encodeFunctionData, parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BatchCall } from '../../src/shared/batch/batch-step.ts'
import type { Address } from '../../src/shared/chain/address.ts'
import { ExecutorWorld, numbered } from './executor-world.ts'

const STEPS = 100
/** Gas per transfer. */
const NATIVE_MOST = 12_000
const EXISTING_HOLDER_MOST = 11_500
const NEW_HOLDER_MOST = 28_500
const CARRIED_MOST_MORE = 500
const MINT_ABI = parseAbi(['function mint(address[] holders, uint256 amount)'])

let world: ExecutorWorld
let token: Address

beforeAll(async () => {
  world = await ExecutorWorld.start()
  token = await world.deploy('DemoToken')
  await world.carry(numbered(0n, [{ kind: 'native', to: world.address('first'), amount: 1n }]))
  await mint([world.ownAddress])
})
afterAll(() => world.anvil.stop())

test('native to accounts that exist', async () => {
  const to = addresses('native')
  for (const address of to) await world.anvil.ask('anvil_setBalance', address, '0x1')
  expect(await gasOf('native', 'run', to.map(pay))).toBeLessThanOrEqual(NATIVE_MOST)
})

test('ERC-20 to holders, and to those who become one', async () => {
  const to = addresses('tokens')
  expect(await gasOf('ERC-20, new holder', 'run', to.map(give))).toBeLessThanOrEqual(NEW_HOLDER_MOST)
  expect(await gasOf('ERC-20, holder', 'run', to.map(give))).toBeLessThanOrEqual(EXISTING_HOLDER_MOST)
})

test('carried by a signature', async () => {
  const to = addresses('carried')
  await mint(to)
  const own = await gasOf('ERC-20, holder', 'run', to.map(give))
  const carried = await gasOf('ERC-20, holder, carried', 'carry', to.map(give))
  expect(carried - own).toBeLessThanOrEqual(CARRIED_MOST_MORE)
})

let next = 256n
/** A batch that begins a new word of numbers: what it costs over the life of an account. */
async function gasOf(what: string, how: 'run' | 'carry', calls: readonly BatchCall[]): Promise<number> {
  const ran = await world[how](numbered(next, calls))
  next += 256n
  expect(ran.done).toHaveLength(STEPS)
  const gas = Number(ran.receipt.gasUsed) / STEPS
  console.info(`gas per transfer, ${what}: ${Math.round(gas)}`)
  return gas
}

function addresses(name: string): readonly Address[] {
  return Array.from({ length: STEPS }, (_, index) => world.address(`${name} ${index}`))
}

async function mint(holders: readonly Address[]): Promise<void> {
  const data = encodeFunctionData({ abi: MINT_ABI, args: [holders, 1_000_000n] })
  await world.send(world.carrier, { to: token, data })
}

function pay(to: Address): BatchCall {
  return { kind: 'native', to, amount: 10n ** 16n }
}

function give(to: Address): BatchCall {
  return { kind: 'erc20', token, to, amount: 1_000n }
}

// Guarantee: a batch with the gas limit that is worked out for it always runs, whatever is in it; and the limit is not far
// above what it uses, so that little of a balance is held for nothing.

import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { BatchGas, batchGasLimit } from '../../src/shared/batch/batch-gas.ts'
import type { BatchCall, BatchStep } from '../../src/shared/batch/batch-step.ts'
import type { Address } from '../../src/shared/chain/address.ts'
import { holdsOn } from '../support/property.ts'
import { address, checkedAddress, hex } from '../unit/adapters/chain-values.ts'
import { close, ExecutorSuite, pay } from './executor-suite.ts'
import { numbered, type Ran } from './executor-world.ts'

/** Random batches; each is a transaction on a real node. */
const BATCHES = 200
const CARRIED_BATCHES = 60
/** What a trial run of each alone would say that the callee uses: first uses of the sender's and the recipient's slots. */
const TO_NEW_HOLDER = 29_700
const TO_HOLDER = 12_600
const TO_COUNTER = 28_000

const suite = new ExecutorSuite()
let burner: Address
let flood: Address
let mute: Address

beforeAll(async () => {
  burner = await suite.world.deploy('Burner')
  flood = await suite.world.deploy('Flood')
  mute = await suite.world.deploy('OddToken', ['0x'])
})

/** With the limit and no unit more. */
async function ran(steps: readonly BatchStep[]): Promise<Ran & { readonly limit: bigint }> {
  const limit = batchGasLimit(steps)
  return { ...(await suite.world.run(steps, { gas: limit })), limit }
}

/** Limit above use, in percent. */
async function above(what: string, steps: readonly BatchStep[]): Promise<number> {
  const { done, failed, receipt, limit } = await ran(steps)
  expect([done, failed].flat()).toHaveLength(steps.length)
  const percent = (100 * Number(limit - receipt.gasUsed)) / Number(receipt.gasUsed)
  console.info(`gas limit of ${what}: ${limit}, uses ${receipt.gasUsed}, ${percent.toFixed(1)} % above`)
  return percent
}

function recipients(count: number): readonly Address[] {
  return Array.from({ length: count }, () => suite.recipient().address)
}

test('100 native to accounts that begin: at most 1 % above', async () => {
  const calls = recipients(100).map((to) => pay(to, 10n ** 15n))
  expect(await above('100 native, new', numbered(0n, calls, 0))).toBeLessThan(1)
})

test('100 native to accounts that exist: up to 225 % above, since nobody told that they do', async () => {
  const to = recipients(100)
  for (const each of to) await suite.world.anvil.ask('anvil_setBalance', each, '0x1')
  const calls = to.map((each) => pay(each, 10n ** 15n))
  expect(await above('100 native, existing', numbered(0n, calls, 0))).toBeLessThan(225)
})

test('100 ERC-20 to new holders and to holders: at most 22 % and 55 % above', async () => {
  const calls = recipients(100).map((to) => suite.give(to, 1_000n))
  expect(await above('100 ERC-20, new holders', numbered(0n, calls, TO_NEW_HOLDER))).toBeLessThan(22)
  expect(await above('100 ERC-20, holders', numbered(256n, calls, TO_HOLDER))).toBeLessThan(55)
})

test('256 of all kinds: at most 40 % above', async () => {
  const steps = recipients(256).map((to, index): BatchStep => {
    const number = BigInt(index)
    const native = pay(to, 1n)
    const token = suite.give(to, 1n)
    const counted = suite.callCounter('add')
    const kinds: readonly BatchStep[] = [
      { number, gas: 0, run: native },
      { number, gas: TO_NEW_HOLDER, run: token },
      { number, gas: TO_COUNTER, run: counted },
      { number, gas: 80_000, run: { kind: 'group', calls: [native, token] } },
      close(number),
    ]
    return kinds[index % kinds.length] ?? close(number)
  })
  expect(await above('256 of all kinds', steps)).toBeLessThan(40)
})

/** No value, so that nobody could begin; one callee, which uses all that it is given. */
const SHARP: readonly (readonly [string, () => (BatchStep & { gas: number })['run']])[] = [
  ['native', () => pay(burner, 0n)],
  ['ERC-20', () => ({ kind: 'erc20', token: burner, to: burner, amount: 1n })],
  ['call', () => ({ kind: 'call', to: burner, value: 0n, data: hex(`0x${'01'.repeat(100)}`) })],
  ['group', () => ({ kind: 'group', calls: Array.from({ length: 3 }, () => pay(burner, 0n)) })],
]

test.each(SHARP)('the bound on %s is sharp: little of it is left', async (what, run) => {
  const calls = Array.from({ length: 150 }, (_, index) => ({
    number: BigInt(index),
    gas: 10_000,
    run: run(),
  }))
  // After the last call there is more to do than what is kept back for it.
  const closes = Array.from({ length: 100 }, (_, index) => close(BigInt(150 + index)))
  expect(await above(`150 of ${what}`, [...calls, ...closes])).toBeLessThan(2.5)
})

test('a lone step: what the executor wants before a call is all that is above', async () => {
  const limit = batchGasLimit(numbered(0n, [pay(suite.recipient().address, 1n)], 0))
  expect(limit).toBeGreaterThan(100_000n)
  expect(limit).toBeLessThan(103_000n)
  const { done } = await ran(numbered(0n, [pay(suite.recipient().address, 1n)], 0))
  expect(done).toEqual([0])
})

test('a batch of none, and one that is all calldata', async () => {
  expect((await ran([])).done).toEqual([])
  const data = hex(`0x${'ff'.repeat(60_000)}`)
  const { done, receipt, limit } = await ran([
    { number: 0n, gas: 30_000, run: { kind: 'call', to: flood, value: 0n, data } },
  ])
  expect(done).toEqual([])
  // The floor of EIP-7623 decides, and it is exact but for the zero bytes around the steps.
  expect(Number(limit - receipt.gasUsed)).toBeLessThan(5_000)
})

test('random batches always run with exactly their limit', async () => {
  let base = 0n
  await holdsOn(
    fc.asyncProperty(batches(), async (steps) => {
      // Mostly numbers that were never used, so that words are written for the first time.
      base += 4n
      const shifted = steps.map((step) => ({ ...step, number: step.number + base * 256n }))
      const { done, failed, receipt, limit } = await ran(shifted)
      expect(done, 'the batch ran').not.toBeNull()
      expect(failed).not.toBeNull()
      expect(receipt.gasUsed).toBeLessThanOrEqual(limit)
    }),
    BATCHES,
  )
})

test('random batches that another account brings run with exactly their limit too', async () => {
  let base = 10_000n
  await holdsOn(
    fc.asyncProperty(batches(), async (steps) => {
      base += 4n
      const shifted = steps.map((step) => ({ ...step, number: step.number + base * 256n }))
      const limit = batchGasLimit(shifted, true)
      const { done, failed } = await suite.world.carry(shifted, { gas: limit })
      expect(done, 'the batch ran').not.toBeNull()
      expect(failed).not.toBeNull()
    }),
    CARRIED_BATCHES,
  )
})

test.each(SHARP)('the bound on %s that another account brings is sharp as well', async (_what, run) => {
  const steps = Array.from({ length: 200 }, (_, index) => ({
    number: BigInt(5_000_000 + index),
    gas: 10_000,
    run: run(),
  }))
  const limit = batchGasLimit(steps, true)
  const { receipt, done, failed } = await suite.world.carry(steps, { gas: limit })
  expect([done, failed].flat()).toHaveLength(steps.length)
  const percent = (100 * Number(limit - receipt.gasUsed)) / Number(receipt.gasUsed)
  expect(percent).toBeLessThan(4)
})

test('a batch grows step by step to the limit of all of them', () => {
  const steps = numbered(
    0n,
    Array.from({ length: 256 }, () => pay(burner, 1n)),
    100_000,
  )
  const gas = new BatchGas()
  expect(gas.limit).toBe(batchGasLimit([]))
  for (const step of steps) gas.add(step)
  expect(gas.limit).toBe(batchGasLimit(steps))
})

/** Of few and many steps; the recipients are new, known, contracts, precompiles, and the account itself. */
function batches(): fc.Arbitrary<readonly BatchStep[]> {
  const number = fc.bigInt({ min: 0n, max: 1_100n })
  const gas = fc.oneof(fc.constantFrom(0, 2_300, 63, 62), fc.nat(60_000))
  const step: fc.Arbitrary<BatchStep> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ number, gas, run: calls() }) },
    { weight: 2, arbitrary: fc.record({ number, gas, run: groups() }) },
    { weight: 1, arbitrary: number.map(close) },
  )
  return fc.oneof(
    { weight: 9, arbitrary: fc.array(step, { maxLength: 12 }) },
    { weight: 1, arbitrary: fc.array(step, { minLength: 100, maxLength: 200, size: 'max' }) },
  )
}

function groups() {
  return fc.record({ kind: fc.constant('group' as const), calls: fc.array(calls(), { maxLength: 6 }) })
}

function calls(): fc.Arbitrary<BatchCall> {
  const to = fc.tuple(fc.nat(9), fc.nat(1_000_000)).map(([kind, seed]) => someAddress(kind, seed))
  const amount = fc.constantFrom(0n, 1n, 10n ** 12n, 10n ** 30n)
  const data = fc
    .nat(40)
    .chain((size) =>
      fc
        .uint8Array({ minLength: size * 20, maxLength: size * 20 })
        .map((bytes) => hex(`0x${Buffer.from(bytes).toString('hex')}`)),
    )
  return fc.oneof(
    fc.record({ kind: fc.constant('native' as const), to, amount }),
    fc.record({ kind: fc.constant('erc20' as const), token: to, to, amount }),
    fc.record({ kind: fc.constant('call' as const), to, value: amount, data }),
  )
}

/** The contracts are there only once a test runs. */
function someAddress(kind: number, seed: number): Address {
  const known = [burner, flood, mute, suite.token, suite.counter, suite.world.ownAddress, address('00')]
  const precompile = address('00').slice(0, -1)
  if (kind === 7) return checkedAddress(`${precompile}${(1 + (seed % 9)).toString(16)}`)
  return known[kind] ?? suite.world.address(`seed ${seed}`)
}

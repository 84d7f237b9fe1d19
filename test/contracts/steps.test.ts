// Guarantees B1 to B3, B6 of contracts/SPEC.md: each step runs at most once, whoever carries it and however often, and one
// that fails leaves the others alone.

import { encodeFunctionData, parseEther } from 'viem'
import { describe, expect, test } from 'vitest'
import { encodeRunGroup } from '../../src/shared/adapters/encode-execute.ts'
import type { BatchCall } from '../../src/shared/batch/batch-step.ts'
import { encodeCalls } from '../../src/shared/batch/encode-steps.ts'
import { hex } from '../unit/adapters/chain-values.ts'
import { CALLEE_ABI, close, ExecutorSuite, group, NO_DATA, pay } from './executor-suite.ts'
import { EXECUTOR_ABI, numbered } from './executor-world.ts'

const suite = new ExecutorSuite()

/** Of a payment that makes the account of its recipient. */
const NEW_ACCOUNT_GAS = 46_000n

describe('a step', () => {
  test('of each kind runs, and is told by its place', async () => {
    const [eth, coins] = [suite.recipient(), suite.recipient()]
    const steps = numbered(0n, [
      pay(eth.address, 5n),
      suite.give(coins.address, 7n),
      suite.callCounter('add', 9n),
    ])
    const { done, failed } = await suite.world.run(steps)
    expect([done, failed]).toEqual([[0, 1, 2], []])
    expect(await suite.world.balance(eth.name)).toBe(5n)
    expect(await suite.world.tokens(suite.token, coins.address)).toBe(7n)
    expect(await suite.world.client.getBalance({ address: suite.counter })).toBe(9n)
  })

  test('runs once, however often and by whomever it is carried', async () => {
    const { name, address } = suite.recipient()
    const steps = numbered(41n, [pay(address, 5n)])
    expect((await suite.world.run(steps)).done).toEqual([0])
    for (const again of [await suite.world.run(steps), await suite.world.carry(steps)]) {
      expect([again.done, again.failed]).toEqual([[], []])
    }
    expect(await suite.world.balance(name)).toBe(5n)
  })

  test('runs once where it stands twice in one batch', async () => {
    const { name, address } = suite.recipient()
    const [step] = numbered(3n, [pay(address, 5n)])
    expect((await suite.world.run([step, step].flatMap((one) => one ?? []))).done).toEqual([0])
    expect(await suite.world.balance(name)).toBe(5n)
  })

  test.each([0n, 255n, 256n, 257n, 2n ** 63n, 2n ** 64n - 1n])(
    'with the number %d is known by it',
    async (number) => {
      const { address } = suite.recipient()
      expect(await suite.world.isDone(number)).toBe(false)
      expect((await suite.world.run(numbered(number, [pay(address, 1n)]))).done).toEqual([0])
      expect(await suite.world.isDone(number)).toBe(true)
      for (const other of [number - 1n, number + 1n].filter((one) => one >= 0n)) {
        expect(await suite.world.isDone(other)).toBe(false)
      }
    },
  )

  test('is known by its bit among those of 256 numbers', async () => {
    const numbers = [255n, 256n, 511n, 512n, 0n, 300n]
    const steps = numbers.flatMap((number) => numbered(number, [pay(suite.recipient().address, 1n)]))
    expect((await suite.world.run(steps)).done).toEqual([0, 1, 2, 3, 4, 5])
    const bits = await Promise.all([0n, 1n, 2n].map((word) => doneBits(word)))
    expect(bits).toEqual([1n | (1n << 255n), 1n | (1n << 255n) | (1n << 44n), 1n])
  })

  test('that fails uses its number up, and the others are untouched', async () => {
    const [before, after] = [suite.recipient(), suite.recipient()]
    const steps = numbered(0n, [pay(before.address, 1n), suite.callCounter('refuse'), pay(after.address, 2n)])
    const { done, failed } = await suite.world.run(steps)
    expect([done, failed]).toEqual([[0, 2], [1]])
    expect(await suite.world.isDone(1n)).toBe(true)
    expect((await suite.world.run(steps)).failed).toEqual([])
    expect([await suite.world.balance(before.name), await suite.world.balance(after.name)]).toEqual([1n, 2n])
  })

  test('that is closed never runs', async () => {
    const { name, address } = suite.recipient()
    expect((await suite.world.run([close(7n)])).done).toEqual([0])
    const { done, failed } = await suite.world.run([...numbered(7n, [pay(address, 5n)]), close(7n)])
    expect([done, failed]).toEqual([[], []])
    expect(await suite.world.balance(name)).toBe(0n)
  })

  test('above the balance fails alone', async () => {
    const { name, address } = suite.recipient()
    const { done, failed } = await suite.world.run(
      numbered(0n, [pay(address, parseEther('1001')), suite.give(address, 1_000_001n), pay(address, 3n)]),
    )
    expect([done, failed]).toEqual([[2], [0, 1]])
    expect(await suite.world.balance(name)).toBe(3n)
  })

  test('with data to an account without code fails: it would do nothing and succeed', async () => {
    const { address } = suite.recipient()
    const add = encodeFunctionData({ abi: CALLEE_ABI, functionName: 'add' })
    const { done, failed } = await suite.world.run(
      numbered(0n, [
        { kind: 'call', to: address, value: 1n, data: hex(add) },
        { kind: 'call', to: address, value: 1n, data: NO_DATA },
        { kind: 'erc20', token: address, to: address, amount: 1n },
      ]),
    )
    expect([done, failed]).toEqual([[1], [0, 2]])
  })
})

describe('a group', () => {
  test('is one step: all of its calls', async () => {
    const [eth, coins] = [suite.recipient(), suite.recipient()]
    const { done } = await suite.world.run([
      group(0n, [pay(eth.address, 5n), suite.give(coins.address, 7n), suite.callCounter('add')]),
    ])
    expect(done).toEqual([0])
    expect([
      await suite.world.balance(eth.name),
      await suite.world.tokens(suite.token, coins.address),
    ]).toEqual([5n, 7n])
  })

  test('or none of them', async () => {
    const { name, address } = suite.recipient()
    const bad: readonly BatchCall[] = [
      suite.callCounter('refuse'),
      suite.give(address, 1_000_001n),
      pay(address, parseEther('1001')),
    ]
    const steps = [
      ...bad.map((call, index) => group(BigInt(index), [pay(address, 5n), call])),
      ...numbered(3n, [pay(address, 1n)]),
    ]
    const { done, failed } = await suite.world.run(steps)
    expect([done, failed]).toEqual([[3], [0, 1, 2]])
    expect(await suite.world.balance(name)).toBe(1n)
  })

  test('is run by nobody but the account', async () => {
    const data = encodeFunctionData({ abi: EXECUTOR_ABI, functionName: 'runGroup', args: ['0x'] })
    expect(await suite.world.refusal(data, suite.world.carrier.address)).toBe('NotTheAccount')
  })

  test('can be tried by the account beforehand: what it takes, and which of its calls fails', async () => {
    const { client, owner } = suite.world
    const tried = (calls: readonly BatchCall[]) => encodeRunGroup(encodeCalls(calls))
    const { name, address } = suite.recipient()
    const good = tried([pay(address, 5n), pay(address, 7n)])
    const to = owner.address
    expect(await client.estimateGas({ account: to, to, data: good })).toBeGreaterThan(NEW_ACCOUNT_GAS)
    const bad = tried([pay(address, 5n), pay(address, parseEther('1001'))])
    expect(await suite.world.refusal(bad, to)).toBe('CallFailed')
    expect(await suite.world.balance(name)).toBe(0n)
  })
})

function doneBits(word: bigint): Promise<bigint> {
  const call = { address: suite.world.owner.address, abi: EXECUTOR_ABI, functionName: 'doneBits' } as const
  return suite.world.client.readContract({ ...call, args: [word] })
}

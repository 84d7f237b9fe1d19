// Guarantees B4, B5, B7 of contracts/SPEC.md: what a callee or a token does, or who chooses the gas, decides nothing for
// other steps.

import { encodeFunctionData } from 'viem'
import { describe, expect, test } from 'vitest'
import type { BatchCall, BatchStep } from '../../src/shared/batch/batch-step.ts'
import { encodeSteps } from '../../src/shared/batch/encode-steps.ts'
import type { Address } from '../../src/shared/chain/address.ts'
import { hex } from '../unit/adapters/chain-values.ts'
import { CALLEE_ABI, close, ExecutorSuite, pay, word } from './executor-suite.ts'
import { EXECUTOR_ABI, FOREVER, numbered } from './executor-world.ts'

const suite = new ExecutorSuite()

describe('a token', () => {
  test.each([
    ['true', word(1n), [0]],
    ['nothing', '0x', [0]],
    ['true and more', `${word(1n)}00`, [0]],
    ['false', word(0n), []],
    ['another number', word(2n), []],
    ['less than a word', '0x01', []],
  ] as const)('that answers %s', async (_, reply, expected) => {
    const odd = await suite.world.deploy('OddToken', [reply])
    const { done } = await suite.world.run(
      numbered(0n, [{ kind: 'erc20', token: odd, to: suite.counter, amount: 1n }]),
    )
    expect(done).toEqual(expected)
    expect(await suite.world.read(odd, 'calls')).toBe(1n)
  })
})

describe('a callee', () => {
  test('that uses up all its gas fails alone, and uses no more than its limit', async () => {
    const burner = await suite.world.deploy('Burner')
    const { name, address } = suite.recipient()
    const steps: readonly BatchStep[] = [
      { number: 0n, gas: 200_000, run: pay(burner, 1n) },
      { number: 1n, gas: 200_000, run: { kind: 'call', to: burner, value: 0n, data: hex('0x01') } },
      { number: 2n, gas: 200_000, run: { kind: 'erc20', token: burner, to: address, amount: 1n } },
      { number: 3n, gas: 0, run: pay(address, 4n) },
    ]
    const { done, failed, receipt } = await suite.world.run(steps)
    expect([done, failed]).toEqual([[3], [0, 1, 2]])
    expect(receipt.gasUsed).toBeLessThan(800_000n)
    expect(await suite.world.balance(name)).toBe(4n)
  })

  test('that answers a megabyte costs what it may use, and nothing more', async () => {
    const flood = await suite.world.deploy('Flood')
    const calls = (['answer', 'fail'] as const).map((functionName): BatchCall => {
      const data = hex(encodeFunctionData({ abi: CALLEE_ABI, functionName }))
      return { kind: 'call', to: flood, value: 0n, data }
    })
    const { done, failed, receipt } = await suite.world.run(numbered(0n, calls, 3_000_000))
    expect([done, failed]).toEqual([[0], [1]])
    // Its own memory is all that is paid for: twice 2.1 million.
    expect(receipt.gasUsed).toBeLessThan(4_600_000n)
  })

  test('that comes back in runs nothing: neither what stands open nor what stands behind it', async () => {
    const reenterer = await suite.world.deploy('Reenterer')
    const { name, address } = suite.recipient()
    const inner = await suite.world.signedCall([
      suite.world.batchId(),
      FOREVER,
      encodeSteps(numbered(1n, [pay(address, 5n)])),
    ])
    await arm(reenterer, inner)
    const { done, failed } = await suite.world.run([
      { number: 0n, gas: 500_000, run: pay(reenterer, 1n) },
      ...numbered(1n, [pay(address, 5n)]),
    ])
    expect([done, failed]).toEqual([[0, 1], []])
    expect(await suite.world.read(reenterer, 'isTried')).toBe(true)
    expect(await suite.world.read(reenterer, 'isLetIn')).toBe(false)
    expect(await suite.world.balance(name)).toBe(5n)
  })

  test('has no way into a group', async () => {
    const reenterer = await suite.world.deploy('Reenterer')
    await arm(reenterer, encodeFunctionData({ abi: EXECUTOR_ABI, functionName: 'runGroup', args: ['0x'] }))
    const { done } = await suite.world.run([{ number: 0n, gas: 500_000, run: pay(reenterer, 1n) }])
    expect(done).toEqual([0])
    expect(await suite.world.read(reenterer, 'isLetIn')).toBe(false)
  })

  test('may be the account itself, and no batch runs inside a batch', async () => {
    const inner = encodeFunctionData({
      abi: EXECUTOR_ABI,
      functionName: 'execute',
      args: [suite.world.batchId(), FOREVER, encodeSteps([close(9n)])],
    })
    const to = suite.world.ownAddress
    const { failed } = await suite.world.run(
      numbered(0n, [{ kind: 'call', to, value: 0n, data: hex(inner) }]),
    )
    expect(failed).toEqual([0])
    expect(await suite.world.isDone(9n)).toBe(false)
  })
})

describe('gas', () => {
  test('that does not cover a step undoes the whole batch: nobody fails a step by giving little', async () => {
    const { name, address } = suite.recipient()
    const steps: readonly BatchStep[] = [
      ...numbered(0n, [pay(address, 1n)]),
      { number: 1n, gas: 1_000_000, run: suite.callCounter('add') },
    ]
    for (const gas of [1_000_000n, 1_100_000n]) {
      const { receipt, done } = await suite.world.carry(steps, { gas })
      expect([receipt.status, done]).toEqual(['reverted', null])
    }
    expect(await suite.world.isDone(0n)).toBe(false)
    expect((await suite.world.carry(steps, { gas: 1_300_000n })).done).toEqual([0, 1])
    expect(await suite.world.balance(name)).toBe(1n)
  })

  test('of any amount runs all steps or none', async () => {
    const { name, address } = suite.recipient()
    const steps = numbered(0n, [suite.callCounter('add'), pay(address, 1n), suite.callCounter('add')], 60_000)
    let enough = 0n
    for (let gas = 60_000n; enough === 0n; gas += 7_001n) {
      const { done, failed } = await suite.world.carry(steps, { gas })
      if (done === null) continue
      expect([done, failed]).toEqual([[0, 1, 2], []])
      enough = gas
    }
    expect(enough).toBeGreaterThan(100_000n)
    expect(await suite.world.balance(name)).toBe(1n)
  })
})

async function arm(reenterer: Address, data: `0x${string}`): Promise<void> {
  const call = encodeFunctionData({ abi: CALLEE_ABI, functionName: 'arm', args: [data] })
  await suite.world.send(suite.world.carrier, { to: reenterer, data: call })
}

// Guarantees B8 to B10 of contracts/SPEC.md: nobody but the account's key decides what runs, a batch leaves evidence or did
// nothing, and the account goes on taking what it is given.

import { encodeFunctionData, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { encodeSteps } from '../../src/shared/batch/encode-steps.ts'
import { checkedAddress, hex } from '../unit/adapters/chain-values.ts'
import { CALLEE_ABI, close, ExecutorSuite, NO_DATA, pay, someone } from './executor-suite.ts'
import { EXECUTOR_ABI, FOREVER, forge, numbered } from './executor-world.ts'

const suite = new ExecutorSuite()

describe('who may', () => {
  test('run a batch: the account, and nobody else without its signature', async () => {
    const steps = encodeSteps([close(0n)])
    const data = encodeFunctionData({
      abi: EXECUTOR_ABI,
      functionName: 'execute',
      args: [suite.world.batchId(), FOREVER, steps],
    })
    expect(await suite.world.refusal(data)).toBe('NotTheAccount')
    expect((await suite.world.callBy(suite.world.carrier, data)).done).toBeNull()
    expect((await suite.world.callBy(suite.world.owner, data)).done).toEqual([0])
  })

  test('carry a batch: anybody, with the signature of this account, chain, batch, time and steps', async () => {
    const args = [suite.world.batchId(), FOREVER, encodeSteps([close(0n)])] as const
    const stranger = suite.world.account('stranger')
    const forged = [
      await suite.world.signedCall(args, { chainId: 1 }),
      await suite.world.signedCall(args, { verifyingContract: suite.world.executor }),
      await suite.world.signedCall(args, { verifyingContract: suite.world.address('another') }),
      await suite.world.signedCall(args, {}, stranger),
      forge(await suite.world.signedCall(args), { batchId: toHex(999, { size: 32 }) }),
      forge(await suite.world.signedCall(args), { validUntil: FOREVER + 1n }),
      forge(await suite.world.signedCall(args), { steps: encodeSteps([close(1n)]) }),
      forge(await suite.world.signedCall(args), { r: toHex(0, { size: 32 }), vs: toHex(0, { size: 32 }) }),
    ]
    for (const data of forged) expect(await suite.world.refusal(data)).toBe('NotTheAccount')
    expect((await suite.world.callBy(suite.world.carrier, await suite.world.signedCall(args))).done).toEqual([
      0,
    ])
  })

  test('carry a signed batch again: anybody, and nothing runs', async () => {
    const { name, address } = suite.recipient()
    const data = await suite.world.signedCall([
      suite.world.batchId(),
      FOREVER,
      encodeSteps(numbered(0n, [pay(address, 5n)])),
    ])
    expect((await suite.world.callBy(suite.world.carrier, data)).done).toEqual([0])
    expect((await suite.world.callBy(suite.world.carrier, data)).done).toEqual([])
    expect(await suite.world.balance(name)).toBe(5n)
  })

  test('give up numbers of another account: nobody', async () => {
    const data = await suite.world.signedCall([suite.world.batchId(), FOREVER, encodeSteps([close(0n)])])
    const first = suite.world.owner
    await suite.anotherOwner()
    expect(await suite.world.refusal(data)).toBe('NotTheAccount')
    suite.world.owner = first
    expect((await suite.world.callBy(suite.world.carrier, data)).done).toEqual([0])
  })

  test('run anything on the code itself: nobody', async () => {
    const data = await suite.world.signedCall([suite.world.batchId(), FOREVER, encodeSteps([close(0n)])], {
      verifyingContract: suite.world.executor,
    })
    const { status } = await suite.world.send(suite.world.carrier, { to: suite.world.executor, data })
    expect(status).toBe('reverted')
  })
})

describe('a batch', () => {
  test('past its time does nothing', async () => {
    const { timestamp } = await suite.world.client.getBlock()
    const steps = [close(0n)]
    const late = await suite.world.run(steps, { validUntil: timestamp - 1n })
    expect([late.receipt.status, late.done]).toEqual(['reverted', null])
    expect(await suite.world.isDone(0n)).toBe(false)
    expect((await suite.world.run(steps, { validUntil: timestamp + 1_000n })).done).toEqual([0])
  })

  test('to an account that is not delegated is mined, and says nothing: there is no evidence', async () => {
    await suite.world.delegate(
      suite.world.owner,
      checkedAddress('0x0000000000000000000000000000000000000000'),
    )
    const { name, address } = suite.recipient()
    for (const ran of [
      await suite.world.run(numbered(0n, [pay(address, 5n)])),
      await suite.world.carry(numbered(0n, [pay(address, 5n)])),
    ]) {
      expect(ran).toMatchObject({ done: null, failed: null, receipt: { status: 'success', logs: [] } })
    }
    expect(await suite.world.balance(name)).toBe(0n)
  })

  test('is found by its id, once, from the account itself', async () => {
    const batchId = toHex('a batch', { size: 32 })
    const { receipt } = await suite.world.run([close(0n)], { batchId })
    expect(receipt.logs).toHaveLength(1)
    expect(receipt.logs[0]).toMatchObject({ address: suite.world.owner.address.toLowerCase() })
    expect(receipt.logs[0]?.topics[1]).toBe(batchId)
  })

  test('of 256 steps runs, of one more does not', async () => {
    const steps = Array.from({ length: 256 }, (_, index) => close(BigInt(index)))
    const more = hex(`${encodeSteps(steps)}${encodeSteps([close(256n)]).slice(2)}`)
    expect((await suite.world.run(more)).receipt.status).toBe('reverted')
    expect((await suite.world.run(steps)).done).toHaveLength(256)
  })

  test.each([
    ['a kind that is none', '05'],
    ['no number', '00'],
    ['a step that is cut short', encodeSteps([close(0n)]).slice(2, -2)],
    ['a payment that is cut short', encodeSteps(numbered(0n, [pay(someone(), 1n)])).slice(2, -2)],
    [
      'data that is cut short',
      encodeSteps(numbered(0n, [{ kind: 'call', to: someone(), value: 0n, data: hex('0x1234') }])).slice(
        2,
        -2,
      ),
    ],
  ])('with %s does nothing', async (_, rest) => {
    const good = encodeSteps([close(8n)])
    expect((await suite.world.run(hex(`${good}${rest}`))).receipt.status).toBe('reverted')
    expect(await suite.world.isDone(8n)).toBe(false)
  })

  test('without steps says so', async () => {
    expect(await suite.world.run(NO_DATA)).toMatchObject({ done: [], failed: [] })
  })
})

describe('a delegated account', () => {
  test('takes plain value, and collectibles as an account without code does', async () => {
    const { status } = await suite.world.send(suite.world.carrier, {
      to: suite.world.owner.address,
      value: 1n,
    })
    expect(status).toBe('success')
    const collectibles = await suite.world.deploy('Collectibles')
    const data = encodeFunctionData({
      abi: CALLEE_ABI,
      functionName: 'handOver',
      args: [suite.world.owner.address],
    })
    await suite.world.send(suite.world.carrier, { to: collectibles, data })
    expect(await suite.world.read(collectibles, 'handedOver')).toBe(1n)
  })

  test.each([
    ['0x01ffc9a7', true],
    ['0x150b7a02', true],
    ['0x4e2312e0', true],
    ['0xffffffff', false],
  ] as const)('says of interface %s: %s', async (id, expected) => {
    const call = {
      address: suite.world.owner.address,
      abi: EXECUTOR_ABI,
      functionName: 'supportsInterface',
    } as const
    expect(await suite.world.client.readContract({ ...call, args: [id] })).toBe(expected)
  })

  test('keeps its numbers when it delegates elsewhere and comes back', async () => {
    await suite.world.run([close(5n)])
    await suite.world.delegate(suite.world.owner, suite.counter)
    await suite.world.delegate(suite.world.owner, suite.world.executor)
    expect(await suite.world.isDone(5n)).toBe(true)
  })

  test('whose authorization a stranger brings again is what it was', async () => {
    const nonce = await suite.world.client.getTransactionCount({ address: suite.world.owner.address })
    const old = await suite.world.owner.signAuthorization({
      contractAddress: suite.counter,
      chainId: 31_337,
      nonce,
    })
    await suite.world.delegate(suite.world.owner, suite.world.executor)
    await suite.world.send(suite.world.carrier, { authorizationList: [old], to: suite.world.carrier.address })
    expect((await suite.world.run([close(0n)])).done).toEqual([0])
  })
})

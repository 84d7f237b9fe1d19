// Guarantees of contracts/BatchExecutor.sol (contracts/SPEC.md), on a real node: each step of a delegated account runs at
// most once, whoever carries it and however often; one that fails leaves the others alone; and nobody but the account's key
// decides what runs.

import { encodeFunctionData, parseAbi, parseEther, toHex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { BatchCall, BatchStep } from '../../src/shared/batch/batch-step.ts'
import { encodeSteps } from '../../src/shared/batch/encode-steps.ts'
import type { Address } from '../../src/shared/chain/address.ts'
import { checkedAddress, hex } from '../unit/adapters/chain-values.ts'
import { EXECUTOR_ABI, ExecutorWorld, FOREVER, forge, numbered } from './executor-world.ts'

const CALLEE_ABI = parseAbi([
  'function add() payable',
  'function refuse()',
  'function answer()',
  'function fail()',
  'function handOver(address to)',
  'function arm(bytes data)',
])
const NO_DATA = hex('0x')

let world: ExecutorWorld
let token: Address
let counter: Address
let owners = 0

beforeAll(async () => {
  world = await ExecutorWorld.start()
  counter = await world.deploy('Counter')
  token = await world.deploy('DemoToken')
})
afterAll(() => world.anvil.stop())

// An account of its own for each test, so its numbers begin at zero.
beforeEach(async () => {
  owners += 1
  await world.freshOwner(`owner ${owners}`)
  const data = encodeFunctionData({
    abi: parseAbi(['function mint(address[] holders, uint256 amount)']),
    args: [[world.owner.address], 1_000_000n],
  })
  await world.send(world.carrier, { to: token, data })
})

describe('a step', () => {
  test('of each kind runs, and is told by its place', async () => {
    const [eth, coins] = [recipient(), recipient()]
    const steps = numbered(0n, [pay(eth.address, 5n), give(coins.address, 7n), callCounter('add', 9n)])
    const { done, failed } = await world.run(steps)
    expect([done, failed]).toEqual([[0, 1, 2], []])
    expect(await world.balance(eth.name)).toBe(5n)
    expect(await world.tokens(token, coins.address)).toBe(7n)
    expect(await world.client.getBalance({ address: counter })).toBe(9n)
  })

  test('runs once, however often and by whomever it is carried', async () => {
    const { name, address } = recipient()
    const steps = numbered(41n, [pay(address, 5n)])
    expect((await world.run(steps)).done).toEqual([0])
    for (const again of [await world.run(steps), await world.carry(steps)]) {
      expect([again.done, again.failed]).toEqual([[], []])
    }
    expect(await world.balance(name)).toBe(5n)
  })

  test('runs once where it stands twice in one batch', async () => {
    const { name, address } = recipient()
    const [step] = numbered(3n, [pay(address, 5n)])
    expect((await world.run([step, step].flatMap((one) => one ?? []))).done).toEqual([0])
    expect(await world.balance(name)).toBe(5n)
  })

  test.each([0n, 255n, 256n, 257n, 2n ** 63n, 2n ** 64n - 1n])(
    'with the number %d is known by it',
    async (number) => {
      const { address } = recipient()
      expect(await world.isDone(number)).toBe(false)
      expect((await world.run(numbered(number, [pay(address, 1n)]))).done).toEqual([0])
      expect(await world.isDone(number)).toBe(true)
      for (const other of [number - 1n, number + 1n].filter((one) => one >= 0n)) {
        expect(await world.isDone(other)).toBe(false)
      }
    },
  )

  test('is known by its bit among those of 256 numbers', async () => {
    const numbers = [255n, 256n, 511n, 512n, 0n, 300n]
    const steps = numbers.flatMap((number) => numbered(number, [pay(recipient().address, 1n)]))
    expect((await world.run(steps)).done).toEqual([0, 1, 2, 3, 4, 5])
    const bits = await Promise.all([0n, 1n, 2n].map((word) => doneBits(word)))
    expect(bits).toEqual([1n | (1n << 255n), 1n | (1n << 255n) | (1n << 44n), 1n])
  })

  test('that fails uses its number up, and the others are untouched', async () => {
    const [before, after] = [recipient(), recipient()]
    const steps = numbered(0n, [pay(before.address, 1n), callCounter('refuse'), pay(after.address, 2n)])
    const { done, failed } = await world.run(steps)
    expect([done, failed]).toEqual([[0, 2], [1]])
    expect(await world.isDone(1n)).toBe(true)
    expect((await world.run(steps)).failed).toEqual([])
    expect([await world.balance(before.name), await world.balance(after.name)]).toEqual([1n, 2n])
  })

  test('that is closed never runs', async () => {
    const { name, address } = recipient()
    expect((await world.run([close(7n)])).done).toEqual([0])
    const { done, failed } = await world.run([...numbered(7n, [pay(address, 5n)]), close(7n)])
    expect([done, failed]).toEqual([[], []])
    expect(await world.balance(name)).toBe(0n)
  })

  test('above the balance fails alone', async () => {
    const { name, address } = recipient()
    const { done, failed } = await world.run(
      numbered(0n, [pay(address, parseEther('1001')), give(address, 1_000_001n), pay(address, 3n)]),
    )
    expect([done, failed]).toEqual([[2], [0, 1]])
    expect(await world.balance(name)).toBe(3n)
  })

  test('with data to an account without code fails: it would do nothing and succeed', async () => {
    const { address } = recipient()
    const add = encodeFunctionData({ abi: CALLEE_ABI, functionName: 'add' })
    const { done, failed } = await world.run(
      numbered(0n, [
        { kind: 'call', to: address, value: 1n, data: hex(add) },
        { kind: 'call', to: address, value: 1n, data: NO_DATA },
        { kind: 'erc20', token: address, to: address, amount: 1n },
      ]),
    )
    expect([done, failed]).toEqual([[1], [0, 2]])
  })
})

describe('a token', () => {
  test.each([
    ['true', word(1n), [0]],
    ['nothing', '0x', [0]],
    ['true and more', `${word(1n)}00`, [0]],
    ['false', word(0n), []],
    ['another number', word(2n), []],
    ['less than a word', '0x01', []],
  ] as const)('that answers %s', async (_, reply, expected) => {
    const odd = await world.deploy('OddToken', [reply])
    const { done } = await world.run(numbered(0n, [{ kind: 'erc20', token: odd, to: counter, amount: 1n }]))
    expect(done).toEqual(expected)
    expect(await world.read(odd, 'calls')).toBe(1n)
  })
})

describe('a callee', () => {
  test('that uses up all its gas fails alone, and uses no more than its limit', async () => {
    const burner = await world.deploy('Burner')
    const { name, address } = recipient()
    const steps: readonly BatchStep[] = [
      { number: 0n, gas: 200_000, run: pay(burner, 1n) },
      { number: 1n, gas: 200_000, run: { kind: 'call', to: burner, value: 0n, data: hex('0x01') } },
      { number: 2n, gas: 200_000, run: { kind: 'erc20', token: burner, to: address, amount: 1n } },
      { number: 3n, gas: 0, run: pay(address, 4n) },
    ]
    const { done, failed, receipt } = await world.run(steps)
    expect([done, failed]).toEqual([[3], [0, 1, 2]])
    expect(receipt.gasUsed).toBeLessThan(800_000n)
    expect(await world.balance(name)).toBe(4n)
  })

  test('that answers a megabyte costs what it may use, and nothing more', async () => {
    const flood = await world.deploy('Flood')
    const calls = (['answer', 'fail'] as const).map((functionName): BatchCall => {
      const data = hex(encodeFunctionData({ abi: CALLEE_ABI, functionName }))
      return { kind: 'call', to: flood, value: 0n, data }
    })
    const { done, failed, receipt } = await world.run(numbered(0n, calls, 3_000_000))
    expect([done, failed]).toEqual([[0], [1]])
    // Its own memory is all that is paid for: twice 2.1 million.
    expect(receipt.gasUsed).toBeLessThan(4_600_000n)
  })

  test('that comes back in runs nothing: neither what stands open nor what stands behind it', async () => {
    const reenterer = await world.deploy('Reenterer')
    const { name, address } = recipient()
    const inner = await world.signedCall([
      world.batchId(),
      FOREVER,
      encodeSteps(numbered(1n, [pay(address, 5n)])),
    ])
    await arm(reenterer, inner)
    const { done, failed } = await world.run([
      { number: 0n, gas: 500_000, run: pay(reenterer, 1n) },
      ...numbered(1n, [pay(address, 5n)]),
    ])
    expect([done, failed]).toEqual([[0, 1], []])
    expect(await world.read(reenterer, 'isTried')).toBe(true)
    expect(await world.read(reenterer, 'isLetIn')).toBe(false)
    expect(await world.balance(name)).toBe(5n)
  })

  test('has no way into a group', async () => {
    const reenterer = await world.deploy('Reenterer')
    await arm(reenterer, encodeFunctionData({ abi: EXECUTOR_ABI, functionName: 'runGroup', args: ['0x'] }))
    const { done } = await world.run([{ number: 0n, gas: 500_000, run: pay(reenterer, 1n) }])
    expect(done).toEqual([0])
    expect(await world.read(reenterer, 'isLetIn')).toBe(false)
  })

  test('may be the account itself, and no batch runs inside a batch', async () => {
    const inner = encodeFunctionData({
      abi: EXECUTOR_ABI,
      functionName: 'execute',
      args: [world.batchId(), FOREVER, encodeSteps([close(9n)])],
    })
    const to = world.ownAddress
    const { failed } = await world.run(numbered(0n, [{ kind: 'call', to, value: 0n, data: hex(inner) }]))
    expect(failed).toEqual([0])
    expect(await world.isDone(9n)).toBe(false)
  })
})

describe('gas', () => {
  test('that does not cover a step undoes the whole batch: nobody fails a step by giving little', async () => {
    const { name, address } = recipient()
    const steps: readonly BatchStep[] = [
      ...numbered(0n, [pay(address, 1n)]),
      { number: 1n, gas: 1_000_000, run: callCounter('add') },
    ]
    for (const gas of [1_000_000n, 1_100_000n]) {
      const { receipt, done } = await world.carry(steps, { gas })
      expect([receipt.status, done]).toEqual(['reverted', null])
    }
    expect(await world.isDone(0n)).toBe(false)
    expect((await world.carry(steps, { gas: 1_300_000n })).done).toEqual([0, 1])
    expect(await world.balance(name)).toBe(1n)
  })

  test('of any amount runs all steps or none', async () => {
    const { name, address } = recipient()
    const steps = numbered(0n, [callCounter('add'), pay(address, 1n), callCounter('add')], 60_000)
    let enough = 0n
    for (let gas = 60_000n; enough === 0n; gas += 7_001n) {
      const { done, failed } = await world.carry(steps, { gas })
      if (done === null) continue
      expect([done, failed]).toEqual([[0, 1, 2], []])
      enough = gas
    }
    expect(enough).toBeGreaterThan(100_000n)
    expect(await world.balance(name)).toBe(1n)
  })
})

describe('who may', () => {
  test('run a batch: the account, and nobody else without its signature', async () => {
    const steps = encodeSteps([close(0n)])
    const data = encodeFunctionData({
      abi: EXECUTOR_ABI,
      functionName: 'execute',
      args: [world.batchId(), FOREVER, steps],
    })
    expect(await world.refusal(data)).toBe('NotTheAccount')
    expect((await world.callBy(world.carrier, data)).done).toBeNull()
    expect((await world.callBy(world.owner, data)).done).toEqual([0])
  })

  test('carry a batch: anybody, with the signature of this account, chain, batch, time and steps', async () => {
    const args = [world.batchId(), FOREVER, encodeSteps([close(0n)])] as const
    const stranger = world.account('stranger')
    const forged = [
      await world.signedCall(args, { chainId: 1 }),
      await world.signedCall(args, { verifyingContract: world.executor }),
      await world.signedCall(args, { verifyingContract: world.address('another') }),
      await world.signedCall(args, {}, stranger),
      forge(await world.signedCall(args), { batchId: toHex(999, { size: 32 }) }),
      forge(await world.signedCall(args), { validUntil: FOREVER + 1n }),
      forge(await world.signedCall(args), { steps: encodeSteps([close(1n)]) }),
      forge(await world.signedCall(args), { r: toHex(0, { size: 32 }), vs: toHex(0, { size: 32 }) }),
    ]
    for (const data of forged) expect(await world.refusal(data)).toBe('NotTheAccount')
    expect((await world.callBy(world.carrier, await world.signedCall(args))).done).toEqual([0])
  })

  test('carry a signed batch again: anybody, and nothing runs', async () => {
    const { name, address } = recipient()
    const data = await world.signedCall([
      world.batchId(),
      FOREVER,
      encodeSteps(numbered(0n, [pay(address, 5n)])),
    ])
    expect((await world.callBy(world.carrier, data)).done).toEqual([0])
    expect((await world.callBy(world.carrier, data)).done).toEqual([])
    expect(await world.balance(name)).toBe(5n)
  })

  test('give up numbers of another account: nobody', async () => {
    const data = await world.signedCall([world.batchId(), FOREVER, encodeSteps([close(0n)])])
    const first = world.owner
    await world.freshOwner(`owner ${owners} other`)
    expect(await world.refusal(data)).toBe('NotTheAccount')
    world.owner = first
    expect((await world.callBy(world.carrier, data)).done).toEqual([0])
  })

  test('run anything on the code itself: nobody', async () => {
    const data = await world.signedCall([world.batchId(), FOREVER, encodeSteps([close(0n)])], {
      verifyingContract: world.executor,
    })
    const { status } = await world.send(world.carrier, { to: world.executor, data })
    expect(status).toBe('reverted')
  })
})

describe('a batch', () => {
  test('past its time does nothing', async () => {
    const { timestamp } = await world.client.getBlock()
    const steps = [close(0n)]
    const late = await world.run(steps, { validUntil: timestamp - 1n })
    expect([late.receipt.status, late.done]).toEqual(['reverted', null])
    expect(await world.isDone(0n)).toBe(false)
    expect((await world.run(steps, { validUntil: timestamp + 1_000n })).done).toEqual([0])
  })

  test('to an account that is not delegated is mined, and says nothing: there is no evidence', async () => {
    await world.delegate(world.owner, checkedAddress('0x0000000000000000000000000000000000000000'))
    const { name, address } = recipient()
    for (const ran of [
      await world.run(numbered(0n, [pay(address, 5n)])),
      await world.carry(numbered(0n, [pay(address, 5n)])),
    ]) {
      expect(ran).toMatchObject({ done: null, failed: null, receipt: { status: 'success', logs: [] } })
    }
    expect(await world.balance(name)).toBe(0n)
  })

  test('is found by its id, once, from the account itself', async () => {
    const batchId = toHex('a batch', { size: 32 })
    const { receipt } = await world.run([close(0n)], { batchId })
    expect(receipt.logs).toHaveLength(1)
    expect(receipt.logs[0]).toMatchObject({ address: world.owner.address.toLowerCase() })
    expect(receipt.logs[0]?.topics[1]).toBe(batchId)
  })

  test('of 256 steps runs, of one more does not', async () => {
    const steps = Array.from({ length: 256 }, (_, index) => close(BigInt(index)))
    const more = hex(`${encodeSteps(steps)}${encodeSteps([close(256n)]).slice(2)}`)
    expect((await world.run(more)).receipt.status).toBe('reverted')
    expect((await world.run(steps)).done).toHaveLength(256)
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
    expect((await world.run(hex(`${good}${rest}`))).receipt.status).toBe('reverted')
    expect(await world.isDone(8n)).toBe(false)
  })

  test('without steps says so', async () => {
    expect(await world.run(NO_DATA)).toMatchObject({ done: [], failed: [] })
  })
})

describe('a group', () => {
  test('is one step: all of its calls', async () => {
    const [eth, coins] = [recipient(), recipient()]
    const { done } = await world.run([
      group(0n, [pay(eth.address, 5n), give(coins.address, 7n), callCounter('add')]),
    ])
    expect(done).toEqual([0])
    expect([await world.balance(eth.name), await world.tokens(token, coins.address)]).toEqual([5n, 7n])
  })

  test('or none of them', async () => {
    const { name, address } = recipient()
    const bad: readonly BatchCall[] = [
      callCounter('refuse'),
      give(address, 1_000_001n),
      pay(address, parseEther('1001')),
    ]
    const steps = [
      ...bad.map((call, index) => group(BigInt(index), [pay(address, 5n), call])),
      ...numbered(3n, [pay(address, 1n)]),
    ]
    const { done, failed } = await world.run(steps)
    expect([done, failed]).toEqual([[3], [0, 1, 2]])
    expect(await world.balance(name)).toBe(1n)
  })

  test('runs in no other way', async () => {
    const data = encodeFunctionData({ abi: EXECUTOR_ABI, functionName: 'runGroup', args: ['0x'] })
    for (const from of [world.carrier, world.owner]) {
      expect(await world.refusal(data, from.address)).toBe('NotTheAccount')
    }
  })
})

describe('a delegated account', () => {
  test('takes plain value, and collectibles as an account without code does', async () => {
    const { status } = await world.send(world.carrier, { to: world.owner.address, value: 1n })
    expect(status).toBe('success')
    const collectibles = await world.deploy('Collectibles')
    const data = encodeFunctionData({
      abi: CALLEE_ABI,
      functionName: 'handOver',
      args: [world.owner.address],
    })
    await world.send(world.carrier, { to: collectibles, data })
    expect(await world.read(collectibles, 'handedOver')).toBe(1n)
  })

  test.each([
    ['0x01ffc9a7', true],
    ['0x150b7a02', true],
    ['0x4e2312e0', true],
    ['0xffffffff', false],
  ] as const)('says of interface %s: %s', async (id, expected) => {
    const call = {
      address: world.owner.address,
      abi: EXECUTOR_ABI,
      functionName: 'supportsInterface',
    } as const
    expect(await world.client.readContract({ ...call, args: [id] })).toBe(expected)
  })

  test('keeps its numbers when it delegates elsewhere and comes back', async () => {
    await world.run([close(5n)])
    await world.delegate(world.owner, counter)
    await world.delegate(world.owner, world.executor)
    expect(await world.isDone(5n)).toBe(true)
  })

  test('whose authorization a stranger brings again is what it was', async () => {
    const nonce = await world.client.getTransactionCount({ address: world.owner.address })
    const old = await world.owner.signAuthorization({ contractAddress: counter, chainId: 31_337, nonce })
    await world.delegate(world.owner, world.executor)
    await world.send(world.carrier, { authorizationList: [old], to: world.carrier.address })
    expect((await world.run([close(0n)])).done).toEqual([0])
  })
})

let recipients = 0
function recipient(): { readonly name: string; readonly address: Address } {
  recipients += 1
  const name = `recipient ${recipients}`
  return { name, address: world.address(name) }
}

function someone(): Address {
  return checkedAddress('0x2222222222222222222222222222222222222222')
}

function word(value: bigint): `0x${string}` {
  return toHex(value, { size: 32 })
}

function pay(to: Address, amount: bigint): BatchCall {
  return { kind: 'native', to, amount }
}

function give(to: Address, amount: bigint): BatchCall {
  return { kind: 'erc20', token, to, amount }
}

function callCounter(functionName: 'add' | 'refuse', value = 0n): BatchCall {
  return {
    kind: 'call',
    to: counter,
    value,
    data: hex(encodeFunctionData({ abi: CALLEE_ABI, functionName })),
  }
}

function close(number: bigint): BatchStep {
  return { number, run: { kind: 'close' } }
}

function group(number: bigint, calls: readonly BatchCall[]): BatchStep {
  return { number, gas: 300_000, run: { kind: 'group', calls } }
}

async function arm(reenterer: Address, data: `0x${string}`): Promise<void> {
  const call = encodeFunctionData({ abi: CALLEE_ABI, functionName: 'arm', args: [data] })
  await world.send(world.carrier, { to: reenterer, data: call })
}

function doneBits(word: bigint): Promise<bigint> {
  const call = { address: world.owner.address, abi: EXECUTOR_ABI, functionName: 'doneBits' } as const
  return world.client.readContract({ ...call, args: [word] })
}

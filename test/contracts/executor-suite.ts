// What the tests of the executor share: one node for a file, an account of its own for each test, and short words for steps.

import { encodeFunctionData, parseAbi, toHex } from 'viem'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { BatchCall, BatchStep } from '../../src/shared/batch/batch-step.ts'
import type { Address } from '../../src/shared/chain/address.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import { checkedAddress, hex } from '../unit/adapters/chain-values.ts'
import { ExecutorWorld } from './executor-world.ts'

export const CALLEE_ABI = parseAbi([
  'function add() payable',
  'function refuse()',
  'function answer()',
  'function fail()',
  'function handOver(address to)',
  'function arm(bytes data)',
])
const MINT_ABI = parseAbi(['function mint(address[] holders, uint256 amount)'])
export const NO_DATA = hex('0x')
/** Base units of the token that each account has. */
export const TOKENS = 1_000_000n

/** `world`, `token` and `counter` are there once a test runs. */
export class ExecutorSuite {
  #world: ExecutorWorld | undefined
  #token: Address | undefined
  #counter: Address | undefined
  #owners = 0
  #recipients = 0

  constructor() {
    beforeAll(async () => {
      this.#world = await ExecutorWorld.start()
      this.#counter = await this.world.deploy('Counter')
      this.#token = await this.world.deploy('DemoToken')
    })
    // So its numbers begin at zero.
    beforeEach(() => this.anotherOwner())
    afterAll(() => this.#world?.anvil.stop())
  }

  get world(): ExecutorWorld {
    return assertDefined(this.#world, 'the node is up')
  }

  get token(): Address {
    return assertDefined(this.#token, 'the token is there')
  }

  get counter(): Address {
    return assertDefined(this.#counter, 'the counter is there')
  }

  async anotherOwner(): Promise<void> {
    this.#owners += 1
    await this.world.freshOwner(`owner ${this.#owners}`)
    const data = encodeFunctionData({ abi: MINT_ABI, args: [[this.world.owner.address], TOKENS] })
    await this.world.send(this.world.carrier, { to: this.token, data })
  }

  /** Who never had anything. */
  recipient(): { readonly name: string; readonly address: Address } {
    this.#recipients += 1
    const name = `recipient ${this.#recipients}`
    return { name, address: this.world.address(name) }
  }

  give(to: Address, amount: bigint): BatchCall {
    return { kind: 'erc20', token: this.token, to, amount }
  }

  callCounter(functionName: 'add' | 'refuse', value = 0n): BatchCall {
    const data = hex(encodeFunctionData({ abi: CALLEE_ABI, functionName }))
    return { kind: 'call', to: this.counter, value, data }
  }
}

export function pay(to: Address, amount: bigint): BatchCall {
  return { kind: 'native', to, amount }
}

export function close(number: bigint): BatchStep {
  return { number, run: { kind: 'close' } }
}

export function group(number: bigint, calls: readonly BatchCall[]): BatchStep {
  return { number, gas: 300_000, run: { kind: 'group', calls } }
}

export function word(value: bigint): `0x${string}` {
  return toHex(value, { size: 32 })
}

export function someone(): Address {
  return checkedAddress('0x2222222222222222222222222222222222222222')
}

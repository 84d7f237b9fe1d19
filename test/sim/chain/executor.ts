// What the executor's code does at a delegated account of the simulated chain: reads packed steps and runs each number at
// most once, as contracts/SPEC.md says. Written anew from that page, so that a mistake in the encoding shows.

import type { BatchCall } from '../../../src/shared/batch/batch-step.ts'
import { type Address, isAddress } from '../../../src/shared/chain/address.ts'
import type { Log } from '../../../src/shared/chain/receipt.ts'
import { assert } from '../../../src/shared/lib/assert.ts'
import { type Hex, isHex } from '../../../src/shared/lib/hex.ts'
import { BATCH_DONE_TOPIC } from '../../../src/shared/signer/evidence.ts'
import { addressOf } from '../../support/domain-values.ts'

/** Where its code lives; and some other code, of somebody else. */
export const EXECUTOR = addressOf(0xe8ec)
export const OTHER_CODE = addressOf(0x0ddc)

export type ReadStep = { readonly number: bigint; readonly call: BatchCall | null }
export type Execute = { readonly id: Hex; readonly steps: readonly ReadStep[] }

/** `execute(bytes32,uint256,bytes)`: selector, id, time, offset, length, bytes. */
const HEAD_DIGITS = 2 + 8 + 4 * 64

/** Null: nothing that the executor understands. */
export function readExecute(data: Hex): Execute | null {
  if (data.length < HEAD_DIGITS) return null
  const id = hex(`0x${data.slice(10, 74)}`)
  const size = Number.parseInt(data.slice(HEAD_DIGITS - 64, HEAD_DIGITS), 16)
  const reader = new Reader(data.slice(HEAD_DIGITS, HEAD_DIGITS + 2 * size))
  const steps: ReadStep[] = []
  while (!reader.isDone) steps.push(readStep(reader))
  return { id, steps }
}

function readStep(reader: Reader): ReadStep {
  const kind = Number(reader.number(1))
  const number = reader.number(8)
  if (kind === 4) return { number, call: null }
  reader.number(4)
  if (kind === 0) return { number, call: { kind: 'native', to: reader.address(), amount: reader.number(32) } }
  if (kind === 1) {
    const [token, to] = [reader.address(), reader.address()]
    return { number, call: { kind: 'erc20', token, to, amount: reader.number(32) } }
  }
  assert(kind === 2, 'groups are not used yet')
  const [to, value] = [reader.address(), reader.number(32)]
  return { number, call: { kind: 'call', to, value, data: reader.bytes(Number(reader.number(4))) } }
}

class Reader {
  readonly #digits: string
  #at = 0

  constructor(digits: string) {
    this.#digits = digits
  }

  get isDone(): boolean {
    return this.#at >= this.#digits.length
  }

  number(size: number): bigint {
    return BigInt(`0x${this.#take(size)}`)
  }

  address(): Address {
    const address = `0x${this.#take(20)}`
    assert(isAddress(address), 'an address is one')
    return address
  }

  bytes(size: number): Hex {
    return hex(`0x${this.#take(size)}`)
  }

  #take(size: number): string {
    const end = this.#at + 2 * size
    assert(end <= this.#digits.length, 'steps are whole')
    const digits = this.#digits.slice(this.#at, end)
    this.#at = end
    return digits
  }
}

export function batchDoneLog(account: Address, id: Hex, done: bigint, failed: bigint): Log {
  const data = hex(`0x${done.toString(16).padStart(64, '0')}${failed.toString(16).padStart(64, '0')}`)
  return { address: account, topics: [hex(BATCH_DONE_TOPIC), id], data }
}

function hex(text: string): Hex {
  assert(isHex(text), 'it is hex')
  return text
}

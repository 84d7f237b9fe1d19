// What the executor's code does at a delegated account of the simulated chain: reads packed steps and runs each number at
// most once, as contracts/SPEC.md says. Written anew from that page, so that a mistake in the encoding shows.

import type { BatchCall, BatchRun } from '../../../src/shared/batch/batch-step.ts'
import { type Address, isAddress } from '../../../src/shared/chain/address.ts'
import type { Log } from '../../../src/shared/chain/receipt.ts'
import { assert } from '../../../src/shared/lib/assert.ts'
import { type Hex, isHex } from '../../../src/shared/lib/hex.ts'
import { BATCH_DONE_TOPIC } from '../../../src/shared/signer/evidence/evidence.ts'
import { addressOf } from '../../support/domain-values.ts'

/** Where its code lives; and some other code, of somebody else. */
export const EXECUTOR = addressOf(0xe8ec)
export const OTHER_CODE = addressOf(0x0ddc)

/** `run` null: the number is closed. */
export type ReadStep = { readonly number: bigint; readonly run: BatchRun | null }
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

/** `executeSigned(bytes32,uint256,bytes,bytes32,bytes32)`. */
const SIGNED_SELECTOR = '0xcd1472a3'
/** Selector, id, time, offset, r, vs, length, bytes. */
const SIGNED_HEAD_DIGITS = 2 + 8 + 6 * 64

export type SignedExecute = Execute & {
  /** Seconds. */
  readonly validUntil: number
  readonly packed: Hex
  readonly signature: Hex
}

/** Null: it brings no batch. */
export function readExecuteSigned(data: Hex): SignedExecute | null {
  if (!data.startsWith(SIGNED_SELECTOR) || data.length < SIGNED_HEAD_DIGITS) return null
  const wordAt = (index: number) => data.slice(10 + 64 * index, 74 + 64 * index)
  const size = Number.parseInt(wordAt(5), 16)
  const digits = data.slice(SIGNED_HEAD_DIGITS, SIGNED_HEAD_DIGITS + 2 * size)
  const reader = new Reader(digits)
  const steps: ReadStep[] = []
  while (!reader.isDone) steps.push(readStep(reader))
  return {
    id: hex(`0x${wordAt(0)}`),
    validUntil: Number.parseInt(wordAt(1), 16),
    steps,
    packed: hex(`0x${digits}`),
    signature: hex(`0x${wordAt(3)}${wordAt(4)}`),
  }
}

function readStep(reader: Reader): ReadStep {
  const kind = Number(reader.number(1))
  const number = reader.number(8)
  if (kind === 4) return { number, run: null }
  reader.number(4)
  if (kind !== 3) return { number, run: readCall(reader, kind) }
  return { number, run: { kind: 'group', calls: readCalls(reader.bytes(Number(reader.number(4)))) } }
}

function readCalls(packed: Hex): readonly BatchCall[] {
  const reader = new Reader(packed.slice(2))
  const calls: BatchCall[] = []
  while (!reader.isDone) calls.push(readCall(reader, Number(reader.number(1))))
  return calls
}

function readCall(reader: Reader, kind: number): BatchCall {
  if (kind === 0) return { kind: 'native', to: reader.address(), amount: reader.number(32) }
  if (kind === 1) {
    const [token, to] = [reader.address(), reader.address()]
    return { kind: 'erc20', token, to, amount: reader.number(32) }
  }
  assert(kind === 2, 'there is no other kind')
  const [to, value] = [reader.address(), reader.number(32)]
  return { kind: 'call', to, value, data: reader.bytes(Number(reader.number(4))) }
}

/** `runGroup(bytes)`: selector, offset, length, bytes. */
const GROUP_HEAD_DIGITS = 2 + 8 + 2 * 64

/** What the account tries of itself. */
export function readRunGroup(data: Hex): readonly BatchCall[] {
  const size = Number.parseInt(data.slice(GROUP_HEAD_DIGITS - 64, GROUP_HEAD_DIGITS), 16)
  return readCalls(hex(`0x${data.slice(GROUP_HEAD_DIGITS, GROUP_HEAD_DIGITS + 2 * size)}`))
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

// The bytes of a batch's steps, packed as the executor reads them (contracts/SPEC.md): every byte of them is paid for.

import { assert } from '../lib/assert.ts'
import { type Hex, isHex } from '../lib/hex.ts'
import type { BatchCall, BatchStep } from './batch-step.ts'

/** As many as one word of the executor's report has bits. */
export const BATCH_STEPS_MAX = 256

const KINDS = { native: 0, erc20: 1, call: 2, group: 3, close: 4 } as const

/** Bytes. */
const KIND_SIZE = 1
const NUMBER_SIZE = 8
const GAS_SIZE = 4
const AMOUNT_SIZE = 32
const LENGTH_SIZE = 4

export function encodeSteps(steps: readonly BatchStep[]): Hex {
  assert(steps.length <= BATCH_STEPS_MAX, `a batch has at most ${BATCH_STEPS_MAX} steps`)
  const bytes = `0x${steps.map(step).join('')}`
  assert(isHex(bytes), 'steps are bytes')
  return bytes
}

function step(step: BatchStep): string {
  const head = number(KINDS[step.run.kind], KIND_SIZE) + number(step.number, NUMBER_SIZE)
  if (!('gas' in step)) return head
  const { run } = step
  return head + number(step.gas, GAS_SIZE) + (run.kind === 'group' ? sized(group(run.calls)) : body(run))
}

/** As a group carries them. */
export function encodeCalls(calls: readonly BatchCall[]): Hex {
  const bytes = `0x${group(calls)}`
  assert(isHex(bytes), 'calls are bytes')
  return bytes
}

function group(calls: readonly BatchCall[]): string {
  return calls.map((call) => number(KINDS[call.kind], KIND_SIZE) + body(call)).join('')
}

function body(call: BatchCall): string {
  switch (call.kind) {
    case 'native':
      return digits(call.to) + number(call.amount, AMOUNT_SIZE)
    case 'erc20':
      return digits(call.token) + digits(call.to) + number(call.amount, AMOUNT_SIZE)
    case 'call':
      return digits(call.to) + number(call.value, AMOUNT_SIZE) + sized(digits(call.data))
  }
}

function sized(bytes: string): string {
  return number(bytes.length / 2, LENGTH_SIZE) + bytes
}

function digits(hex: `0x${string}`): string {
  return hex.slice(2)
}

function number(value: bigint | number, size: number): string {
  const text = value.toString(16)
  assert(value >= 0 && text.length <= 2 * size, `${value} does not fit ${size} bytes`)
  return text.padStart(2 * size, '0')
}

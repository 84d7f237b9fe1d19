// Guarantee: steps are packed as contracts/SPEC.md says, and what does not fit is never cut short.

import { expect, test } from 'vitest'
import type { BatchCall, BatchStep } from '../../../src/shared/batch/batch-step.ts'
import { BATCH_STEPS_MAX, encodeSteps } from '../../../src/shared/batch/encode-steps.ts'
import { address, hex } from '../adapters/chain-values.ts'

const TO = address('22')
const TOKEN = address('33')
const PAY: BatchCall = { kind: 'native', to: TO, amount: 10n ** 18n }

test.each<[string, BatchStep, string]>([
  [
    'native',
    { number: 5n, gas: 21_000, run: PAY },
    `00 0000000000000005 00005208 ${'22'.repeat(20)} ${'0de0b6b3a7640000'.padStart(64, '0')}`,
  ],
  [
    'erc20',
    {
      number: 2n ** 64n - 1n,
      gas: 2 ** 32 - 1,
      run: { kind: 'erc20', token: TOKEN, to: TO, amount: 2n ** 256n - 1n },
    },
    `01 ${'ff'.repeat(8)} ffffffff ${'33'.repeat(20)} ${'22'.repeat(20)} ${'ff'.repeat(32)}`,
  ],
  [
    'call',
    { number: 0n, gas: 1, run: { kind: 'call', to: TO, value: 0n, data: hex('0xabcdef') } },
    `02 ${'00'.repeat(8)} 00000001 ${'22'.repeat(20)} ${'00'.repeat(32)} 00000003 abcdef`,
  ],
  [
    'group',
    {
      number: 1n,
      gas: 2,
      run: { kind: 'group', calls: [PAY, { kind: 'call', to: TO, value: 1n, data: hex('0x') }] },
    },
    `03 ${'00'.repeat(7)}01 00000002 0000006e 00 ${'22'.repeat(20)} ${'0de0b6b3a7640000'.padStart(64, '0')}
     02 ${'22'.repeat(20)} ${'00'.repeat(31)}01 00000000`,
  ],
  ['close', { number: 258n, run: { kind: 'close' } }, '04 0000000000000102'],
])('a step of kind %s', (_, step, expected) => {
  const bytes = expected.replaceAll(/\s/g, '')
  expect(encodeSteps([step])).toBe(`0x${bytes}`)
  expect(encodeSteps([step, step])).toBe(`0x${bytes}${bytes}`)
})

test.each<[string, BatchStep]>([
  ['a number of 65 bits', { number: 2n ** 64n, run: { kind: 'close' } }],
  ['a number below zero', { number: -1n, run: { kind: 'close' } }],
  ['more gas than four bytes', { number: 0n, gas: 2 ** 32, run: PAY }],
  ['an amount of 257 bits', { number: 0n, gas: 0, run: { ...PAY, amount: 2n ** 256n } }],
])('%s is refused', (_, step) => {
  expect(() => encodeSteps([step])).toThrow('does not fit')
})

test('a batch has as many steps as its report has bits', () => {
  const steps = (count: number): readonly BatchStep[] =>
    Array.from({ length: count }, (_, index) => ({ number: BigInt(index), run: { kind: 'close' } }))
  expect(encodeSteps(steps(BATCH_STEPS_MAX))).toHaveLength(2 + 2 * 9 * BATCH_STEPS_MAX)
  expect(() => encodeSteps(steps(BATCH_STEPS_MAX + 1))).toThrow('at most 256')
})

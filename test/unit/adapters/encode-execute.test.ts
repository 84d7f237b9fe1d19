// Guarantee: the calls of the executor are exactly what the rest of the world would write for them.

import fc from 'fast-check'
import { encodeFunctionData } from 'viem'
import { expect, test } from 'vitest'
import { encodeDoneBits, encodeExecute } from '../../../src/shared/adapters/encode-execute.ts'
import { EXECUTOR_ABI } from '../../contracts/executor-world.ts'
import { hex, word } from './chain-values.ts'

const UINT256_MAX = 2n ** 256n - 1n

function bytes(minLength: number, maxLength: number) {
  return fc.uint8Array({ minLength, maxLength }).map((each) => hex(`0x${Buffer.from(each).toString('hex')}`))
}

test('execute: the call data of an ABI library', () => {
  const time = fc.bigInt({ min: 0n, max: UINT256_MAX })
  fc.assert(
    fc.property(bytes(32, 32), time, bytes(0, 200), (batchId, validUntil, steps) => {
      const args = [batchId, validUntil, steps] as const
      expect(encodeExecute(batchId, validUntil, steps)).toBe(
        encodeFunctionData({ abi: EXECUTOR_ABI, functionName: 'execute', args }),
      )
    }),
  )
})

test.each([0, 1, 31, 32, 33])('execute: %d bytes of steps', (size) => {
  const steps = hex(`0x${'ab'.repeat(size)}`)
  const args = [word('1'), 1n, steps] as const
  expect(encodeExecute(...args)).toBe(
    encodeFunctionData({ abi: EXECUTOR_ABI, functionName: 'execute', args }),
  )
})

test('execute: what does not fit is a bug', () => {
  expect(() => encodeExecute(hex('0x01'), 1n, hex('0x'))).toThrow('32 bytes')
  expect(() => encodeExecute(word('1'), UINT256_MAX + 1n, hex('0x'))).toThrow('uint256')
})

test('doneBits: the call data of an ABI library', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 56n - 1n }), (number) => {
      const data = encodeFunctionData({ abi: EXECUTOR_ABI, functionName: 'doneBits', args: [number] })
      expect(encodeDoneBits(number)).toBe(data)
    }),
  )
})

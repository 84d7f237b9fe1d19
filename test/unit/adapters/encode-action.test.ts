// Guarantee: an action becomes exactly the transaction that the rest of the world would write for it.

import fc from 'fast-check'
import { encodeFunctionData, erc20Abi } from 'viem'
import { expect, test } from 'vitest'
import { encodeAction, encodeBalanceOf } from '../../../src/shared/adapters/encode-action.ts'
import { address, checkedAddress, hex } from './chain-values.ts'

const TOKEN = address('33')

const anAddress = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => checkedAddress(`0x${Buffer.from(bytes).toString('hex')}`))

test('native: the value and nothing else', () => {
  expect(encodeAction({ type: 'native', to: TOKEN, amount: 5n })).toEqual({
    to: TOKEN,
    value: 5n,
    data: '0x',
  })
})

test('erc20: the call data of an ABI library', () => {
  fc.assert(
    fc.property(anAddress, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (to, amount) => {
      const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] })
      expect(encodeAction({ type: 'erc20', token: TOKEN, to, amount })).toEqual({
        to: TOKEN,
        value: 0n,
        data,
      })
    }),
  )
})

test('an amount that no token can hold is a bug', () => {
  expect(() => encodeAction({ type: 'erc20', token: TOKEN, to: TOKEN, amount: 2n ** 256n })).toThrow(
    'uint256',
  )
})

test('balanceOf: the call data of an ABI library', () => {
  fc.assert(
    fc.property(anAddress, (owner) => {
      expect(encodeBalanceOf(owner)).toBe(
        encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [owner] }),
      )
    }),
  )
})

test('call: as it was asked for', () => {
  const data = hex('0xdeadbeef')
  expect(encodeAction({ type: 'call', to: TOKEN, data, value: 9n })).toEqual({ to: TOKEN, value: 9n, data })
})

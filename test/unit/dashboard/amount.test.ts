// What is shown of an amount is never more than there is, and never fewer digits without saying so.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  amountText,
  nativeAmount,
  shortNativeAmount,
  shortTokenAmount,
  tokenAmount,
} from '../../../src/dashboard/parts/amount.ts'

const UINT256_MAX = 2n ** 256n - 1n
const wei = fc.bigInt({ min: 0n, max: UINT256_MAX })

/** Base units of what is shown. */
function read(number: string, unit: string): bigint {
  const decimals = unit === 'ETH' ? 18 : unit === 'gwei' ? 9 : 0
  const [whole = '', fraction = ''] = number.replaceAll(',', '').split('.')
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}

describe('a native amount', () => {
  it('has all its digits', () => {
    fc.assert(
      fc.property(wei, (value) => {
        const { number, unit, isRounded } = nativeAmount(String(value), 'ETH')
        expect(isRounded).toBe(false)
        expect(read(number, unit)).toBe(value)
      }),
    )
  })

  it('in a list is cut, never rounded up, and says so', () => {
    fc.assert(
      fc.property(fc.oneof(wei, fc.bigInt({ min: 0n, max: 10n ** 20n })), (value) => {
        const { number, unit, isRounded } = shortNativeAmount(String(value), 'ETH')
        const shown = read(number, unit)
        expect(shown <= value).toBe(true)
        expect(isRounded).toBe(shown !== value)
        expect(value === 0n || shown > 0n).toBe(true)
      }),
    )
  })

  it('reads as people write it', () => {
    expect(amountText(nativeAmount('1000000000000000', 'ETH'))).toBe('0.001 ETH')
    expect(amountText(nativeAmount('1234500000000000000000', 'ETH'))).toBe('1,234.5 ETH')
    expect(amountText(shortNativeAmount('1234567890123456789', 'ETH'))).toBe('≈ 1.234567 ETH')
    expect(amountText(shortNativeAmount('2500000000', 'ETH'))).toBe('2.5 gwei')
    expect(amountText(shortNativeAmount('7', 'ETH'))).toBe('7 wei')
    expect(amountText(shortNativeAmount('0', 'ETH'))).toBe('0 ETH')
  })
})

it('a token amount stays in base units: its decimals are not known here', () => {
  expect(amountText(tokenAmount('1000000'))).toBe('1,000,000 base units')
})

it('a long token amount in a list is a number times a power of ten, exact or said to be cut', () => {
  expect(amountText(shortTokenAmount('999999999999'))).toBe('999,999,999,999 base units')
  expect(amountText(shortTokenAmount('25000000000000000000'))).toBe('25 × 10¹⁸ base units')
  expect(amountText(shortTokenAmount('25500000000000000000'))).toBe('255 × 10¹⁷ base units')
  expect(amountText(shortTokenAmount('19999999999999999999'))).toBe('≈ 1.999999 × 10¹⁹ base units')
})

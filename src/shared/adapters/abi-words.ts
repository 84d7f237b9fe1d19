// Arguments of contract calls, as the ABI lays them out: words of 32 bytes. In hex digits, without `0x`.

import type { Address } from '../chain/address.ts'
import { assert } from '../lib/assert.ts'
import { type Hex, isHex } from '../lib/hex.ts'

/** Hex digits of one word. */
export const WORD_DIGITS = 64

export function addressWord(address: Address): string {
  return address.slice(2).padStart(WORD_DIGITS, '0')
}

export function numberWord(amount: bigint): string {
  const digits = amount.toString(16)
  assert(amount >= 0n && digits.length <= WORD_DIGITS, 'an amount fits a uint256')
  return digits.padStart(WORD_DIGITS, '0')
}

/** Length, then the bytes, filled up to a whole word. */
export function bytesWords(bytes: Hex): string {
  const digits = bytes.slice(2)
  const words = Math.ceil(digits.length / WORD_DIGITS)
  return numberWord(BigInt(digits.length / 2)) + digits.padEnd(words * WORD_DIGITS, '0')
}

export function hex(text: string): Hex {
  assert(isHex(text), 'encoded bytes are hex')
  return text
}

// Values of the chain for tests: checked once here, so that the tests can say them in a word.

import { type Address, isAddress } from '../../../src/shared/chain/address.ts'
import { type BlockHash, isBlockHash, isTxHash, type TxHash } from '../../../src/shared/chain/hash.ts'
import { type Hex, isHex } from '../../../src/shared/lib/hex.ts'

/** 32 bytes that end in these digits. */
export function word(digits: string): Hex {
  return hex(`0x${digits.padStart(64, '0')}`)
}

export function hex(text: string): Hex {
  if (!isHex(text)) throw new Error(`not hex: ${text}`)
  return text
}

/** An address by its only byte. */
export function address(byte: string): Address {
  return checkedAddress(`0x${byte.repeat(20)}`)
}

export function checkedAddress(text: string): Address {
  if (!isAddress(text)) throw new Error(`not an address: ${text}`)
  return text
}

/** A hash by its only byte. */
export function txHash(byte: string): TxHash {
  const text = `0x${byte.repeat(32)}`
  if (!isTxHash(text)) throw new Error(`not a hash: ${text}`)
  return text
}

/** A hash by its only byte. */
export function blockHash(byte: string): BlockHash {
  const text = `0x${byte.repeat(32)}`
  if (!isBlockHash(text)) throw new Error(`not a hash: ${text}`)
  return text
}

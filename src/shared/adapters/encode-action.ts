// An action as the fields of a transaction. By hand, because one selector does not need an ABI library in the object.

import type { Address } from '../chain/address.ts'
import { assert } from '../lib/assert.ts'
import { type Hex, isHex } from '../lib/hex.ts'
import type { Action } from '../transfer/request.ts'

export type TransactionFields = { readonly to: Address; readonly value: bigint; readonly data: Hex }

/** First four bytes of keccak256 of `transfer(address,uint256)` and of `balanceOf(address)`. */
const TRANSFER_SELECTOR = '0xa9059cbb'
const BALANCE_OF_SELECTOR = '0x70a08231'

/** Hex digits of one argument. */
const WORD_DIGITS = 64

export function encodeAction(action: Action): TransactionFields {
  switch (action.type) {
    case 'native':
      return { to: action.to, value: action.amount, data: hex('0x') }
    case 'erc20':
      return {
        to: action.token,
        value: 0n,
        data: hex(TRANSFER_SELECTOR + addressWord(action.to) + numberWord(action.amount)),
      }
    case 'call':
      return { to: action.to, value: action.value, data: action.data }
  }
}

/** The call that asks a token for what `owner` has. */
export function encodeBalanceOf(owner: Address): Hex {
  return hex(BALANCE_OF_SELECTOR + addressWord(owner))
}

function addressWord(address: Address): string {
  return address.slice(2).padStart(WORD_DIGITS, '0')
}

function numberWord(amount: bigint): string {
  const digits = amount.toString(16)
  assert(amount >= 0n && digits.length <= WORD_DIGITS, 'an amount fits a uint256')
  return digits.padStart(WORD_DIGITS, '0')
}

function hex(text: string): Hex {
  assert(isHex(text), 'encoded bytes are hex')
  return text
}

// An action as the fields of a transaction. By hand, because one selector does not need an ABI library in the object.

import { callOf } from '../batch/call-of.ts'
import { encodeCalls } from '../batch/encode-steps.ts'
import type { Address } from '../chain/address.ts'
import type { Hex } from '../lib/hex.ts'
import type { Action, SingleAction } from '../transfer/request.ts'
import { addressWord, hex, numberWord } from './abi-words.ts'
import { encodeRunGroup } from './encode-execute.ts'

export type TransactionFields = { readonly to: Address; readonly value: bigint; readonly data: Hex }

/** First four bytes of keccak256 of `transfer(address,uint256)` and of `balanceOf(address)`. */
const TRANSFER_SELECTOR = '0xa9059cbb'
const BALANCE_OF_SELECTOR = '0x70a08231'

/** What a node is asked to try: the transaction of its own, or what the account's code would be told to run at once. */
export function encodeTrial(action: Action, account: Address): TransactionFields {
  if (action.type !== 'batch') return encodeAction(action)
  return { to: account, value: 0n, data: encodeRunGroup(encodeCalls(action.actions.map(callOf))) }
}

export function encodeAction(action: SingleAction): TransactionFields {
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

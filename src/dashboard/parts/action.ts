// A transfer's action in the words of the page.

import type { TransferDocument } from '../../shared/schema/transfer-document.ts'
import {
  type Amount,
  group,
  nativeAmount,
  shortNativeAmount,
  shortTokenAmount,
  tokenAmount,
} from './amount.ts'

export type Action = TransferDocument['action']

/** For a list: a native amount is cut to what can be compared. */
export function listAmount(action: Action, symbol: string): Amount {
  if (action.type === 'erc20') return shortTokenAmount(action.amount)
  if (isPlainCall(action)) return callAmount(action.data)
  return shortNativeAmount(nativeValue(action), symbol)
}

/** All digits. */
export function fullAmount(action: Action, symbol: string): Amount {
  if (action.type === 'erc20') return tokenAmount(action.amount)
  if (isPlainCall(action)) return callAmount(action.data)
  return nativeAmount(nativeValue(action), symbol)
}

/** A call that moves no money is not `0 ETH`. */
function isPlainCall(action: Action): action is Extract<Action, { type: 'call' }> {
  return action.type === 'call' && nativeValue(action) === '0'
}

function callAmount(data: string): Amount {
  return { number: 'Call', unit: dataSizeText(data), isRounded: false, exact: '0 wei, with call data' }
}

function nativeValue(action: Exclude<Action, { type: 'erc20' }>): string {
  return action.type === 'native' ? action.amount : (action.value ?? '0')
}

const KINDS: Readonly<Record<Action['type'], string>> = {
  native: 'Native',
  erc20: 'ERC-20',
  call: 'Call',
}

export function kindText(action: Action): string {
  return KINDS[action.type] ?? action.type
}

/** Of calldata: two hex digits are a byte. */
export function dataSizeText(data: string): string {
  const bytes = (data.length - 2) / 2
  return `${group(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`
}

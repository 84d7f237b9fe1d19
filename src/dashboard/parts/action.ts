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
export type SingleAction = Exclude<Action, BatchAction>
type BatchAction = Extract<Action, { type: 'batch' }>

/** For a list: a native amount is cut to what can be compared. */
export function listAmount(action: Action, symbol: string): Amount {
  if (action.type === 'erc20') return shortTokenAmount(action.amount)
  if (action.type === 'batch') return batchAmount(action)
  if (isPlainCall(action)) return callAmount(action.data)
  return shortNativeAmount(nativeValue(action), symbol)
}

/** All digits. */
export function fullAmount(action: Action, symbol: string): Amount {
  if (action.type === 'erc20') return tokenAmount(action.amount)
  if (action.type === 'batch') return batchAmount(action)
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

function batchAmount({ actions }: BatchAction): Amount {
  const unit = actions.length === 1 ? 'action' : 'actions'
  return { number: group(actions.length), unit, isRounded: false, exact: 'all of them or none' }
}

/** Whom it pays or calls; of several in one, the first. */
export function recipientOf(action: Action): string {
  return action.type === 'batch' ? (action.actions[0]?.to ?? '') : action.to
}

/** Beside the recipient that is shown. */
export function othersText(action: Action): string | null {
  if (action.type !== 'batch') return null
  const others = action.actions.length - 1
  return others === 0 ? null : `and ${group(others)} more`
}

function nativeValue(action: Exclude<Action, { type: 'erc20' | 'batch' }>): string {
  return action.type === 'native' ? action.amount : (action.value ?? '0')
}

const KINDS: Readonly<Record<Action['type'], string>> = {
  native: 'Native',
  erc20: 'ERC-20',
  call: 'Call',
  batch: 'Batch',
}

export function kindText(action: Action): string {
  return KINDS[action.type] ?? action.type
}

/** Of calldata: two hex digits are a byte. */
export function dataSizeText(data: string): string {
  const bytes = (data.length - 2) / 2
  return `${group(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`
}

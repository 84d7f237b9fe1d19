// How a record reads in one line: its word, its color and the fields that matter.

import type { WalDocument } from '../../shared/schema/wal-document.ts'
import { isObject } from '../api/shape.ts'
import type { LiveRecord } from '../live/live-cursor.ts'
import { type Action, listAmount, recipientOf } from '../parts/action.ts'
import { amountText, group, gweiAmount, shortNativeAmount, tokenAmount } from '../parts/amount.ts'
import { shortHash } from '../parts/short-hash.ts'
import { reasonText, type Tone } from '../parts/status.ts'

export type Field = {
  readonly name: string
  readonly text: string
  readonly title?: string
  readonly isCode?: boolean
}

type Recorded = LiveRecord['record']

const TONES: Readonly<Record<string, Tone>> = {
  held: 'amber',
  capped: 'amber',
  signed: 'blue',
  broadcast: 'blue',
  unclear: 'amber',
  mined: 'violet',
  orphaned: 'amber',
  confirmed: 'violet',
  finalized: 'green',
  failed: 'red',
  withdraw_refused: 'amber',
}

export function recordTone(kind: string): Tone {
  return TONES[kind] ?? 'neutral'
}

/** `withdraw_requested` -> `Withdraw requested`. */
export function recordName(kind: string): string {
  const words = kind.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A kind that this page does not know shows its plain fields. */
export function recordFields(record: Recorded, symbol: string): readonly Field[] {
  switch (record.kind) {
    case 'accepted':
      return requestFields(record.request, symbol)
    case 'bound':
      // Admitted anew is worth a word, the first time is not.
      return plainFields(pick(record, record.generation === 0 ? ['signer'] : ['generation', 'signer']))
    case 'held':
      return [...plainFields(pick(record, ['reason'])), ...capFields(record.cap)]
    case 'capped':
      return record.cap === null ? [{ name: 'cap', text: 'none any more' }] : capFields(record.cap)
    case 'signed':
      return [...plainFields(pick(record, ['nonce'])), ...attemptFields(record.attempt)]
    case 'mined':
    case 'orphaned':
    case 'finalized':
      return inclusionFields(record.inclusion, symbol)
    case 'failed':
      return [...plainFields(pick(record, ['failure'])), ...inclusionFields(record.inclusion, symbol)]
    default: {
      const { kind: _, ...rest } = record
      return plainFields(rest)
    }
  }
}

function requestFields(request: unknown, symbol: string): readonly Field[] {
  if (!isObject(request) || !isAction(request.action)) return []
  const amount = listAmount(request.action, symbol)
  return [
    { name: 'amount', text: amountText(amount), title: amount.exact },
    code('to', recipientOf(request.action)),
    ...(request.action.type === 'erc20' ? [code('token', request.action.token)] : []),
  ]
}

function attemptFields(attempt: unknown): readonly Field[] {
  if (!isObject(attempt)) return []
  const fee = typeof attempt.max_fee_per_gas === 'string' ? gweiAmount(attempt.max_fee_per_gas) : null
  return [
    ...plainFields({ ...(attempt.index === 0 ? {} : { attempt: attempt.index }), hash: attempt.hash }),
    ...(fee === null ? [] : [{ name: 'max fee', text: amountText(fee), title: fee.exact }]),
  ]
}

function inclusionFields(inclusion: unknown, symbol: string): readonly Field[] {
  if (!isObject(inclusion)) return []
  const fee = typeof inclusion.fee_paid === 'string' ? shortNativeAmount(inclusion.fee_paid, symbol) : null
  return [
    ...(typeof inclusion.block_number === 'number'
      ? [{ name: 'block', text: group(inclusion.block_number) }]
      : []),
    ...(inclusion.outcome === 'success' ? [] : plainFields({ outcome: inclusion.outcome })),
    ...(fee === null ? [] : [{ name: 'fee', text: amountText(fee), title: fee.exact }]),
  ]
}

/** Texts and numbers; what is nested stands in the whole record. */
/** Whose it is, and its value. */
function capFields(cap: unknown): readonly Field[] {
  if (!isObject(cap) || typeof cap.most !== 'string' || typeof cap.by !== 'string') return []
  const most = gweiAmount(cap.most)
  return [{ name: 'cap', text: `${amountText(most)} of its ${cap.by}`, title: most.exact }]
}

function plainFields(fields: Readonly<Record<string, unknown>>): readonly Field[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const label = name.replaceAll('_', ' ')
    if (typeof value === 'number') return [{ name: label, text: group(value) }]
    if (typeof value !== 'string') return []
    if (value.startsWith('0x')) return [code(label, value)]
    if (/^\d{7,}$/.test(value)) return [{ name: label, text: tokenAmount(value).number }]
    return [{ name: label, text: name === 'reason' ? reasonText(value) : value.replaceAll('_', ' ') }]
  })
}

function code(name: string, text: string): Field {
  return { name, text: shortHash(text), title: text, isCode: true }
}

function pick(record: Recorded, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, record[name]]))
}

function isAction(value: unknown): value is Action {
  if (!isObject(value)) return false
  if (value.type === 'batch') return Array.isArray(value.actions) && value.actions.every(isAction)
  if (typeof value.to !== 'string') return false
  if (value.type === 'erc20') return typeof value.token === 'string' && typeof value.amount === 'string'
  return value.type === 'call' || typeof value.amount === 'string'
}

type By = WalDocument['groups'][number]['by']

/** Who caused it, in a word or two, and in full. */
export function byText(by: By): { readonly text: string; readonly title: string } {
  switch (by.source) {
    case 'api':
      return { text: `api · ${by.role}`, title: `API key ${by.key}, role ${by.role}` }
    case 'signer':
      return { text: `signer · ${by.view}`, title: `News of the signer, as of its log position ${by.view}` }
    default:
      return { text: by.source, title: `Caused by: ${by.source}` }
  }
}

// Bodies of POST /v1/transfers that have one fault, made from a good one.

import { BODY_MAX_BYTES } from '../../../src/workers/api/json-body.ts'
import type { newCaller } from './api-client.ts'

type Good = Awaited<ReturnType<typeof newCaller>>['body']
/** What is sent: text and bytes as they are, anything else as JSON. */
type Make = (good: Good) => unknown

export type Fault = {
  readonly name: string
  readonly make: Make
  readonly code: string
  /** Null: the fault is not in a field. */
  readonly field: string | null
  readonly status: number
}

const to = `0x${'70'.repeat(20)}`
const payment = { type: 'native', to, amount: '1' }
/** The last account of this name, with the case of two letters changed. */
const mistyped = '0xf39fd6e51aad88F6F4ce6aB8827279cffFb92266'

export const FORM_FAULTS: readonly Fault[] = [
  fault('no body', () => undefined, 'not_json', null),
  fault('an empty body', () => '', 'not_json', null),
  fault('not JSON', () => '{"chain":', 'not_json', null),
  fault('two JSON texts', () => '{} {}', 'not_json', null),
  fault('not UTF-8', () => new Uint8Array([0x22, 0xff, 0x22]), 'not_json', null),
  fault('a list', () => [], 'invalid_field', 'body'),
  fault('null', () => 'null', 'invalid_field', 'body'),
  fault('text', () => '"transfer"', 'invalid_field', 'body'),

  fault('an unknown field', field('deadlin', '2030-01-01T00:00:00Z'), 'unknown_field', 'deadlin'),
  fault('an unknown field of the action', native('1', { memo: 'x' }), 'unknown_field', 'action.memo'),
  fault('__proto__ as a field', inText('{', '{"__proto__":{"chain":"x"},'), 'unknown_field', '__proto__'),
  fault('constructor as a field', field('constructor', 1), 'unknown_field', 'constructor'),
  fault('all in a prototype', (good) => `{"__proto__":${JSON.stringify(good)}}`, 'missing_field', 'chain'),
  fault('a field twice', inText('"amount":', '"amount":"1","amount":'), 'duplicate_field', 'body'),
  fault('twice, escaped', inText('"amount":', '"\\u0061mount":"1","amount":'), 'duplicate_field', 'body'),
  fault('a missing field', field('from', undefined), 'missing_field', 'from'),
  fault('a missing action', field('action', undefined), 'missing_field', 'action'),
  fault('a missing amount', native(undefined), 'missing_field', 'action.amount'),
  fault('an action without a type', action({ to, amount: '1' }), 'missing_field', 'action.type'),
  fault('a type that is not known', action({ type: 'erc721', to }), 'invalid_field', 'action.type'),
  fault('a type from a prototype', action({ type: 'constructor' }), 'invalid_field', 'action.type'),

  fault('a batch of nothing', several(), 'invalid_field', 'action.actions'),
  fault(
    'a batch that is no list',
    action({ type: 'batch', actions: payment }),
    'invalid_field',
    'action.actions',
  ),
  fault(
    'a batch in a batch',
    several({ type: 'batch', actions: [payment] }),
    'invalid_field',
    'action.actions.0.type',
  ),
  fault('too long a batch', several(...Array(65).fill(payment)), 'invalid_field', 'action.actions'),
  fault(
    'a batch of too much data',
    several(...Array(2).fill({ type: 'call', to, data: `0x${'00'.repeat(40_000)}` })),
    'invalid_field',
    'action.actions',
  ),
  fault(
    'a bad amount in a batch',
    several(payment, { ...payment, amount: '-1' }),
    'amount_negative',
    'action.actions.1.amount',
  ),

  fault('a chain that is not CAIP-2', field('chain', 'ethereum'), 'invalid_chain', 'chain'),
  fault('a chain that is a number', field('chain', 1), 'invalid_chain', 'chain'),
  fault('a short address', native('1', { to: '0x1234' }), 'invalid_address', 'action.to'),
  fault('an address without 0x', native('1', { to: '70'.repeat(21) }), 'invalid_address', 'action.to'),
  fault('a pool without a name', field('from', 'pool:'), 'invalid_pool', 'from'),
  fault('a pool in capitals', field('from', 'pool:Payroll'), 'invalid_pool', 'from'),
  fault('a pool with too long a name', field('from', `pool:${'x'.repeat(65)}`), 'invalid_pool', 'from'),
  fault('a pool as a recipient', native('1', { to: 'pool:payroll' }), 'invalid_address', 'action.to'),
  fault('an address that is a number', native('1', { to: 5 }), 'invalid_address', 'action.to'),
  fault('a signer that is no address', field('from', 'hot'), 'invalid_address', 'from'),
  fault('a wrong checksum', native('1', { to: mistyped }), 'invalid_checksum', 'action.to'),
  fault('a wrong checksum of the signer', field('from', mistyped), 'invalid_checksum', 'from'),
  fault('a wrong checksum of the token', erc20('1', mistyped), 'invalid_checksum', 'action.token'),

  fault('a negative amount', native('-1'), 'amount_negative', 'action.amount'),
  fault('a fractional amount', native('1.5'), 'amount_fractional', 'action.amount'),
  fault('an amount in hex', native('0x10'), 'amount_not_decimal', 'action.amount'),
  fault('an amount with an exponent', native('1e18'), 'amount_not_decimal', 'action.amount'),
  fault('an amount with a sign', native('+1'), 'amount_not_decimal', 'action.amount'),
  fault('an amount with a leading zero', native('01'), 'amount_not_decimal', 'action.amount'),
  fault('an amount with a space', native(' 1'), 'amount_not_decimal', 'action.amount'),
  fault('an amount in other digits', native('١٢'), 'amount_not_decimal', 'action.amount'),
  fault('an empty amount', native(''), 'amount_not_decimal', 'action.amount'),
  fault('an amount that is a JSON number', native(1_000), 'amount_not_decimal', 'action.amount'),
  fault('an amount that is null', native(null), 'amount_not_decimal', 'action.amount'),
  fault('an amount of zero', native('0'), 'amount_zero', 'action.amount'),
  fault('an ERC-20 amount of zero', erc20('0', to), 'amount_zero', 'action.amount'),
  fault('a fee limit of zero', field('max_fee_per_gas', '0'), 'amount_zero', 'max_fee_per_gas'),
  fault('an amount above uint256', native(String(2n ** 256n)), 'amount_too_large', 'action.amount'),
  fault('an amount of a thousand digits', native('9'.repeat(1_000)), 'amount_too_large', 'action.amount'),

  fault('calldata of half a byte', call('0x123'), 'invalid_hex', 'action.data'),
  fault('calldata above its cap', call(`0x${'00'.repeat(65_537)}`), 'invalid_field', 'action.data'),
  fault('a deadline that is no time', field('deadline', 'tomorrow'), 'invalid_time', 'deadline'),
  fault('a deadline without an offset', field('deadline', '2030-01-01T00:00:00'), 'invalid_time', 'deadline'),
  fault('a deadline that is a number', field('deadline', 1_900_000_000), 'invalid_time', 'deadline'),
  fault('a speed that is not known', field('speed', 'warp'), 'invalid_field', 'speed'),
  fault('no confirmations', field('confirmations', 0), 'invalid_field', 'confirmations'),
  fault('half a confirmation', field('confirmations', 1.5), 'invalid_field', 'confirmations'),
  fault('endless confirmations', inText('{', '{"confirmations":1e999,'), 'invalid_field', 'confirmations'),
  fault('too long a reference', field('reference', 'x'.repeat(257)), 'invalid_field', 'reference'),
  fault('half a surrogate pair', inText('{', '{"reference":"\\ud800",'), 'invalid_field', 'reference'),
  fault('half a pair in a tag', inText('{', '{"tags":["a","\\udc00"],'), 'invalid_field', 'tags.1'),
  fault('too many tags', field('tags', Array(17).fill('x')), 'invalid_field', 'tags'),
  fault('tags that are deep', inText('{', `{"tags":${deepList(40_000)},`), 'invalid_field', 'tags.0'),
  fault('a body above the cap', () => ' '.repeat(BODY_MAX_BYTES + 1), 'body_too_large', null, 413),
]

/** Of good form, and still not to be: `foreign` is a signer of another tenant, `own` another one of the same. */
export function policyFaults(foreign: string, own: string): readonly Fault[] {
  return [
    fault('a chain that is not served', field('chain', 'eip155:424242'), 'unknown_chain', 'chain'),
    fault('a signer that nobody has', field('from', `0x${'ab'.repeat(20)}`), 'signer_not_found', 'from'),
    fault('a pool that nobody has', field('from', 'pool:nobody'), 'signer_not_found', 'from'),
    fault('a signer of another tenant', field('from', foreign), 'signer_not_found', 'from'),
    fault('a private transfer', field('visibility', 'private'), 'visibility_unavailable', 'visibility'),
    fault('a call to an own signer', call('0x', own), 'call_to_signer', 'action.to'),
    fault('a call to a foreign signer', call('0x', foreign), 'call_to_signer', 'action.to'),
    fault('a batch where the chain has none', several(payment), 'batch_unavailable', 'action.type'),
    fault(
      'a call to a signer in a batch',
      several(payment, { type: 'call', to: foreign, data: '0x' }),
      'call_to_signer',
      'action.actions',
    ),
    fault('a deadline in the past', field('deadline', '2020-01-01T00:00:00Z'), 'deadline_passed', 'deadline'),
  ]
}

function fault(name: string, make: Make, code: string, field: string | null, status = 400): Fault {
  return { name, make, code, field, status }
}

function field(name: string, value: unknown): Make {
  return (good) => ({ ...good, [name]: value })
}

function action(value: Record<string, unknown>): Make {
  return field('action', value)
}

function several(...actions: readonly Record<string, unknown>[]): Make {
  return action({ type: 'batch', actions })
}

function native(amount: unknown, more: Record<string, unknown> = {}): Make {
  return action({ type: 'native', to, amount, ...more })
}

function erc20(amount: string, token: string): Make {
  return action({ type: 'erc20', token, to, amount })
}

function call(data: string, target: string = to): Make {
  return action({ type: 'call', to: target, data })
}

/** What no JSON.stringify writes. */
function inText(part: string, other: string): Make {
  return (good) => JSON.stringify(good).replace(part, other)
}

function deepList(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

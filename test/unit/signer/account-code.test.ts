// Guarantee: a delegation is told from no code and from a contract's own.

import { expect, test } from 'vitest'
import { parseAccountCode } from '../../../src/shared/signer/account/account-code.ts'
import { address, hex } from '../adapters/chain-values.ts'

const TO = address('c0')

test.each([
  ['0x', { kind: 'none' }],
  [`0xef0100${TO.slice(2)}`, { kind: 'delegated', to: TO }],
  ['0x00', { kind: 'contract' }],
  ['0x60006000fd', { kind: 'contract' }],
  ['0xef0100', { kind: 'contract' }],
  [`0xef0100${TO.slice(2)}00`, { kind: 'contract' }],
  [`0xef0101${TO.slice(2)}`, { kind: 'contract' }],
  [`0xef0100${TO.slice(4)}`, { kind: 'contract' }],
])('%s', (code, expected) => {
  expect(parseAccountCode(hex(code))).toEqual(expected)
})

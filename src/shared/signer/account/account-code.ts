// The code at an address: none, another account's by delegation (EIP-7702), or a contract's own.

import { type Address, isAddress } from '../../chain/address.ts'
import type { Hex } from '../../lib/hex.ts'

export type AccountCode =
  | { readonly kind: 'none' }
  | { readonly kind: 'delegated'; readonly to: Address }
  | { readonly kind: 'contract' }

/** What the code of a delegated account begins with; no contract's code may (EIP-3541). The address follows, and ends it. */
const DELEGATION_PREFIX = '0xef0100'

/** `code`: lower case. */
export function parseAccountCode(code: Hex): AccountCode {
  if (code.length === '0x'.length) return { kind: 'none' }
  const to = `0x${code.slice(DELEGATION_PREFIX.length)}`
  return code.startsWith(DELEGATION_PREFIX) && isAddress(to)
    ? { kind: 'delegated', to }
    : { kind: 'contract' }
}

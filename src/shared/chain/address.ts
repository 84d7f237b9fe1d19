// An EVM address in code: lower case. The checksummed form (EIP-55) exists on the wire only.

import type { Brand } from '../lib/brand.ts'

export type Address = Brand<`0x${string}`, 'Address'>

const ADDRESS_PATTERN = /^0x[0-9a-f]{40}$/

export function isAddress(text: string): text is Address {
  return ADDRESS_PATTERN.test(text)
}

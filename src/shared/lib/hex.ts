// Bytes and their hex text.

import type { Brand } from './brand.ts'

/** `0x` and an even number of lower-case hex digits. */
export type Hex = Brand<`0x${string}`, 'Hex'>

const HEX_PATTERN = /^0x(?:[0-9a-f]{2})*$/

export function isHex(text: string): text is Hex {
  return HEX_PATTERN.test(text)
}

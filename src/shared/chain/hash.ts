// 32-byte hashes of the chain: transactions and blocks.

import type { Brand } from '../lib/brand.ts'

export type TxHash = Brand<`0x${string}`, 'TxHash'>
export type BlockHash = Brand<`0x${string}`, 'BlockHash'>

const HASH_PATTERN = /^0x[0-9a-f]{64}$/

export function isTxHash(text: string): text is TxHash {
  return HASH_PATTERN.test(text)
}

export function isBlockHash(text: string): text is BlockHash {
  return HASH_PATTERN.test(text)
}

// CAIP-2 ids of EVM chains: `eip155:<reference>`.

import type { Brand } from '../lib/brand.ts'

export type ChainId = Brand<`eip155:${string}`, 'ChainId'>

/** CAIP-2 allows 32 characters of reference; an EVM chain id is a number without leading zero. */
const CHAIN_ID_PATTERN = /^eip155:[1-9][0-9]{0,15}$/

export function isChainId(text: string): text is ChainId {
  return CHAIN_ID_PATTERN.test(text)
}

/** The number that goes into a signature (EIP-155). */
export function chainReference(chain: ChainId): number {
  return Number(chain.slice('eip155:'.length))
}

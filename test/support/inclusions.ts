// A transaction of the signer's account in a block.

import type { BlockRef } from '../../src/shared/chain/block.ts'
import type { Inclusion } from '../../src/shared/chain/receipt.ts'
import type { UnixMs } from '../../src/shared/lib/time.ts'
import { RECIPIENT, START, txHashOf } from './domain-values.ts'

export function ourInclusion({ number, hash }: BlockRef): {
  readonly at: UnixMs
  readonly inclusion: Inclusion
} {
  return {
    at: START,
    inclusion: {
      nonce: 1,
      to: RECIPIENT,
      value: 5n,
      receipt: {
        hash: txHashOf(1),
        block_number: number,
        block_hash: hash,
        status: 'success',
        gas_used: 21_000n,
        effective_gas_price: 1n,
        logs: [],
      },
    },
  }
}

// Where a transaction stands, without what it did.

import type { Inclusion } from '../../chain/receipt.ts'
import type { BlockInclusion } from './slot.ts'

export function blockInclusion({ receipt }: Inclusion): BlockInclusion {
  const { hash, block_number, block_hash, gas_used, effective_gas_price } = receipt
  return { hash, block_number, block_hash, gas_used, fee_paid: gas_used * effective_gas_price }
}

// Records of a chain's log in their wire form.

import { z } from 'zod'
import { type ChainRecord, FENCE_REASONS } from '../chain/records.ts'
import { address, blockHash, chainId, count, hex, tenantId, time, txHash, uint256 } from './scalars.ts'

const blockRef = z.strictObject({ number: count, hash: blockHash })
const linkedBlock = z.strictObject({
  number: count,
  hash: blockHash,
  parent_hash: blockHash,
  at: time.optional(),
})

const receipt = z.strictObject({
  hash: txHash,
  block_number: count,
  block_hash: blockHash,
  status: z.enum(['success', 'reverted']),
  gas_used: uint256,
  effective_gas_price: uint256,
  logs: z.array(z.strictObject({ address, topics: z.array(hex).readonly(), data: hex })).readonly(),
})

const inclusion = z.strictObject({
  nonce: count,
  to: address.nullable(),
  value: uint256,
  by: address.optional(),
  receipt,
})

export const chainRecord = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('opened'), chain: chainId }),
  z.strictObject({ kind: z.literal('identified'), genesis: blockHash }),
  z.strictObject({ kind: z.literal('watched'), address, tenant: tenantId }),
  z.strictObject({ kind: z.literal('unwatched'), address }),
  z.strictObject({ kind: z.literal('started'), block: linkedBlock }),
  z.strictObject({
    kind: z.literal('advanced'),
    removed: z.array(blockRef).readonly(),
    added: z.array(linkedBlock).readonly(),
    matches: z.array(z.strictObject({ address, inclusion })).readonly(),
  }),
  z.strictObject({ kind: z.literal('finalized'), block: blockRef }),
  z.strictObject({ kind: z.literal('settled'), address, below: count, through: count.optional() }),
  z.strictObject({ kind: z.literal('fenced'), reason: z.enum(FENCE_REASONS), at: blockRef }),
  z.strictObject({ kind: z.literal('unfenced') }),
  z.strictObject({
    kind: z.literal('witnessed'),
    address,
    incarnation: count,
    seq: count,
    digest: z.string(),
  }),
])

chainRecord satisfies z.ZodType<ChainRecord>

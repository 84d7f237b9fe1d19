// A chain as the API shows it: what the deployment says of it, and how far it is followed.

import { z } from 'zod'
import { logReport } from './log-report.ts'
import { address, blockHash, chainId, count } from './scalars.ts'

const blockRef = z.strictObject({ number: count, hash: blockHash })

export const chainView = z.strictObject({
  chain: chainId,
  name: z.string(),
  native_symbol: z.string(),
  block_time_ms: count.describe('Milliseconds between blocks, as expected.'),
  confirmations: count.describe('Blocks after which a transfer that asks for nothing else is confirmed.'),
  executor: address
    .nullable()
    .describe('The contract whose code accounts run batches with; null: no batches on this chain.'),
  private_transfers: z
    .boolean()
    .describe('Whether transfers with `visibility: private` can be posted to it.'),
  status: z
    .enum(['idle', 'following', 'fenced', 'unavailable'])
    .describe(
      'idle: nothing to follow. fenced: the chain undid what was final; nothing is signed. unavailable: no answer.',
    ),
  status_reason: z.string().nullable(),
  head: blockRef.nullable(),
  finalized: blockRef.nullable(),
  log: logReport.nullable(),
})
export type ChainView = z.input<typeof chainView>

export const chainList = z.strictObject({ data: z.array(chainView) })

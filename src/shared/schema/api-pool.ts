// A pool as the API shows it to its tenant.

import { z } from 'zod'
import { address, chainId, sender } from './scalars.ts'

export const poolName = z.string().describe('1 to 64 of a-z, 0-9, _ and -.')

export const poolView = z.strictObject({
  chain: chainId,
  name: poolName,
  from: sender.describe('What a transfer names it by.'),
  signers: z.array(address).describe('Its members.'),
})
export type PoolView = z.input<typeof poolView>

export const poolPage = z.strictObject({
  data: z.array(poolView),
  next_cursor: z
    .string()
    .nullable()
    .describe('Give it as `cursor` to get the next page; null: this is the last one.'),
})

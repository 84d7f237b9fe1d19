// A signer as the API shows it to its tenant.

import { z } from 'zod'
import { VISIBILITIES } from '../routing/visibility.ts'
import { poolName } from './api-pool.ts'
import { logReport } from './log-report.ts'
import { address, chainId, count, uint256 } from './scalars.ts'

export const signerView = z.strictObject({
  chain: chainId,
  address,
  kind: z.enum(['plain', 'delegated']),
  visibility: z
    .enum(VISIBILITIES)
    .describe('private: private transfers go from it, and no others; only private endpoints see them.'),
  pools: z
    .array(poolName)
    .readonly()
    .describe('Names of the pools that it is in: a transfer from one of them may be given to it.'),
  status: z
    .enum(['ready', 'paused', 'fenced', 'unavailable'])
    .describe(
      'paused: waits for funds, or for its key to sign. fenced: must not sign. unavailable: no answer.',
    ),
  status_reason: z.string().nullable(),
  balance: uint256.nullable().describe('Wei at the last look.'),
  next_nonce: count.nullable(),
  pool: count.nullable().describe('Steps that wait without a nonce.'),
  open_slots: count.nullable().describe('Nonces in use that are not settled.'),
  log: logReport.nullable(),
})
export type SignerView = z.input<typeof signerView>

/** What became of a command about a signer's delegation. */
export const delegation = z.strictObject({
  result: z.enum(['asked', 'done']).describe('asked: its transaction is to come. done: it is so.'),
})

export const signerPage = z.strictObject({
  data: z.array(signerView),
  next_cursor: z
    .string()
    .nullable()
    .describe('Give it as `cursor` to get the next page; null: this is the last one.'),
})

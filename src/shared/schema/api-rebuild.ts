// POST /v1/rebuild: what one step of it did.

import { z } from 'zod'
import { count } from './scalars.ts'

export const rebuildStep = z.strictObject({
  stage: z
    .enum(['packs', 'transfers'])
    .describe('First the index of the archive is written, then the rows of your transfers.'),
  transfers_read: count.describe('Transfers that were looked at.'),
  transfers_lost: count.describe('Of these: have no object any more; their rows come from the archive.'),
  transfers_unreadable: count.describe(
    'Of these: neither object nor archive has their log from its beginning.',
  ),
  next_cursor: z.string().nullable().describe('Go on with this; null: all is done.'),
})
export type RebuildStep = z.input<typeof rebuildStep>

// Transfers as the API answers them: the document of the log, and what is only true at the moment of reading.

import { z } from 'zod'
import { count, status } from './scalars.ts'
import { stepDocument, transferDocument } from './transfer-document.ts'
import { by } from './wal-document.ts'

export const stepView = z.strictObject({
  ...stepDocument.shape,
  confirmations: count
    .nullable()
    .optional()
    .describe(
      'Blocks on top of the inclusion, the mined one included, counted while the transfer is read; null: there is ' +
        'nothing to count, or it cannot be counted now. Only in GET /v1/transfers/{id}.',
    ),
})

export const transferView = z.strictObject({ ...transferDocument.shape, steps: z.array(stepView) })
export type TransferView = z.input<typeof transferView>

const nextCursor = z
  .string()
  .nullable()
  .describe('Give it as `cursor` to get the next page; null: this is the last one.')

export const transferPage = z.strictObject({ data: z.array(transferView), next_cursor: nextCursor })

export const statusChange = z.strictObject({
  status,
  status_reason: z.string().nullable(),
  at: z.string().describe('RFC 3339.'),
  seq: count.describe('Position in the log of the record that brought it.'),
  by,
  cause: z.string().describe('Kind of the record that brought it.'),
})

export const transferHistory = z.strictObject({ data: z.array(statusChange) })
export type TransferHistory = z.input<typeof transferHistory>

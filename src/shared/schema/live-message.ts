// What GET /v1/transfers/{id}/live sends: every record after `after_seq` once, in order, then the live ones.

import { z } from 'zod'
import { count, status } from './scalars.ts'
import { by } from './wal-document.ts'

export const liveMessage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('record'),
    transfer: z.string(),
    seq: count,
    /** RFC 3339. */
    at: z.string(),
    by,
    /** Of the transfer, once the group of this record is in. */
    status,
    status_reason: z.string().nullable(),
    /** As it stands in the log. */
    record: z.looseObject({ kind: z.string() }),
  }),
  /** The replay is done: `seq` is the last record of the log. */
  z.strictObject({ type: z.literal('live'), transfer: z.string(), seq: count }),
])

export type LiveMessage = z.input<typeof liveMessage>

/** The protocol's name in Sec-WebSocket-Protocol; a browser sends its key beside it, as `bearer.KEY`. */
export const LIVE_PROTOCOL = 'waybill.v1'
export const BEARER_PROTOCOL_PREFIX = 'bearer.'

// Records of a transfer's log in their wire form: what is stored, hashed and shown. A record that this schema does not
// encode is refused before it is written.

import { z } from 'zod'
import type { TransferRecord } from '../transfer/records.ts'
import { FAILURES, HOLD_REASONS } from '../transfer/status.ts'
import { QUEUE_REASONS } from '../transfer/submission-path.ts'
import { address, count, tenantId, transferId, txHash, uint256 } from './scalars.ts'
import { attemptSummary, feeCap, stepInclusion } from './step-report.ts'
import { transferRequest } from './transfer-request.ts'

export const transferRecord = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('accepted'),
    transfer: transferId,
    tenant: tenantId,
    fingerprint: z.string(),
    request: transferRequest,
    path: z
      .discriminatedUnion('by', [
        z.strictObject({ by: z.literal('request') }),
        z.strictObject({ by: z.literal('queue'), because: z.enum(QUEUE_REASONS) }),
      ])
      .optional(),
  }),
  z.strictObject({ kind: z.literal('bound'), generation: count, signer: address }),
  z.strictObject({ kind: z.literal('queued') }),
  z.strictObject({ kind: z.literal('held'), reason: z.enum(HOLD_REASONS), cap: feeCap.optional() }),
  z.strictObject({
    kind: z.literal('signed'),
    nonce: count,
    attempt: attemptSummary,
    number: uint256.optional(),
  }),
  z.strictObject({ kind: z.literal('carried'), number: uint256 }),
  z.strictObject({ kind: z.literal('capped'), cap: feeCap.nullable() }),
  z.strictObject({ kind: z.literal('broadcast'), hash: txHash }),
  z.strictObject({ kind: z.literal('unclear'), hash: txHash }),
  z.strictObject({ kind: z.literal('mined'), inclusion: stepInclusion }),
  z.strictObject({ kind: z.literal('orphaned'), inclusion: stepInclusion }),
  z.strictObject({ kind: z.literal('confirmed'), confirmations: count }),
  z.strictObject({ kind: z.literal('finalized'), inclusion: stepInclusion }),
  z.strictObject({
    kind: z.literal('failed'),
    failure: z.enum(FAILURES),
    inclusion: stepInclusion.nullable(),
  }),
  z.strictObject({ kind: z.literal('retried'), inclusion: stepInclusion }),
  z.strictObject({ kind: z.literal('closed'), nonce: count.nullable(), by: txHash.nullable() }),
  z.strictObject({ kind: z.literal('unbound') }),
  z.strictObject({ kind: z.literal('speed_up_requested'), command: z.string() }),
  z.strictObject({
    kind: z.literal('withdraw_requested'),
    cause: z.enum(['cancel', 'deadline', 'rebind']),
    command: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('withdraw_refused'), nonce: count.nullable() }),
  z.strictObject({ kind: z.literal('expired') }),
  z.strictObject({ kind: z.literal('canceled') }),
])

transferRecord satisfies z.ZodType<TransferRecord>

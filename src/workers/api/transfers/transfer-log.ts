// GET /v1/transfers/{id}/history and /wal: what happened to a transfer, told and proved.

import { z } from 'zod'
import { err, ok } from '../../../shared/lib/result.ts'
import { toRfc3339 } from '../../../shared/lib/time.ts'
import type { StatusChange } from '../../../shared/ports/transfer-actor.ts'
import type { TransferHistory } from '../../../shared/schema/api-transfer.ts'
import { jsonAnswer } from '../answer.ts'
import { ask } from '../dependency.ts'
import { EXAMPLE_HISTORY, EXAMPLE_WAL } from '../openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from '../operation.ts'
import { countParameter, noQuery, readQuery } from '../query.ts'
import { readTransferId, transferNotFound } from './transfer-id.ts'

/** Groups of one answer: a group has under 2 KB, so an answer stays under 2 MB. */
export const WAL_GROUPS_MAX = 1_000

const walQuery = z.strictObject({
  after_seq: countParameter({ min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 }).describe(
    'Groups that end after this record; 0: from the start.',
  ),
  limit: countParameter({ min: 1, max: WAL_GROUPS_MAX, otherwise: WAL_GROUPS_MAX }).describe(
    'Groups of the answer.',
  ),
})

export const readHistory: Operation = {
  name: 'readTransferHistory',
  method: 'get',
  path: '/v1/transfers/{id}/history',
  group: 'Transfers',
  summary: 'Read the status changes of a transfer',
  description: 'Each change of the status with its time and its cause, oldest first.',
  query: noQuery,
  headers: [],
  answers: {
    200: { description: 'The changes.', schema: 'TransferHistory', example: EXAMPLE_HISTORY },
  },
  problems: ['transfer_not_found', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle: handleHistory,
}

export const readWal: Operation = {
  name: 'readTransferWal',
  method: 'get',
  path: '/v1/transfers/{id}/wal',
  group: 'Transfers',
  summary: 'Read the log of a transfer',
  description:
    'Every record, in the groups in which they were written, with digests. With the whole log in hand, anybody can ' +
    'compute `head.digest` again, by SHA-256 over RFC 8785 forms: a leaf is up to 16 records of a group; `content` is ' +
    'that of `{ at, by, count, leaves, seq, v }` with the digests of the leaves; the digest of a group is that of ' +
    '`{ content, previous, skip }`: of the digests of the group before, and of the one whose number is that of the ' +
    'group without its lowest bit. Before the first group stands the digest of `{ class, object, v: 1 }`. `waybill ' +
    'verify` checks it.',
  query: walQuery,
  headers: [],
  answers: { 200: { description: 'The groups.', schema: 'Wal', example: EXAMPLE_WAL } },
  problems: ['transfer_not_found', 'invalid_field', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle: handleWal,
}

async function handleHistory(call: TenantCall): Promise<Outcome> {
  const id = readTransferId(call)
  if (!id.ok) return id
  const query = readQuery(call.request, noQuery)
  if (!query.ok) return query
  const changes = await ask(
    () => call.env.TRANSFER.getByName(id.value),
    (transfer) => transfer.history(call.caller.tenant),
  )
  return changes === null ? err(transferNotFound()) : ok(jsonAnswer(toHistory(changes)))
}

async function handleWal(call: TenantCall): Promise<Outcome> {
  const id = readTransferId(call)
  if (!id.ok) return id
  const query = readQuery(call.request, walQuery)
  if (!query.ok) return query
  const wal = await ask(
    () => call.env.TRANSFER.getByName(id.value),
    (transfer) => transfer.wal(call.caller.tenant, query.value.after_seq, query.value.limit),
  )
  return wal === null ? err(transferNotFound()) : ok(jsonAnswer(wal))
}

function toHistory(changes: readonly StatusChange[]): TransferHistory {
  return { data: changes.map((change) => ({ ...change, at: toRfc3339(change.at) })) }
}

// GET /v1/transfers/{id}/wal/{seq}: that one record stands in the log, for somebody who knows its head and has no more of it.

import { err, ok } from '../../../shared/lib/result.ts'
import { jsonAnswer } from '../answer.ts'
import { ask } from '../dependency.ts'
import { EXAMPLE_PROOF } from '../openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from '../operation.ts'
import { problem } from '../problem.ts'
import { noQuery, readQuery } from '../query.ts'
import { readTransferId, transferNotFound } from './transfer-id.ts'

/** Digits of a seq: below what a number holds exactly. */
const SEQ_PATTERN = /^[1-9]\d{0,14}$/

export const proveRecord: Operation = {
  name: 'proveTransferRecord',
  method: 'get',
  path: '/v1/transfers/{id}/wal/{seq}',
  group: 'Transfers',
  summary: 'Prove one record of a transfer',
  description:
    'The record with the digests that lead from it to `head`, a few hundred bytes for each doubling of the log. ' +
    'SHA-256 of the RFC 8785 form of `records` is `group.leaves[leaf]`; that of `{ at, by, count, leaves, seq, v }` of ' +
    'the group is `content` of the last link; that of `{ content, previous, skip }` of each link is `previous` or ' +
    '`skip` of the one before, and of the first link `head.digest`. `waybill proof` checks it.',
  query: noQuery,
  headers: [],
  answers: { 200: { description: 'The proof.', schema: 'RecordProof', example: EXAMPLE_PROOF } },
  problems: ['transfer_not_found', 'record_not_found', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle: handleProof,
}

async function handleProof(call: TenantCall): Promise<Outcome> {
  const id = readTransferId(call)
  if (!id.ok) return id
  const query = readQuery(call.request, noQuery)
  if (!query.ok) return query
  const text = call.param('seq')
  // What is no seq is no record of any transfer; whether there is such a transfer is told all the same.
  const seq = SEQ_PATTERN.test(text) ? Number(text) : 0
  const proof = await ask(
    () => call.env.TRANSFER.getByName(id.value),
    (transfer) => transfer.proof(call.caller.tenant, seq),
  )
  if (proof === null) return err(transferNotFound())
  if (proof === 'unknown') return err(problem('record_not_found', `The log has no record ${text}.`))
  return ok(jsonAnswer(proof))
}

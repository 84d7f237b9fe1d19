// GET /v1/transfers/{id}: the transfer as its own object tells it, and how deep its block lies right now.

import { err, ok } from '../../../shared/lib/result.ts'
import type { TransferView } from '../../../shared/schema/api-transfer.ts'
import type { TransferDocument } from '../../../shared/schema/transfer-document.ts'
import { jsonAnswer, matchesTag, notModified, transferTag } from '../answer.ts'
import { ask } from '../dependency.ts'
import { EXAMPLE_TRANSFER } from '../openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from '../operation.ts'
import { noQuery, readQuery } from '../query.ts'
import { countConfirmations } from './confirmations.ts'
import { readTransferId, transferNotFound } from './transfer-id.ts'

export const readTransfer: Operation = {
  name: 'readTransfer',
  method: 'get',
  path: '/v1/transfers/{id}',
  group: 'Transfers',
  summary: 'Read a transfer',
  description:
    'Read from the transfer’s own object: never behind its log. `confirmations` of a step is counted while it is ' +
    'read and does not change the ETag.',
  query: noQuery,
  headers: ['If-None-Match'],
  answers: {
    200: { description: 'The transfer.', schema: 'Transfer', headers: ['ETag'], example: EXAMPLE_TRANSFER },
    304: { description: 'Its log has not grown since the ETag that was sent.', headers: ['ETag'] },
  },
  problems: ['transfer_not_found', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle: handleRead,
}

async function handleRead(call: TenantCall): Promise<Outcome> {
  const id = readTransferId(call)
  if (!id.ok) return id
  const query = readQuery(call.request, noQuery)
  if (!query.ok) return query
  const document = await ask(
    () => call.env.TRANSFER.getByName(id.value),
    (transfer) => transfer.read(call.caller.tenant),
  )
  if (document === null) return err(transferNotFound())
  const tag = transferTag(document)
  if (matchesTag(call.request.headers.get('If-None-Match'), tag)) return ok(notModified(tag))
  return ok(jsonAnswer(await withConfirmations(call, document), 200, { ETag: tag }))
}

async function withConfirmations(call: TenantCall, document: TransferDocument): Promise<TransferView> {
  const steps = await Promise.all(
    document.steps.map(async (step) => ({
      ...step,
      confirmations: await countConfirmations(call, document.chain, step),
    })),
  )
  return { ...document, steps }
}

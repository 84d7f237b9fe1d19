// POST /v1/transfers/{id}/cancel: a wish until the signer has answered. Canceled is said only when the step can no
// longer become money.

import { assertNever } from '../../../shared/lib/assert.ts'
import { err, ok } from '../../../shared/lib/result.ts'
import { jsonAnswer, transferTag } from '../answer.ts'
import { causedBy } from '../authenticate.ts'
import { ask } from '../dependency.ts'
import { readIdempotencyKey } from '../idempotency-key.ts'
import { EXAMPLE_TRANSFER } from '../openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from '../operation.ts'
import { problem } from '../problem.ts'
import { noQuery, readQuery } from '../query.ts'
import { readNoBody } from './no-body.ts'
import { readTransferId, transferNotFound } from './transfer-id.ts'

const EXAMPLE_CANCELED = { ...EXAMPLE_TRANSFER, status: 'canceled', seq: 4 }

export const cancelTransfer: Operation = {
  name: 'cancelTransfer',
  method: 'post',
  path: '/v1/transfers/{id}/cancel',
  group: 'Transfers',
  summary: 'Cancel a transfer',
  description:
    'Takes a transfer back while it is in no block. One that has a nonce is taken back by other bytes at that nonce, ' +
    'and is `canceled` when those are final; where its own came first, it goes on. The body is empty. Repeat it with ' +
    'the same Idempotency-Key until it answers something else than 202; another key is refused while the first ' +
    'command holds.',
  query: noQuery,
  headers: ['Idempotency-Key'],
  answers: {
    200: {
      description: 'Canceled: it will never be on the chain.',
      schema: 'Transfer',
      headers: ['ETag'],
      example: EXAMPLE_CANCELED,
    },
    202: {
      description: 'The signer is being asked to give it back, or closes its slot for it.',
      schema: 'Transfer',
      headers: ['ETag'],
      example: EXAMPLE_TRANSFER,
    },
  },
  problems: [
    'transfer_not_found',
    'idempotency_key_missing',
    'idempotency_key_invalid',
    'cancel_too_late',
    'cancel_in_progress',
    'transfer_fenced',
    'body_too_large',
    'not_json',
    'invalid_field',
    'unknown_field',
    'duplicate_field',
  ],
  role: 'operator',
  handle: handleCancel,
}

async function handleCancel(call: TenantCall): Promise<Outcome> {
  const id = readTransferId(call)
  if (!id.ok) return id
  const query = readQuery(call.request, noQuery)
  if (!query.ok) return query
  const key = readIdempotencyKey(call.request.headers)
  if (!key.ok) return key
  const body = await readNoBody(call.request)
  if (!body.ok) return body
  const reply = await ask(
    () => call.env.TRANSFER.getByName(id.value),
    (transfer) => transfer.cancel(call.caller.tenant, key.value, causedBy(call.caller)),
  )
  if (reply === null) return err(transferNotFound())
  const { answer, document } = reply
  switch (answer.result) {
    case 'canceled':
      return ok(jsonAnswer(document, 200, { ETag: transferTag(document) }))
    case 'awaited':
      return ok(jsonAnswer(document, 202, { ETag: transferTag(document) }))
    case 'too_late':
      return err(problem('cancel_too_late', `The transfer is ${document.status}.`))
    case 'other_command':
      return err(problem('cancel_in_progress', 'A cancel with another Idempotency-Key came first.'))
    case 'fenced':
      return err(problem('transfer_fenced', 'Nothing can be decided about the transfer now.'))
    case 'unknown':
      return err(transferNotFound())
    default:
      return assertNever(answer.result)
  }
}

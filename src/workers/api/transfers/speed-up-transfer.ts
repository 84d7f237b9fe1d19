// POST /v1/transfers/{id}/speed-up: a transfer that waits goes as a fast one, and one that was sent gets a better offer.

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

export const speedUpTransfer: Operation = {
  name: 'speedUpTransfer',
  method: 'post',
  path: '/v1/transfers/{id}/speed-up',
  group: 'Transfers',
  summary: 'Speed a transfer up',
  description:
    'One that waits goes as a `fast` one. One that was sent gets other bytes at its nonce, which bid what the market asks ' +
    'and an eighth more than before at least, within the caps: see `attempts`. It is paid by one of them. The body is ' +
    'empty. The same Idempotency-Key is the same command; another one asks for more again.',
  query: noQuery,
  headers: ['Idempotency-Key'],
  answers: {
    202: {
      description: 'The signer is told.',
      schema: 'Transfer',
      headers: ['ETag'],
      example: EXAMPLE_TRANSFER,
    },
  },
  problems: [
    'transfer_not_found',
    'idempotency_key_missing',
    'idempotency_key_invalid',
    'speed_up_too_late',
    'transfer_fenced',
    'body_too_large',
    'not_json',
    'invalid_field',
    'unknown_field',
    'duplicate_field',
  ],
  role: 'operator',
  handle: handleSpeedUp,
}

async function handleSpeedUp(call: TenantCall): Promise<Outcome> {
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
    (transfer) => transfer.speedUp(call.caller.tenant, key.value, causedBy(call.caller)),
  )
  if (reply === null) return err(transferNotFound())
  const { answer, document } = reply
  switch (answer.result) {
    case 'asked':
      return ok(jsonAnswer(document, 202, { ETag: transferTag(document) }))
    case 'too_late':
      return err(problem('speed_up_too_late', `The transfer is ${document.status}.`))
    case 'withdrawing':
      return err(problem('speed_up_too_late', 'The transfer is being canceled.'))
    case 'fenced':
      return err(problem('transfer_fenced', 'Nothing can be decided about the transfer now.'))
    case 'unknown':
      return err(transferNotFound())
    default:
      return assertNever(answer.result)
  }
}

// GET /v1/transfers/{id}/live: a WebSocket to the transfer's own object. The Worker checks who asks and hands the
// socket over; from then on records go from the object to the client with nothing between.

import { z } from 'zod'
import { assert } from '../../../shared/lib/assert.ts'
import { err, ok } from '../../../shared/lib/result.ts'
import { LIVE_PROTOCOL } from '../../../shared/schema/live-message.ts'
import type { TransferId } from '../../../shared/transfer/transfer-id.ts'
import { ask, DependencyError } from '../dependency.ts'
import type { Operation, Outcome, TenantCall } from '../operation.ts'
import { problem } from '../problem.ts'
import { countParameter, readQuery } from '../query.ts'
import { readTransferId, transferNotFound } from './transfer-id.ts'

const liveQuery = z.strictObject({
  after_seq: countParameter({ min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 }).describe(
    'The last record that you have; 0: from the start.',
  ),
})

export const followTransfer: Operation = {
  name: 'followTransfer',
  method: 'get',
  path: '/v1/transfers/{id}/live',
  group: 'Transfers',
  summary: 'Follow a transfer live',
  description:
    'A WebSocket. It sends every record after `after_seq` once and in order as a LiveMessage, then one message of ' +
    '`type: live`, then new records as they are written. After a cut, open it again with the seq of the last record ' +
    `that arrived. A browser, which cannot set Authorization here, offers two protocols: \`${LIVE_PROTOCOL}\` and ` +
    '`bearer.` followed by the key.',
  query: liveQuery,
  headers: ['Sec-WebSocket-Protocol'],
  answers: {
    101: {
      description: 'The socket is open. Each message is one LiveMessage as JSON.',
      headers: ['Sec-WebSocket-Protocol'],
    },
  },
  problems: ['upgrade_required', 'transfer_not_found', 'invalid_field', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  isSocket: true,
  handle: handleLive,
}

async function handleLive(call: TenantCall): Promise<Outcome> {
  if (call.request.headers.get('Upgrade')?.toLowerCase() !== 'websocket') {
    const headers = { Upgrade: 'websocket', Connection: 'Upgrade' }
    return err(problem('upgrade_required', 'The request does not ask for a WebSocket.', { headers }))
  }
  const id = readTransferId(call)
  if (!id.ok) return id
  const query = readQuery(call.request, liveQuery)
  if (!query.ok) return query
  const document = await ask(
    () => call.env.TRANSFER.getByName(id.value),
    (transfer) => transfer.read(call.caller.tenant),
  )
  if (document === null) return err(transferNotFound())
  return ok(await handOver(call, id.value, query.value.after_seq))
}

/** A new request: neither the key nor anything else that the client sent goes further. */
async function handOver(call: TenantCall, id: TransferId, afterSeq: number): Promise<Response> {
  const headers = new Headers({ Upgrade: 'websocket' })
  if (offersLiveProtocol(call.request)) headers.set('Sec-WebSocket-Protocol', LIVE_PROTOCOL)
  const request = new Request(`https://transfer/live?after_seq=${afterSeq}`, { headers })
  const { status, webSocket } = await call.env.TRANSFER.getByName(id).fetch(request)
  if (status === 503) throw new DependencyError('the transfer has too many sockets')
  assert(status === 101 && webSocket !== null, `the transfer answered ${status} to an upgrade`)
  const protocol = headers.get('Sec-WebSocket-Protocol')
  return new Response(null, {
    status,
    webSocket,
    headers: protocol === null ? {} : { 'Sec-WebSocket-Protocol': protocol },
  })
}

function offersLiveProtocol(request: Request): boolean {
  const offered = request.headers.get('Sec-WebSocket-Protocol') ?? ''
  return offered.split(',').some((text) => text.trim() === LIVE_PROTOCOL)
}

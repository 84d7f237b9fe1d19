// A client of the API, as anybody could write one: HTTP to post and read, a WebSocket to follow.

import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { assert } from '../../src/shared/lib/assert.ts'
import { BEARER_PROTOCOL_PREFIX, LIVE_PROTOCOL, liveMessage } from '../../src/shared/schema/live-message.ts'
import { FINAL_STATUSES, type FinalStatus } from '../../src/shared/transfer/status.ts'

/** Milliseconds between two tries when nobody answers: the runtime may be starting again. */
const RETRY_MS = 250

export type Service = { readonly url: string; readonly apiKey: string }

export type LiveRecord = Extract<z.infer<typeof liveMessage>, { type: 'record' }>

const transferAnswer = z.looseObject({
  id: z.string(),
  status: z.string(),
  steps: z.array(z.looseObject({ hash: z.string().nullable(), block_number: z.number().nullable() })).min(1),
})
export type TransferAnswer = z.infer<typeof transferAnswer>

const chainsAnswer = z.looseObject({
  data: z.array(z.looseObject({ chain: z.string(), status: z.string() })),
})

/** The key makes repeating safe: until there is an answer, the same request goes out again. */
export async function postTransfer(
  service: Service,
  idempotencyKey: string,
  request: unknown,
  signal: AbortSignal,
): Promise<TransferAnswer> {
  const headers = { 'Idempotency-Key': idempotencyKey, 'Content-Type': 'application/json' }
  const body = JSON.stringify(request)
  const answer = await untilAnswered(signal, () =>
    ask(service, '/v1/transfers', { method: 'POST', headers, body, signal }),
  )
  return transferAnswer.parse(answer)
}

export async function readTransfer(
  service: Service,
  id: string,
  signal: AbortSignal,
): Promise<TransferAnswer> {
  return transferAnswer.parse(
    await untilAnswered(signal, () => ask(service, `/v1/transfers/${id}`, { signal })),
  )
}

/** `fenced`: the chain undid what was final, or is another one than before. */
export async function chainStatus(service: Service, chain: string): Promise<string | null> {
  const { data } = chainsAnswer.parse(await ask(service, '/v1/chains', {}))
  return data.find((one) => one.chain === chain)?.status ?? null
}

/** Every record once, in order, until a final one. A connection that is cut goes on after the last record seen. */
export async function followTransfer(
  service: Service,
  id: string,
  onRecord: (record: LiveRecord) => void,
  signal: AbortSignal,
): Promise<FinalStatus> {
  let seen = 0
  for (;;) {
    signal.throwIfAborted()
    const final = await listen(service, id, seen, signal, (record) => {
      assert(record.seq === seen + 1, `record ${record.seq} came after ${seen}`)
      seen = record.seq
      onRecord(record)
    })
    if (final !== null) return final
    await delay(RETRY_MS, undefined, { signal })
  }
}

/** Null: the connection ended before the transfer did. */
function listen(
  { url, apiKey }: Service,
  id: string,
  afterSeq: number,
  signal: AbortSignal,
  onRecord: (record: LiveRecord) => void,
): Promise<FinalStatus | null> {
  const address = `${url.replace(/^http/, 'ws')}/v1/transfers/${id}/live?after_seq=${afterSeq}`
  const socket = new WebSocket(address, [LIVE_PROTOCOL, `${BEARER_PROTOCOL_PREFIX}${apiKey}`])
  return new Promise<FinalStatus | null>((resolve, reject) => {
    // Not by the close event: the other side may be gone, and nothing would come.
    signal.addEventListener('abort', () => resolve(null), { once: true })
    socket.addEventListener('message', ({ data }) => {
      try {
        const message = liveMessage.parse(JSON.parse(String(data)))
        if (message.type === 'live') return
        onRecord(message)
        const final = FINAL_STATUSES.find((status) => status === message.status)
        if (final !== undefined) resolve(final)
      } catch (error) {
        reject(error)
      }
    })
    socket.addEventListener('close', () => resolve(null))
    socket.addEventListener('error', () => resolve(null))
  }).finally(() => socket.close())
}

class Refused extends Error {
  override name = 'Refused'
}

/** @throws Refused for an answer that would be the same the next time. */
async function ask({ url, apiKey }: Service, path: string, init: RequestInit): Promise<unknown> {
  const headers = { ...init.headers, Authorization: `Bearer ${apiKey}` }
  const response = await fetch(url + path, { ...init, headers })
  const text = await response.text()
  if (response.ok) return JSON.parse(text)
  const failure = `${init.method ?? 'GET'} ${path}: ${response.status} ${text.trim()}`
  throw response.status < 500 ? new Refused(failure) : new Error(failure)
}

async function untilAnswered<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await request()
    } catch (error) {
      if (error instanceof Refused || signal.aborted) throw error
      await delay(RETRY_MS, undefined, { signal })
    }
  }
}

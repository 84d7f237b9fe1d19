// A client of the API as a user would write one: HTTP, and a WebSocket to wait for what a transfer becomes.

import { createHash } from 'node:crypto'
import { vi } from 'vitest'
import { liveMessage } from '../../src/shared/schema/live-message.ts'
import { type TransferDocument, transferDocument } from '../../src/shared/schema/transfer-document.ts'
import type { TransferRequestBody } from '../../src/shared/schema/transfer-request.ts'
import type { Status } from '../../src/shared/transfer/status.ts'
import { isFinal } from '../../src/shared/transfer/status.ts'

/** Milliseconds, unless a test needs more: finality takes about five seconds on the test chain. */
const WAIT_MS = 60_000
/** Milliseconds until a cut socket is opened again. */
const AGAIN_MS = 200

export type Target = { readonly url: string; readonly apiKey: string }
export type Answer = {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Headers
}
export type LiveRecord = Extract<ReturnType<typeof liveMessage.parse>, { type: 'record' }>

export class Client {
  readonly #target: Target
  readonly #waitMs: number

  /** `waitMs`: until a wait is given up. */
  constructor(target: Target, waitMs = WAIT_MS) {
    this.#target = target
    this.#waitMs = waitMs
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await ask(new URL(path, this.#target.url), {
      method,
      headers: {
        authorization: `Bearer ${this.#target.apiKey}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
  }

  raw(path: string): Promise<Response> {
    return fetch(new URL(path, this.#target.url), {
      headers: { authorization: `Bearer ${this.#target.apiKey}` },
    })
  }

  /** Throws unless it is accepted. */
  async post(key: string, request: TransferRequestBody): Promise<TransferDocument> {
    const answer = await this.call('POST', '/v1/transfers', request, { 'idempotency-key': key })
    if (answer.status !== 202) throw new Error(`POST: ${answer.status} ${JSON.stringify(answer.body)}`)
    return document(answer.body)
  }

  async get(id: string): Promise<TransferDocument> {
    return document((await this.call('GET', `/v1/transfers/${id}`)).body)
  }

  cancel(id: string, key: string): Promise<Answer> {
    return this.call('POST', `/v1/transfers/${id}/cancel`, undefined, { 'idempotency-key': key })
  }

  /** Follows the transfer's own socket until a record makes it true; answers all records up to there. */
  follow(id: string, isThere: (record: LiveRecord) => boolean, afterSeq = 0): Promise<LiveRecord[]> {
    const url = new URL(`/v1/transfers/${id}/live?after_seq=${afterSeq}`, this.#target.url)
    url.protocol = 'ws:'
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, ['waybill.v1', `bearer.${this.#target.apiKey}`])
      const records: LiveRecord[] = []
      const fail = (why: string) => {
        socket.close()
        reject(new Error(`${id} ${why} after ${JSON.stringify(records.at(-1))}`))
      }
      AbortSignal.timeout(this.#waitMs).addEventListener('abort', () => fail('told nothing more'))
      socket.addEventListener('error', () => fail('lost its socket'))
      socket.addEventListener('message', ({ data }) => {
        const message = liveMessage.parse(JSON.parse(String(data)))
        if (message.type !== 'record') return
        records.push(message)
        if (!isThere(message)) return
        socket.close()
        resolve(records)
      })
    })
  }

  async untilStatus(id: string, ...statuses: readonly Status[]): Promise<TransferDocument> {
    await this.follow(id, ({ status }) => statuses.includes(status))
    return this.get(id)
  }

  /** Comes back with `after_seq` when its socket is cut, as a client does. */
  async untilFinal(id: string): Promise<TransferDocument> {
    await vi.waitFor(() => this.follow(id, ({ status }) => isFinal(status)), {
      timeout: this.#waitMs,
      interval: AGAIN_MS,
    })
    return this.get(id)
  }
}

/** A server may close an idle connection in the moment in which it is used again: what only reads is asked once more. */
async function ask(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.method !== 'GET') throw error
    return fetch(url, init)
  }
}

/** An address that nobody used: it has no code and no balance. */
export function freshAddress(seed: string): string {
  return `0x${createHash('sha256').update(seed).digest('hex').slice(0, 40)}`
}

function document(body: unknown): TransferDocument {
  const { confirmations: _, ...rest } = { confirmations: null, ...Object(body) }
  // Reads add what only a read knows; the rest is the document as it stands in the log.
  const steps = rest.steps?.map(({ confirmations: __, ...step }: Record<string, unknown>) => step)
  const parsed = transferDocument.safeParse({ ...rest, steps })
  if (!parsed.success) throw new Error(`not a transfer: ${parsed.error.message} ${JSON.stringify(body)}`)
  return { ...rest, steps }
}

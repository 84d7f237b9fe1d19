// JSON-RPC 2.0 over HTTP: one request, one answer, no retries. Who asks knows whether asking again is safe.
// It trusts nothing of what comes back: not its length, not its ids, not that it is JSON. The URL carries a token, so
// no failure holds it, nor any text of the runtime that may quote it.

import { z } from 'zod'
import { assert } from '../lib/assert.ts'
import type { Json } from '../lib/canonical-json.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { HOUR_MS, SECOND_MS } from '../lib/time.ts'
import type { NodeFailure, NodeResult } from '../ports/chain-node.ts'
import { printableWords } from './printable-words.ts'
import { readBounded } from './read-bounded.ts'

/** From sending to the last byte. Longer, and the head that it tells of is old on every chain served. */
export const REQUEST_TIMEOUT_MS = 10 * SECOND_MS
/** Bytes: room for all receipts of a full block, and little of the 128 MiB that an isolate has. */
export const MOST_BODY_BYTES = 16 * 1024 * 1024
/** Bytes of an answer that is no success: a verdict is short, the rest is a page for people. */
const MOST_ERROR_BODY_BYTES = 64 * 1024
/** An endpoint may not park itself for longer than it takes somebody to look. */
const LONGEST_RETRY_AFTER_MS = HOUR_MS
/** Characters of `error.data` that are kept: a revert reason, not a trace. */
const MOST_ERROR_DATA_CHARACTERS = 4_096

export type RpcRequest = { readonly method: string; readonly params: readonly Json[] }

/** The node's own error for one request: a verdict, where the other failures are about the endpoint. */
export type RpcFailure = Extract<NodeFailure, { reason: 'rpc' }>

/** One request, or several in one, and what became of each. */
export interface RpcClient {
  call(request: RpcRequest): Promise<NodeResult<unknown>>
  batch(requests: readonly RpcRequest[]): Promise<NodeResult<readonly Result<unknown, RpcFailure>[]>>
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** An error without a code or a text is still an error of the node. */
const errorSchema = z.object({
  code: z.number().catch(0),
  message: z.string().catch(''),
  data: z.unknown().optional(),
})
/** `result` may be any value, null too; an answer without it and without `error` is no answer. */
const answerSchema = z
  .object({ id: z.number().nullish(), result: z.unknown().optional(), error: errorSchema.nullish() })
  .refine((answer) => answer.error != null || answer.result !== undefined)
type Answer = z.infer<typeof answerSchema>

type Body = {
  readonly isOk: boolean
  readonly status: number
  readonly retryAfterMs: number | null
  readonly json: unknown
}

export class JsonRpcClient implements RpcClient {
  readonly #url: string
  /** Parts of the URL that may be a token: what the endpoint says is told without them. */
  readonly #secrets: readonly string[]
  readonly #fetch: Fetch
  readonly #timeoutMs: number
  /** Never used twice, so that an answer to another request of ours cannot pass for this one's. */
  #nextId = 1

  constructor(
    url: string,
    fetch: Fetch = (input, init) => globalThis.fetch(input, init),
    timeoutMs = REQUEST_TIMEOUT_MS,
  ) {
    assert(URL.canParse(url), 'an endpoint has a URL')
    this.#url = url
    this.#secrets = secretsOf(new URL(url))
    this.#fetch = fetch
    this.#timeoutMs = timeoutMs
  }

  async call(request: RpcRequest): Promise<NodeResult<unknown>> {
    const id = this.#nextId++
    const body = await this.#post({ jsonrpc: '2.0', id, ...request })
    if (!body.ok) return body
    const answer = answerSchema.safeParse(body.value.json)
    // A node that could not read the id answers null; that is still its verdict on the only request it got.
    if (answer.success && answer.data.error != null && (answer.data.id ?? id) === id) {
      return err(this.#failure(answer.data.error))
    }
    if (!body.value.isOk) return err(httpFailure(body.value))
    if (!answer.success) return err(malformed('not a JSON-RPC answer'))
    if (answer.data.id !== id) return err(malformed('an answer to another request'))
    return ok(answer.data.result)
  }

  /** Each item's own outcome, in the order of `requests`. An `rpc` failure of the whole: batches are refused here. */
  async batch(requests: readonly RpcRequest[]): Promise<NodeResult<readonly Result<unknown, RpcFailure>[]>> {
    assert(requests.length > 0, 'a batch asks something')
    const items = requests.map((request) => ({ jsonrpc: '2.0', id: this.#nextId++, ...request }))
    const body = await this.#post(items)
    if (!body.ok) return body
    if (!Array.isArray(body.value.json)) {
      const refusal = answerSchema.safeParse(body.value.json)
      if (refusal.success && refusal.data.error != null) return err(this.#failure(refusal.data.error))
      if (!body.value.isOk) return err(httpFailure(body.value))
      return err(malformed('not a JSON-RPC batch answer'))
    }
    if (!body.value.isOk) return err(httpFailure(body.value))
    const ids = items.map((item) => item.id)
    const answers = matchById(ids, body.value.json)
    if (!answers.ok) return answers
    return ok(
      answers.value.map(({ error, result }) => (error != null ? err(this.#failure(error)) : ok(result))),
    )
  }

  #failure(error: z.infer<typeof errorSchema>): RpcFailure {
    const data =
      typeof error.data === 'string' ? error.data : error.data == null ? null : JSON.stringify(error.data)
    return {
      reason: 'rpc',
      code: error.code,
      message: printableWords(this.#withoutSecrets(error.message)),
      data: data === null ? null : this.#withoutSecrets(data).slice(0, MOST_ERROR_DATA_CHARACTERS),
    }
  }

  #withoutSecrets(text: string): string {
    return this.#secrets.reduce((words, secret) => words.replaceAll(secret, '<token>'), text)
  }

  async #post(payload: unknown): Promise<NodeResult<Body>> {
    const signal = AbortSignal.timeout(this.#timeoutMs)
    try {
      const response = await this.#fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(payload),
        // A redirect would hand our bytes, and a private transfer's, to whoever it names.
        redirect: 'manual',
        signal,
      })
      return await readBody(response)
    } catch (error) {
      if (signal.aborted) return err({ reason: 'timeout' })
      return err({ reason: 'unreachable', detail: errorCode(error) })
    }
  }
}

/** The answers in the order of `ids`. A missing, doubled or foreign id makes all of them worthless. */
function matchById(ids: readonly number[], items: readonly unknown[]): NodeResult<readonly Answer[]> {
  if (items.length !== ids.length) return err(malformed(`${items.length} answers to ${ids.length} requests`))
  const byId = new Map<number, Answer>()
  for (const item of items) {
    const answer = answerSchema.safeParse(item)
    if (!answer.success) return err(malformed('an item is not a JSON-RPC answer'))
    if (answer.data.id == null) return err(malformed('an item has no id'))
    byId.set(answer.data.id, answer.data)
  }
  const answers: Answer[] = []
  for (const id of ids) {
    const answer = byId.get(id)
    if (answer === undefined) return err(malformed('a request has no answer'))
    answers.push(answer)
  }
  return ok(answers)
}

async function readBody(response: Response): Promise<NodeResult<Body>> {
  const { ok: isOk, status } = response
  const wait = retryAfterMs(response.headers.get('retry-after'))
  if (status === 429) {
    await response.body?.cancel()
    return err({ reason: 'rate_limited', retry_after_ms: wait })
  }
  const bytes = await readBounded(response.body, isOk ? MOST_BODY_BYTES : MOST_ERROR_BODY_BYTES, (rest) =>
    rest.cancel(),
  )
  const json = bytes === null ? undefined : parseJson(bytes)
  if (json !== undefined) return ok({ isOk, status, retryAfterMs: wait, json })
  if (!isOk) return err(httpFailure({ status, retryAfterMs: wait }))
  return err(malformed(bytes === null ? `more than ${MOST_BODY_BYTES} bytes` : 'not JSON'))
}

function httpFailure({ status, retryAfterMs: wait }: Pick<Body, 'status' | 'retryAfterMs'>): NodeFailure {
  return { reason: 'http', status, ...(wait === null ? {} : { retry_after_ms: wait }) }
}

/** JSON has no `undefined`, so that is what stands for no JSON. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes))
  } catch {
    return undefined
  }
}

/** Seconds or an HTTP date; null where there is neither. */
function retryAfterMs(header: string | null): number | null {
  if (header === null) return null
  const wait = /^\d{1,9}$/.test(header.trim()) ? Number(header) * SECOND_MS : Date.parse(header) - Date.now()
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), LONGEST_RETRY_AFTER_MS)
}

function malformed(detail: string): NodeFailure {
  return { reason: 'malformed', detail }
}

/** `ECONNREFUSED` and the like. Never the message: runtimes quote the URL in it. */
function errorCode(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const parsed = z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]{2,40}$/) }).safeParse(cause)
  return parsed.success ? parsed.data.code : 'no connection'
}

/** Characters from which on a part of a URL may be a token: `v2` and `mainnet` are words, and must stay readable. */
const SHORTEST_TOKEN = 16

function secretsOf(url: URL): readonly string[] {
  const parts = [url.username, url.password, ...url.pathname.split('/'), ...url.searchParams.values()]
  return parts.filter((part) => part.length >= SHORTEST_TOKEN)
}

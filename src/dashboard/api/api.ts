// The HTTP API as this page uses it: every call answers with a value or says what went wrong.

import type { Result } from '../../shared/lib/result.ts'
import type { WireGroup } from '../../shared/wal/group.ts'
import type { Fault } from './fault.ts'
import { isChain, isProblem, isSigner, isTransfer, isWal, pageOf, type Shape } from './shape.ts'
import type { Chain, Page, Signer, Transfer, Wal } from './wire.ts'

/** Milliseconds. Reads take tens of them; after this long the connection is dead rather than slow. */
const REQUEST_TIMEOUT_MS = 10_000

/** Transfers in one page: more than a tall screen shows, small enough to read every second. */
export const PAGE_SIZE = 50

/** Signers of one look. A tenant with more sees those that come first by chain and address. */
const SIGNERS_MOST = 200

export type Answer<T> = Promise<Result<T, Fault>>

export type Api = ReturnType<typeof createApi>

export type TransferQuery = {
  readonly cursor?: string | null
  readonly statuses?: readonly string[]
  readonly limit?: number
}

export function createApi(key: string) {
  return {
    transfers: (query: TransferQuery, signal?: AbortSignal): Answer<Page<Transfer>> =>
      read(key, `/v1/transfers?${transferParameters(query)}`, pageOf(isTransfer), signal),
    transfer: (id: string, signal?: AbortSignal): Answer<Transfer> =>
      read(key, `/v1/transfers/${encodeURIComponent(id)}`, isTransfer, signal),
    wal: (id: string): Answer<Wal> => readWal(key, id),
    chains: (signal?: AbortSignal): Answer<Page<Chain>> => read(key, '/v1/chains', pageOf(isChain), signal),
    signers: (signal?: AbortSignal): Answer<Page<Signer>> =>
      read(key, `/v1/signers?limit=${SIGNERS_MOST}`, pageOf(isSigner), signal),
    /** `command` names this one wish: the same one again gets the same answer. */
    cancel: (id: string, command: string): Answer<Transfer> =>
      call(key, `/v1/transfers/${encodeURIComponent(id)}/cancel`, isTransfer, {
        method: 'POST',
        headers: { 'Idempotency-Key': command },
      }),
  }
}

function transferParameters({ cursor, statuses = [], limit = PAGE_SIZE }: TransferQuery): URLSearchParams {
  const parameters = new URLSearchParams({ limit: String(limit) })
  if (cursor) parameters.set('cursor', cursor)
  if (statuses.length > 0) parameters.set('status', statuses.join(','))
  return parameters
}

function read<T>(key: string, path: string, shape: Shape<T>, signal?: AbortSignal): Answer<T> {
  return call(key, path, shape, signal === undefined ? {} : { signal })
}

/** The whole log, which is answered in parts. */
async function readWal(key: string, id: string): Answer<Wal> {
  const groups: WireGroup[] = []
  for (;;) {
    const after = groups.at(-1)?.seq ?? 0
    const part = await read(key, `/v1/transfers/${encodeURIComponent(id)}/wal?after_seq=${after}`, isWal)
    if (!part.ok) return part
    groups.push(...part.value.groups)
    const reached = groups.at(-1)?.seq ?? 0
    // A part that brings nothing new ends it too: what is missing then is for the check to say.
    if (reached >= part.value.head.seq || reached <= after)
      return { ok: true, value: { ...part.value, groups } }
  }
}

async function call<T>(key: string, path: string, shape: Shape<T>, init: RequestInit): Answer<T> {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
  try {
    const response = await fetch(path, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${key}`, Accept: 'application/json' },
      signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
      cache: 'no-store',
      credentials: 'omit',
    })
    const body = await response.json().catch(() => null)
    if (!response.ok) return { ok: false, error: toFault(response, body) }
    return shape(body) ? { ok: true, value: body } : { ok: false, error: { reason: 'unreadable' } }
  } catch {
    return { ok: false, error: { reason: 'unreachable' } }
  }
}

function toFault(response: Response, body: unknown): Fault {
  const problem = isProblem(body) ? body : null
  if (response.status === 401) return { reason: 'unauthorized', detail: problem?.detail ?? null }
  if (response.status === 404) return { reason: 'not_found' }
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null
  return { reason: 'refused', status: response.status, problem, retryAfterMs }
}

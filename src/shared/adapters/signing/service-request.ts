// One request to a service that keeps keys: a bounded JSON answer, or the failure that it means for signing. No retries: the
// signer's own alarm comes again. Headers and URLs hold secrets, so no failure quotes either.

import type { z } from 'zod'
import { err, ok, type Result } from '../../lib/result.ts'
import { SECOND_MS } from '../../lib/time.ts'
import type { SigningFailure } from '../../ports/transaction-signer.ts'
import type { Fetch } from '../json-rpc.ts'
import { printableWords } from '../printable-words.ts'
import { readBounded } from '../read-bounded.ts'

/** From sending to the last byte. */
export const SERVICE_TIMEOUT_MS = 10 * SECOND_MS
/** Bytes: a signature and its names are some hundred. */
const MOST_ANSWER_BYTES = 64 * 1024
/** HTTP statuses that say that it may work later. */
const LATER_STATUSES: ReadonlySet<number> = new Set([408, 409, 425, 429])

/** How the service words its own errors: a name to decide by, and words for people. */
export type ServiceError = { readonly name: string; readonly message: string; readonly isTransient: boolean }

export async function askService<T>(
  service: string,
  send: (signal: AbortSignal) => ReturnType<Fetch>,
  schema: z.ZodType<T>,
  readError: (body: unknown) => ServiceError | null,
): Promise<Result<T, SigningFailure>> {
  const signal = AbortSignal.timeout(SERVICE_TIMEOUT_MS)
  try {
    const response = await send(signal)
    const bytes = await readBounded(response.body, MOST_ANSWER_BYTES, (rest) => rest.cancel())
    const body = bytes === null ? undefined : parseJson(bytes)
    if (!response.ok) return err(failureOf(service, response.status, readError(body)))
    const parsed = schema.safeParse(body)
    if (parsed.success) return ok(parsed.data)
    return err({ reason: 'wrong_answer', detail: `${service} answered what it does not document` })
  } catch {
    // The runtime's own words may quote the URL.
    const detail = signal.aborted ? 'did not answer in time' : 'cannot be reached'
    return err({ reason: 'unavailable', detail: `${service} ${detail}` })
  }
}

function failureOf(service: string, status: number, error: ServiceError | null): SigningFailure {
  const words = error === null ? '' : `: ${printableWords(`${error.name}: ${error.message}`)}`
  const isLater = error?.isTransient === true || status >= 500 || LATER_STATUSES.has(status)
  return { reason: isLater ? 'unavailable' : 'refused', detail: `${service} answered ${status}${words}` }
}

/** JSON has no `undefined`, so that is what stands for no JSON. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes))
  } catch {
    return undefined
  }
}

// What a failure says of its endpoint. A verdict of the node says that it is well.

import type { NodeFailure } from '../../ports/chain-node.ts'
import type { Fault } from '../../routing/fault.ts'

export type Judged = { readonly fault: Fault | null; readonly retryAfterMs: number | null }

const GOOD: Judged = { fault: null, retryAfterMs: null }

/** Gateways refuse a rate in a body of HTTP 200, too: `limit exceeded` of EIP-1474, and HTTP's own number. */
const RATE_CODES: readonly number[] = [-32005, 429]
const RATE_WORDS = /\brate.?limit|\btoo many requests\b|\bthrottled?\b/i

/** `failure` null: it answered. */
export function faultOf(failure: NodeFailure | null): Judged {
  if (failure === null) return GOOD
  switch (failure.reason) {
    case 'held_back':
      return GOOD
    case 'rpc': {
      const isRate = RATE_CODES.includes(failure.code) || RATE_WORDS.test(failure.message)
      return isRate ? { fault: 'rate_limited', retryAfterMs: null } : GOOD
    }
    case 'rate_limited':
      return { fault: 'rate_limited', retryAfterMs: failure.retry_after_ms }
    case 'http':
      return { fault: 'http', retryAfterMs: failure.status === 503 ? (failure.retry_after_ms ?? null) : null }
    case 'timeout':
    case 'unreachable':
    case 'malformed':
      return { fault: failure.reason, retryAfterMs: null }
  }
}

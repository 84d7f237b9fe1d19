// How many requests a holder may have under way at one endpoint: more while that goes well, half as many when it does not. Pure.

import { addMs, SECOND_MS, type UnixMs } from '../lib/time.ts'
import type { Fault } from './fault.ts'

const LIMIT_AT_FIRST = 16
const LIMIT_LEAST = 1
/** What an isolate can keep under way beside all else that it does. */
const LIMIT_MOST = 64
/** Requests that fail together fail for one reason. */
const HALVES_EACH_MS = SECOND_MS

export type Limit = { readonly requests: number; readonly halvedAt: UnixMs | null }

export const FIRST_LIMIT: Limit = { requests: LIMIT_AT_FIRST, halvedAt: null }

/** `underWay`: with this one. One that was far from the limit does not prove that it could be higher. */
export function adapted(limit: Limit, fault: Fault | null, underWay: number, now: UnixMs): Limit {
  const { requests, halvedAt } = limit
  if (fault === 'timeout' || fault === 'rate_limited') {
    if (halvedAt !== null && now < addMs(halvedAt, HALVES_EACH_MS)) return limit
    return { requests: Math.max(LIMIT_LEAST, requests / 2), halvedAt: now }
  }
  if (fault !== null || underWay * 2 < requests) return limit
  return { requests: Math.min(LIMIT_MOST, requests + 1 / requests), halvedAt }
}

export function isWithin({ requests }: Limit, underWay: number): boolean {
  return underWay < Math.floor(requests)
}

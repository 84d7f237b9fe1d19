// The circuit breaker of one endpoint. Plain data: it is saved, handed on and restored as it is. Pure.
// Not npm's cockatiel: its half-open state has callers wait for a promise that belongs to another request. Where that request
// dies with its invocation, all of them wait for ever; and it reads the clock itself, which a replayed history cannot.

import { addMs, SECOND_MS, type UnixMs } from '../lib/time.ts'

/** In a row. A fifth of requests failing comes to it once in some three thousand. */
const OPENS_AT_FAULTS = 5
/** Good probes in a row that close it: one may be chance. */
const CLOSES_AT_PROBES = 2
const OPEN_LEAST_MS = SECOND_MS
/** What is asked of an operator's only endpoint waits that long for it when it is back. */
const OPEN_MOST_MS = 15 * SECOND_MS
/** The one who probes may die: longer than any request takes. */
const PROBE_MOST_MS = 12 * SECOND_MS

export type Breaker =
  | { readonly state: 'closed'; readonly faults: number }
  /** `openings`: in a row, without having been closed between. */
  | { readonly state: 'open'; readonly until: UnixMs; readonly openings: number }
  | {
      readonly state: 'half_open'
      /** A probe is under way until then at most; null: none is. */
      readonly probeUntil: UnixMs | null
      readonly probes: number
      readonly openings: number
    }

export const CLOSED: Breaker = { state: 'closed', faults: 0 }

/** Null: nothing passes now. Else the state once the request is under way. */
export function passing(breaker: Breaker, now: UnixMs): Breaker | null {
  switch (breaker.state) {
    case 'closed':
      return breaker
    case 'open':
      if (now < breaker.until) return null
      return { state: 'half_open', probeUntil: probeEnd(now), probes: 0, openings: breaker.openings }
    case 'half_open':
      if (breaker.probeUntil !== null && now < breaker.probeUntil) return null
      return { ...breaker, probeUntil: probeEnd(now) }
  }
}

/** What a request came to. One that was sent before it opened says nothing of how the endpoint is now. */
export function judged(breaker: Breaker, isGood: boolean, now: UnixMs): Breaker {
  switch (breaker.state) {
    case 'closed': {
      const faults = isGood ? 0 : breaker.faults + 1
      return faults < OPENS_AT_FAULTS ? { state: 'closed', faults } : opened(now, 1)
    }
    case 'open':
      return breaker
    case 'half_open': {
      if (!isGood) return opened(now, breaker.openings + 1)
      const probes = breaker.probes + 1
      return probes >= CLOSES_AT_PROBES ? CLOSED : { ...breaker, probes, probeUntil: null }
    }
  }
}

function opened(now: UnixMs, openings: number): Breaker {
  const openMs = Math.min(OPEN_MOST_MS, OPEN_LEAST_MS * 2 ** (openings - 1))
  return { state: 'open', until: addMs(now, openMs), openings }
}

function probeEnd(now: UnixMs): UnixMs {
  return addMs(now, PROBE_MOST_MS)
}

// What a holder knows of one endpoint, request by request, and what it costs to ask it. Pure.

import { quantile } from '../fees/quantile.ts'
import { addMs, MINUTE_MS, SECOND_MS, type UnixMs } from '../lib/time.ts'
import { type Breaker, CLOSED, judged } from './breaker.ts'
import { FAULTS, type Fault, type FaultShares, NO_FAULTS } from './fault.ts'
import { adapted, FIRST_LIMIT, type Limit } from './limit.ts'

/** Share of the newest request in the mean, and in the shares of faults. */
const MEAN_SHARE = 0.1
const FAULT_SHARE = 0.05
/** Latencies that the tail is read from. */
const TAIL_SAMPLES = 50
const TAIL_QUANTILE = 0.95
/** With fewer, a tail is a guess. */
const TAIL_LEAST_SAMPLES = 10
const TAIL_GUESS_MS = 500
const TAIL_LEAST_MS = 50
const TAIL_MOST_MS = 3 * SECOND_MS
/** Milliseconds that an endpoint is taken to need which was never asked: low, so that it is. */
const UNKNOWN_MS = 50
/** What a fault costs, in requests: one that hangs or cannot be read cost its caller the most. */
const FAULT_COST: FaultShares = { timeout: 20, malformed: 12, unreachable: 8, http: 8, rate_limited: 4 }
const LAG_COST = 0.5
/** What was bad is forgotten by half in this time, so that who is not asked for it is asked again. */
const FORGETS_HALF_MS = 30 * SECOND_MS
/** What is older says nothing of where the endpoint is now. */
const LAG_KEPT_MS = MINUTE_MS
/** An endpoint may not park itself for long: nobody may be left but it. */
const PAUSE_MOST_MS = MINUTE_MS
/** A null for a block farther down than this says nothing. */
const LAG_BELIEVED_BLOCKS = 64
const PAUSE_UNTOLD_MS = SECOND_MS

/** Of the endpoint's head, as it told it or as an answer showed that it is no lower. */
export type Head = { readonly height: number; readonly at: UnixMs }
export type Lag = { readonly blocks: number; readonly at: UnixMs }

export type Health = {
  /** Milliseconds; null: never asked. */
  readonly meanMs: number | null
  /** The last ones, newest last. */
  readonly latencies: readonly number[]
  readonly faults: FaultShares
  readonly requests: number
  /** When the last answer, or fault, was there. */
  readonly askedAt: UnixMs | null
  readonly breaker: Breaker
  readonly limit: Limit
  /** It asked to be left alone until then. */
  readonly pausedUntil: UnixMs | null
  readonly head: Head | null
  /** Null: never compared with others. */
  readonly lag: Lag | null
}

export const UNKNOWN_HEALTH: Health = {
  meanMs: null,
  latencies: [],
  faults: NO_FAULTS,
  requests: 0,
  askedAt: null,
  breaker: CLOSED,
  limit: FIRST_LIMIT,
  pausedUntil: null,
  head: null,
  lag: null,
}

export type Observation = {
  readonly tookMs: number
  /** Null: it answered. */
  readonly fault: Fault | null
  /** What it asked for with a refused rate, or with HTTP 503; null: nothing. */
  readonly retryAfterMs: number | null
  /** Requests under way, with this one. */
  readonly underWay: number
}

export function observed(health: Health, seen: Observation, now: UnixMs): Health {
  const { fault, tookMs } = seen
  const { meanMs, latencies, faults, requests } = health
  return {
    ...health,
    meanMs: meanMs === null ? tookMs : meanMs + Math.max(MEAN_SHARE, 1 / (requests + 1)) * (tookMs - meanMs),
    latencies: [...latencies.slice(1 - TAIL_SAMPLES), tookMs],
    faults: sharesAfter(faults, fault),
    requests: requests + 1,
    askedAt: now,
    // One that limits rates is well, and says when to come back.
    breaker: judged(health.breaker, fault === null || fault === 'rate_limited', now),
    limit: adapted(health.limit, fault, seen.underWay, now),
    pausedUntil: pauseAfter(health.pausedUntil, seen, now),
  }
}

function sharesAfter(shares: FaultShares, fault: Fault | null): FaultShares {
  if (fault === null && shares === NO_FAULTS) return shares
  const share = (name: Fault) => shares[name] + FAULT_SHARE * ((name === fault ? 1 : 0) - shares[name])
  return {
    timeout: share('timeout'),
    unreachable: share('unreachable'),
    http: share('http'),
    malformed: share('malformed'),
    rate_limited: share('rate_limited'),
  }
}

function pauseAfter(before: UnixMs | null, { fault, retryAfterMs }: Observation, now: UnixMs): UnixMs | null {
  const askedMs = retryAfterMs ?? (fault === 'rate_limited' ? PAUSE_UNTOLD_MS : null)
  if (askedMs === null) return before
  const until = addMs(now, Math.min(askedMs, PAUSE_MOST_MS))
  return before !== null && before > until ? before : until
}

/** An answer that came whole and says what no node says: no reason to stop asking, but to ask others first. */
export function unreadable(health: Health): Health {
  return { ...health, faults: sharesAfter(health.faults, 'malformed') }
}

/** What an answer says of the endpoint's head: where it is, or only that it is no lower or no higher. */
export type HeadSight = { readonly head: number; readonly is: 'there' | 'no_lower' | 'no_higher' }

/** `reference`: of others at the same time; null: nobody told anything that this could be compared with. */
export function headSeen(health: Health, sight: HeadSight, reference: number | null, now: UnixMs): Health {
  const head = headAfter(health.head, sight, now)
  if (reference === null) return { ...health, head }
  const blocks = Math.max(0, reference - sight.head)
  const isNews = isNewsOfLag(health.lag?.blocks ?? null, sight, blocks, reference)
  return { ...health, head, lag: isNews ? { blocks, at: now } : health.lag }
}

function headAfter(head: Head | null, { head: height, is }: HeadSight, now: UnixMs): Head | null {
  const isKnown = is === 'no_higher' || (is === 'no_lower' && head !== null && height < head.height)
  return isKnown ? head : { height, at: now }
}

function isNewsOfLag(
  before: number | null,
  { head, is }: HeadSight,
  blocks: number,
  reference: number,
): boolean {
  switch (is) {
    case 'there':
      return true
    case 'no_lower':
      return before !== null && blocks < before
    // A block far down may be gone for good: a node that keeps no old ones is not late.
    case 'no_higher':
      return head >= reference - LAG_BELIEVED_BLOCKS && blocks > (before ?? 0)
  }
}

/** Blocks; null: nothing is known that is fresh. */
export function lagOf({ lag }: Health, now: UnixMs): number | null {
  return lag === null || now >= addMs(lag.at, LAG_KEPT_MS) ? null : lag.blocks
}

export function isPaused({ pausedUntil }: Health, now: UnixMs): boolean {
  return pausedUntil !== null && now < pausedUntil
}

/** Milliseconds, as it were. Less is better. */
export function costOf(health: Health, weight: number, now: UnixMs): number {
  const { meanMs, askedAt, faults } = health
  const kept = askedAt === null ? 1 : 0.5 ** (Math.max(0, now - askedAt) / FORGETS_HALF_MS)
  const latency = meanMs === null ? UNKNOWN_MS : UNKNOWN_MS + (meanMs - UNKNOWN_MS) * kept
  const faultCost = kept * FAULTS.reduce((sum, name) => sum + FAULT_COST[name] * faults[name], 0)
  const lagCost = LAG_COST * (lagOf(health, now) ?? 0)
  return ((latency + 1) * (1 + faultCost) * (1 + lagCost)) / weight
}

/** Milliseconds after which an answer is late for this endpoint. */
export function tailMs({ latencies }: Health): number {
  if (latencies.length < TAIL_LEAST_SAMPLES) return TAIL_GUESS_MS
  const sorted = [...latencies].sort((one, other) => one - other)
  return Math.min(TAIL_MOST_MS, Math.max(TAIL_LEAST_MS, quantile(sorted, TAIL_QUANTILE)))
}

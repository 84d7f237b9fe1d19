// How a chain's object splits the rate of an endpoint among those who ask. Pure: times are the object's own.

import { addMs, SECOND_MS, type UnixMs } from '../lib/time.ts'

/** How long a holder may use what it got, from when it asked. */
export const LEASE_MS = 6 * SECOND_MS
/** How much longer the object counts it: clocks differ, and a request may be under way. */
const GRACE_MS = 2 * SECOND_MS
/** What may still be held that nobody knows of. */
export const UNKNOWN_LEASES_MS = LEASE_MS + GRACE_MS
/** Of a rate; the rest is for those whom the object did not answer. */
const LEASED_SHARE = 3 / 4
/** Isolates that may be in that state at once without the rate being passed. */
const UNANSWERED_MOST = 16

/** `perSecond` 0: it waits for its turn. A holder has several for a while: the answer to the last one may be lost. */
export type Lease = {
  readonly holder: string
  readonly perSecond: number
  readonly until: UnixMs
  /** When it last got a part; null: never. */
  readonly servedAt: UnixMs | null
}

export type Grant = { readonly leases: readonly Lease[]; readonly perSecond: number }

/** `leases`: all of the endpoint until now, in the order in which they were given. */
export function granted(leases: readonly Lease[], rate: number, holder: string, now: UnixMs): Grant {
  const live = leases.filter(({ until }) => until > now)
  const before = live.findLast((lease) => lease.holder === holder) ?? null
  const others = live.filter((lease) => lease.holder !== holder)
  const perSecond = partOf(rate, before, others)
  const servedAt = perSecond > 0 ? now : (before?.servedAt ?? null)
  // What it was refused before holds nothing.
  const kept = live.filter((lease) => lease.holder !== holder || lease.perSecond > 0)
  const until = addMs(now, LEASE_MS + GRACE_MS)
  return { leases: [...kept, { holder, perSecond, until, servedAt }], perSecond }
}

function partOf(rate: number, before: Lease | null, others: readonly Lease[]): number {
  const all = LEASED_SHARE * rate
  // Whole requests: a part that is none would be one in some seconds, and the sum of all too many.
  const unit = Math.min(1, all)
  const byHolder = [...Map.groupBy(others, ({ holder }) => holder).values()]
  const held = byHolder.map((own) => Math.max(...own.map(({ perSecond }) => perSecond)))
  const free = all - held.reduce((sum, perSecond) => sum + perSecond, 0)
  const fair = wholeOf(all / (byHolder.length + 1), unit)
  if (fair > 0) return wholeOf(Math.min(free, fair), unit)
  const waiting = byHolder.flatMap((own) => own.at(-1) ?? []).filter(({ perSecond }) => perSecond === 0)
  if (before !== null && before.perSecond > 0 && waiting.length > 0) return 0
  const served = before?.servedAt ?? null
  const ahead = waiting.filter(({ servedAt }) => served !== null && (servedAt === null || servedAt < served))
  return wholeOf(Math.min(free - ahead.length * unit, unit), unit)
}

function wholeOf(requests: number, unit: number): number {
  return Math.max(0, Math.floor(requests / unit + ROUNDING)) * unit
}

/** Of sums of fractions, far below one request. */
const ROUNDING = 1e-9

/** Requests a second of one who got no answer. */
export function fallbackOf(rate: number): number {
  return (rate * (1 - LEASED_SHARE)) / UNANSWERED_MOST
}

// When a holder may send its next request to an endpoint with a rate: evenly spaced, so that in no second it sends more than its
// part, whatever came before. Pure.

import { addMs, SECOND_MS, type UnixMs } from '../lib/time.ts'

/** `lastAt`: for when the last request was booked; null: none was. */
export type Pace = { readonly lastAt: UnixMs | null }

export const FRESH_PACE: Pace = { lastAt: null }

export type Booking = { readonly at: UnixMs; readonly pace: Pace }

/** `perSecond` above 0. Null: it would have to wait longer than `mostMs`. */
export function booked(pace: Pace, perSecond: number, now: UnixMs, mostMs: number): Booking | null {
  const { lastAt } = pace
  const due = lastAt === null ? now : addMs(lastAt, Math.ceil(SECOND_MS / perSecond))
  const at = due > now ? due : now
  return at > addMs(now, mostMs) ? null : { at, pace: { lastAt: at } }
}

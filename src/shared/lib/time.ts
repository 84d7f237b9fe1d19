// Times are milliseconds since the epoch in code and RFC 3339 UTC on the wire.

import { assert } from './assert.ts'
import type { Brand } from './brand.ts'

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type UnixMs = Brand<number, 'UnixMs'>

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export function unixMs(value: number): UnixMs {
  assert(Number.isSafeInteger(value) && value >= 0, `not a time: ${value}`)
  return value as UnixMs
}

export function addMs(time: UnixMs, durationMs: number): UnixMs {
  return unixMs(time + Math.round(durationMs))
}

export function earliest(...times: readonly (UnixMs | null)[]): UnixMs | null {
  let first: UnixMs | null = null
  for (const time of times) if (time !== null && (first === null || time < first)) first = time
  return first
}

export function toRfc3339(time: UnixMs): string {
  return new Date(time).toISOString()
}

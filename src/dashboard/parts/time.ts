// Times as people read them: how long ago, and exactly when.

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Milliseconds. Under this the seconds flicker without telling anything. */
const JUST_NOW_MS = 2 * SECOND_MS

/** From here on a day says more than a count of days. */
const FAR_MS = 60 * DAY_MS

/** How long before or after `nowMs`. A clock that is a little ahead of ours is still `now`. */
export function relativeText(timeMs: number, nowMs: number): string {
  const ago = nowMs - timeMs
  if (Math.abs(ago) < JUST_NOW_MS) return 'now'
  if (Math.abs(ago) >= FAR_MS) return dayText(timeMs)
  return ago < 0 ? `in ${spanText(-ago)}` : `${spanText(ago)} ago`
}

/** 2026-01-31, by the reader's clock. */
function dayText(timeMs: number): string {
  const date = new Date(timeMs)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** In its largest unit: 5s, 12m, 3h, 8d. */
export function spanText(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)}s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}m`
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)}h`
  return `${Math.floor(ms / DAY_MS)}d`
}

/** Between two records: 12 ms, 3.4 s, 2 m 05 s. */
export function durationText(ms: number): string {
  if (ms < SECOND_MS) return `${ms} ms`
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(1)} s`
  if (ms < HOUR_MS)
    return `${Math.floor(ms / MINUTE_MS)} m ${two(Math.floor((ms % MINUTE_MS) / SECOND_MS))} s`
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ${two(Math.floor((ms % HOUR_MS) / MINUTE_MS))} m`
  return `${Math.floor(ms / DAY_MS)} d ${Math.floor((ms % DAY_MS) / HOUR_MS)} h`
}

/** 14:03:09.214, by the reader's clock. */
export function clockText(timeMs: number): string {
  const date = new Date(timeMs)
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`
}

/** Day and time by the reader's clock, then the exact time of the wire. */
export function exactText(rfc3339: string): string {
  const date = new Date(rfc3339)
  const local = date.toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'medium' })
  return `${local}\n${rfc3339}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

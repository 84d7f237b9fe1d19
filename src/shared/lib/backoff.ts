// How long to wait before the next try. No jitter: the callers are alarms of objects that started at different times.

/** Exponential: `firstMs`, then twice as long each time, at most `mostMs`. `tries` counts from 0. */
export function backoffMs(tries: number, firstMs: number, mostMs: number): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(tries, 30))
}

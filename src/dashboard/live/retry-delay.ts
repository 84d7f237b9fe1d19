// How long to wait before the next try. With jitter: a server that comes back must not meet all its pages at once.

/** Exponential from `firstMs`, at most `mostMs`; the last half of it is chance. `tries` counts from 0. */
export function retryDelayMs(tries: number, firstMs: number, mostMs: number, chance: number): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(tries, 30))
  return Math.round(full / 2 + (full / 2) * chance)
}

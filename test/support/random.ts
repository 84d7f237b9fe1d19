// Randomness with a seed that is printed: a failing run can be had again with WAYBILL_SEED=N.

export function seedOfRun(name: string): number {
  const seed = Number(process.env.WAYBILL_SEED ?? Math.floor(Math.random() * 2 ** 31))
  console.info(`${name}: WAYBILL_SEED=${seed}`)
  return seed
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

// How property tests run: a failure names its seed and path, and WAYBILL_SEED=N runs the same again.

import fc from 'fast-check'

const SEED = process.env.WAYBILL_SEED

export function holds<T>(property: fc.IProperty<T>, numRuns = 100): void {
  fc.assert(property, { numRuns, ...(SEED === undefined ? {} : { seed: Number(SEED) }) })
}

/** The same where what it holds of is asked for, one run after the other. */
export async function holdsOn<T>(property: fc.IAsyncProperty<T>, numRuns: number): Promise<void> {
  await fc.assert(property, { numRuns, ...(SEED === undefined ? {} : { seed: Number(SEED) }) })
}

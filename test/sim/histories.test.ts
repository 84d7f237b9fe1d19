// Guarantee: whatever goes wrong, and in whatever order, no invariant breaks, and everything ends once the faults are over.
// A fixed share of seeds; `npm run test:full` runs many more.

import { expect, test } from 'vitest'
import { loadSimulator, readMigrations } from './bundle.ts'
import { FAULT_CLASSES } from './faults.ts'
import { Tally } from './tally.ts'

/** About a minute of one free core. */
const SEEDS = 1_000

test(`${SEEDS} histories with every fault keep every invariant`, async () => {
  const simulator = await loadSimulator(null)
  const explorer = new simulator.Explorer(readMigrations())
  const tally = new Tally()
  const since = performance.now()
  const failed = await explorer.search(1, SEEDS, tally)
  const speed = (tally.histories / ((performance.now() - since) / 1_000)).toFixed(1)
  console.info(`sim: ${tally.histories} histories, ${tally.events} events, ${speed} histories/s`)
  explorer.close()
  const again = `npm run sim -- --seed ${failed?.seed}`
  expect(failed?.violation ?? null, again).toBeNull()
  // A fault that is never injected proves nothing.
  expect(FAULT_CLASSES.filter((name) => !tally.faults.has(name))).toEqual([])
})

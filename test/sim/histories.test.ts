// Guarantee: whatever goes wrong, and in whatever order, no invariant breaks, and everything ends once the faults are over.
// As many seeds as a minute allows, in order, and then some of each bias; `npm run test:full` runs many more.

import { expect, test } from 'vitest'
import { BIASES, biasText } from './bias.ts'
import { loadSimulator, readMigrations } from './bundle.ts'
import { FAULT_CLASSES } from './faults.ts'
import { Tally } from './tally.ts'

/** At most, and at least: fewer would not strike every class of faults. */
const SEEDS_MOST = 2_000
const SEEDS_LEAST = 200
/** Seeds until the next look at the clock. */
const CHUNK = 50
/** Milliseconds that all of them may take. */
const BUDGET_MS = 60_000
/** Of each bias. */
const BIASED_SEEDS = 12

test('histories with every fault keep every invariant', async () => {
  const simulator = await loadSimulator(null)
  const explorer = new simulator.Explorer(readMigrations())
  const tally = new Tally()
  const since = performance.now()
  let failed: Awaited<ReturnType<typeof explorer.search>> = null
  const isDue = () => tally.histories < SEEDS_LEAST || performance.now() - since < BUDGET_MS
  while (failed === null && tally.histories < SEEDS_MOST && isDue()) {
    failed = await explorer.search(tally.histories + 1, CHUNK, tally)
  }
  const speed = (tally.histories / ((performance.now() - since) / 1_000)).toFixed(1)
  console.info(`sim: seeds 1 to ${tally.histories}, ${tally.events} events, ${speed} histories/s`)
  explorer.close()
  const again = `npm run sim -- --seed ${failed?.seed}`
  expect(failed?.violation ?? null, again).toBeNull()
  // A fault that is never injected proves nothing.
  expect(FAULT_CLASSES.filter((name) => !tally.faults.has(name))).toEqual([])
})

test.each(BIASES)('and where $often meet often', async (bias) => {
  const simulator = await loadSimulator(null)
  const explorer = new simulator.Explorer(readMigrations())
  const failed = await explorer.search(1, BIASED_SEEDS, null, simulator.ALL_FAULTS, bias)
  explorer.close()
  const again = `npm run sim -- --seed ${failed?.seed}${biasText(bias)}`
  expect(failed?.violation ?? null, again).toBeNull()
})

// Guarantee: a crash at any point, and a second one during the recovery from it, loses nothing and doubles nothing. Every
// point that a scenario reaches is struck, one by one; of the pairs a bounded share.

import { describe, expect, test } from 'vitest'
import { loadSimulator, readMigrations } from './bundle.ts'
import { MOMENTS } from './crash-points.ts'
import { crashEverywhere } from './exhaustive.ts'

/** By their seeds. `npm run test:full` takes six of them. */
const SCENARIOS = [1]
/** Of the pairs of crashes, each so-manieth. */
const PAIRS_EVERY = 30

const simulator = await loadSimulator(null)

describe.each(SCENARIOS)('scenario %i', (seed) => {
  test('survives a crash at every point', async () => {
    const explorer = new simulator.Explorer(readMigrations())
    const report = await crashEverywhere(explorer, seed, PAIRS_EVERY)
    explorer.close()
    console.info(
      `sim: scenario ${seed}: ${report.singles} crashes, ${report.pairs} pairs, ${report.names.size} points`,
    )
    expect(report.failed?.result.violation ?? null, `crashes ${report.failed?.crashes}`).toBeNull()
    for (const moment of MOMENTS) {
      for (const actor of ['TransferObject', 'SignerObject', 'ChainObject']) {
        const isStruck = [...report.names].some((name) => name.startsWith(actor) && name.includes(moment))
        expect(isStruck, `${actor} ${moment}`).toBe(true)
      }
    }
  })
})

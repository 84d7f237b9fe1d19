// Guarantee: the simulator finds bugs. Each planted one is caught by the seed that stands beside it, by the same invariant;
// and one that no longer fits the product fails here instead of proving nothing.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../scripts/dev/root.ts'
import { loadSimulator, patched, readMigrations } from './bundle.ts'
import { MUTANTS } from './mutants/all.ts'

test('there are enough of them, each with a name of its own', () => {
  expect(CAUGHT.length).toBeGreaterThanOrEqual(24)
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
})

const CAUGHT = MUTANTS.flatMap(({ caught, ...mutant }) => (caught === null ? [] : [{ ...mutant, caught }]))

test.each(CAUGHT)('$name is caught', async (mutant) => {
  const simulator = await loadSimulator(mutant)
  const explorer = new simulator.Explorer(readMigrations())
  const result = await explorer.run(simulator.bySeed(mutant.caught.seed, simulator.ALL_FAULTS, mutant.bias))
  explorer.close()
  expect(result.violation?.invariant, `seed ${mutant.caught.seed}: ${mutant.breaks}`).toBe(mutant.caught.by)
})

test.each(MUTANTS)('$name: its piece stands in the product once', (mutant) => {
  const text = readFileSync(join(ROOT, mutant.file), 'utf8')
  expect(patched(mutant, text)).not.toBe(text)
  expect(() => patched({ ...mutant, from: `${mutant.from} not there` }, text)).toThrow('stands 0 times')
  expect(() => patched(mutant, text + text)).toThrow('stands 2 times')
})

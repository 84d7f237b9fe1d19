// `npm run test:full`: the long forms. All tests, with a thousand kills of the whole runtime; then the simulator over many seeds, every crash point of its scenarios,
// and a search of a seed for each planted bug.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './dev/root.ts'

/** Kills of the whole runtime behind faulty endpoints, test/crash. */
process.env.WAYBILL_KILLS ??= '1000'

const SEEDS = '50000'
/** Of each bias. */
const BIASED_SEEDS = '1000'
/** Each planted bug has to be caught within these. */
const MUTANT_SEEDS = '5000'

const RUNS: readonly (readonly [script: string, ...args: string[]])[] = [
  ['scripts/test.ts'],
  ['scripts/sim.ts', '--exhaustive'],
  ['scripts/sim.ts', '--seeds', SEEDS, '--biases', BIASED_SEEDS],
  ['scripts/sim.ts', '--mutant', 'all', '--seeds', MUTANT_SEEDS],
]

let isGood = true
for (const [script, ...args] of RUNS) {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, stdio: 'inherit' })
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) isGood = false
}
process.exit(isGood ? 0 : 1)

// Writes beside a planted bug which seed catches it, and by what: what `npm run sim -- --mutant all --write` found.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../../scripts/dev/root.ts'
import type { Caught, Mutant } from './mutant.ts'

const FOLDER = join(ROOT, 'test/sim/mutants')
const CAUGHT = /caught: (?:null|\{ seed: \d+, by: '\w+' \})/

export function writeCaught({ name }: Mutant, { seed, by }: Caught): void {
  for (const file of readdirSync(FOLDER)) {
    const path = join(FOLDER, file)
    const text = readFileSync(path, 'utf8')
    const start = text.indexOf(`name: '${name}'`)
    if (start < 0) continue
    const rest = text.slice(start).replace(CAUGHT, () => `caught: { seed: ${seed}, by: '${by}' }`)
    writeFileSync(path, text.slice(0, start) + rest)
    return
  }
  throw new Error(`mutant ${name} stands in no file of ${FOLDER}`)
}

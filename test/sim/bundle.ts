// Bundles the simulator with the product's source as it is, or with one planted bug: a mutant replaces a piece of one file
// while it is loaded. Nothing of this is in the product.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { ROOT } from '../../scripts/dev/root.ts'
import type * as Explore from './explore.ts'
import type { Mutant } from './mutants/mutant.ts'

/** What the bundle exports. */
export type Simulator = typeof Explore

export async function loadSimulator(mutant: Mutant | null): Promise<Simulator> {
  // Below node_modules a test runner imports it as it is.
  const cache = join(ROOT, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'waybill-sim-'))
  const outfile = join(folder, 'simulator.mjs')
  try {
    await build({
      entryPoints: [join(ROOT, 'test/sim/explore.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      logLevel: 'error',
      plugins: mutant === null ? [] : [planted(mutant)],
    })
    const loaded: Simulator = await import(pathToFileURL(outfile).href)
    return loaded
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function planted(mutant: Mutant): Plugin {
  const path = join(ROOT, mutant.file)
  return {
    name: `mutant ${mutant.name}`,
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, (args) => {
        if (args.path !== path) return null
        return { contents: patched(mutant, readFileSync(path, 'utf8')), loader: 'ts' }
      })
    },
  }
}

/** @throws Where the piece is not there, or more than once: the product has moved on, and the mutant has to follow. */
export function patched({ name, file, from, to }: Mutant, text: string): string {
  const count = text.split(from).length - 1
  if (count !== 1) throw new Error(`mutant ${name}: its piece stands ${count} times in ${file}`)
  return text.replace(from, () => to)
}

export function readMigrations(): string {
  return readFileSync(join(ROOT, 'migrations/0001_create_tables.sql'), 'utf8')
}

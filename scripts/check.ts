// `npm run check`: types, lint, format, house rules. Runs all of them also when one fails, and fails then.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { biome, programOf } from './dev/program-of.ts'
import { ROOT } from './dev/root.ts'

type Check = { readonly name: string; readonly program: string; readonly args: readonly string[] }

const tsc = programOf('typescript', 'bin/tsc')
const PROJECTS = [
  'tsconfig.json',
  'tsconfig.node.json',
  'tsconfig.dashboard.json',
  'tsconfig.workers-test.json',
]

const CHECKS: readonly Check[] = [
  {
    name: 'lint and format',
    program: biome(),
    args: ['check', '--error-on-warnings'],
  },
  ...PROJECTS.filter((project) => existsSync(join(ROOT, project))).map((project) => ({
    name: `types of ${project}`,
    program: tsc,
    args: ['-p', project],
  })),
  {
    name: 'generated types',
    program: programOf('wrangler', 'bin/wrangler.js'),
    args: ['types', '--check', '--include-runtime=false'],
  },
  { name: 'house rules', program: programOf('vitest', 'vitest.mjs'), args: ['run', '--project', 'house'] },
]

async function run({ name, program, args }: Check): Promise<boolean> {
  const since = performance.now()
  const child = spawn(process.execPath, [program, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  const isGood = (await exit) === 0
  console.log(
    `${isGood ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - since) / 1_000).toFixed(1)} s)`,
  )
  if (!isGood) console.log(`${out}${errors}`.trimEnd())
  return isGood
}

const results: boolean[] = []
for (const check of CHECKS) results.push(await run(check))
process.exit(results.every(Boolean) ? 0 : 1)

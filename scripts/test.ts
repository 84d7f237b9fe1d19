// `npm test`: makes what the tests load (the built dashboard) and runs Vitest. Arguments go to Vitest.

import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { buildDashboard } from './dev/dashboard.ts'
import { ROOT } from './dev/root.ts'

await buildDashboard()
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
})
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
// Ctrl-C of a terminal reaches the child without help; somebody else's SIGINT does not.
process.on('SIGINT', () => {
  if (!process.stdin.isTTY) child.kill('SIGINT')
})
child.once('exit', (code) => process.exit(code ?? 1))

// `npm run deploy`: builds the page, brings the database to the newest tables, and deploys the Worker. Arguments go to
// `wrangler deploy`; with --dry-run nothing leaves this machine, the database included. See docs/deployment.md.

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { buildDashboard } from './dev/dashboard.ts'
import { ROOT } from './dev/root.ts'

const DATABASE = 'waybill'

const wrangler = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin/wrangler.js',
)

function run(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [wrangler, ...args], { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const args = process.argv.slice(2)
await buildDashboard()
// Tables first: the code that needs them comes after, and the code before it does not mind them (forward only).
if (!args.includes('--dry-run')) run('d1', 'migrations', 'apply', DATABASE, '--remote')
run('deploy', ...args)

// Where and of what the figures are: without it a figure says nothing.

import { execFileSync } from 'node:child_process'
import os from 'node:os'
import workerd from 'workerd/package.json' with { type: 'json' }
import { ROOT } from '../scripts/dev/root.ts'

const BYTES_PER_GB = 1e9

export function machineLine(): string {
  const cpus = os.cpus()
  const memory = `${Math.round(os.totalmem() / BYTES_PER_GB)} GB`
  const [load = 0] = os.loadavg()
  return [
    `${cpus.length} x ${cpus[0]?.model.trim() ?? 'unknown processor'}`,
    memory,
    `${os.platform()} ${os.release()}`,
    `Node ${process.versions.node}`,
    `workerd ${workerd.version}`,
    `load ${load.toFixed(2)}`,
  ].join(', ')
}

export function commitLine(): string {
  const sha = git('rev-parse', '--short=12', 'HEAD')
  if (sha === null) return 'not a git repository'
  const changed = git('status', '--porcelain') === '' ? '' : ' with changes'
  return `commit ${sha}${changed}`
}

function git(...args: readonly string[]): string | null {
  try {
    return execFileSync('git', args, {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null
  }
}

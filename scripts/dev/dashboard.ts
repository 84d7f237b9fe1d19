// Builds the dashboard when its sources are newer than what was built.

import { spawn } from 'node:child_process'
import { existsSync, globSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ROOT } from './root.ts'

const DIST = join(ROOT, 'dist')
const BUILT = join(DIST, 'dashboard')
/** What goes into the page. */
const SOURCES = ['src/dashboard/**/*', 'src/shared/**/*', 'vite.config.ts', 'package-lock.json']

export async function buildDashboard(): Promise<'built' | 'fresh'> {
  if (!existsSync(join(ROOT, 'vite.config.ts'))) {
    // The runtime refuses to start without the directory.
    mkdirSync(BUILT, { recursive: true })
    return 'fresh'
  }
  if (isFresh()) return 'fresh'
  // Beside the page that is served, and then in its place: two stacks may start at the same time.
  const draft = join(DIST, `.dashboard-${process.pid}-${Date.now()}`)
  try {
    await build(draft)
    moveInPlace(draft)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return 'built'
}

function moveInPlace(draft: string): void {
  const old = `${draft}-old`
  try {
    if (existsSync(BUILT)) renameSync(BUILT, old)
    renameSync(draft, BUILT)
  } catch (error) {
    // Somebody else was faster, with the same page.
    if (!isFresh()) throw error
  } finally {
    rmSync(old, { recursive: true, force: true })
  }
}

function isFresh(): boolean {
  const page = statSync(join(BUILT, 'index.html'), { throwIfNoEntry: false })
  if (page === undefined) return false
  const sources = globSync(SOURCES, { cwd: ROOT }).map((path) => statSync(join(ROOT, path)).mtimeMs)
  return Math.max(...sources) <= page.mtimeMs
}

async function build(outDir: string): Promise<void> {
  const program = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  const vite = spawn(
    process.execPath,
    [program, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const exit = new Promise<number | null>((resolve) => vite.once('close', resolve))
  const [out, errors] = await Promise.all([text(vite.stdout), text(vite.stderr)])
  if ((await exit) !== 0) throw new Error(`the dashboard could not be built:\n${out}${errors}`)
}

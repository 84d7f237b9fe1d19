// Builds the dashboard when its sources are newer than what was built.

import { spawn } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
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
  // Made beside the page that is served: two stacks may start at the same time.
  const draft = join(DIST, `.dashboard-${process.pid}-${Date.now()}`)
  try {
    await build(draft)
    moveInPlace(draft)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return 'built'
}

/**
 * File by file into the directory that is there: a runtime that serves it holds on to the directory itself. The page
 * comes last, so that at every moment what it names is there; then goes what no page names any more.
 */
function moveInPlace(draft: string): void {
  const files = filesIn(draft).sort((one) => (one.endsWith('.html') ? 1 : -1))
  for (const file of files) {
    mkdirSync(dirname(join(BUILT, file)), { recursive: true })
    renameSync(join(draft, file), join(BUILT, file))
  }
  const kept = new Set(files)
  for (const file of filesIn(BUILT)) if (!kept.has(file)) rmSync(join(BUILT, file), { force: true })
}

function filesIn(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
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

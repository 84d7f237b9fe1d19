// What every npm script starts with: installs what is missing, then runs a program on the pinned Node.
// Plain JavaScript without dependencies, because it runs before they exist and on whatever Node the machine has.
//   node scripts/run.mjs scripts/start.ts [args]     a program of this repository
//   node scripts/run.mjs vitest run [args]           the command of an installed package

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const MODULES = join(ROOT, 'node_modules')
const PINNED_NODE = join(MODULES, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
/** Holds the hash of the lock file that node_modules was installed from. `npm ci` removes it, with the rest. */
const STAMP = join(MODULES, '.waybill-lock')
/** How often to look whether npm is still there, milliseconds: a killed npm must not leave a stack running. */
const PARENT_CHECK_MS = 1_000
/** Shells report a program that a signal ended as 128 + its number. */
const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGKILL: 137, SIGTERM: 143 }

function main() {
  const [program, ...args] = process.argv.slice(2)
  if (program === undefined) fail('usage: node scripts/run.mjs PROGRAM [ARGUMENTS]')
  installWhatIsMissing()
  run(entryOf(program), args)
}

function installWhatIsMissing() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8')
  const wanted = createHash('sha256').update(lock).digest('hex')
  if (existsSync(PINNED_NODE)) {
    if (readIfThere(STAMP) === wanted) return
    if (isInstalledFrom(lock)) return writeFileSync(STAMP, wanted)
  }
  const why = existsSync(MODULES) ? 'package-lock.json has changed' : 'the first run'
  console.error(`Installing dependencies (${why}): npm ci`)
  // Development dependencies are what runs here, also where NODE_ENV says production.
  const flags = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const [command, before] = npm?.endsWith('npm-cli.js') ? [process.execPath, [npm]] : ['npm', []]
  const result = spawnSync(command, [...before, ...flags], { cwd: ROOT, stdio: ['inherit', 2, 2] })
  if (result.status !== 0) fail('npm ci failed; see above')
  if (!existsSync(PINNED_NODE)) {
    fail(
      'npm ci brought no Node: are install scripts off (ignore-scripts)? The package `node` needs its own.',
    )
  }
  writeFileSync(STAMP, wanted)
}

/** Whether an installation that somebody made without this program is the one of the lock file. */
function isInstalledFrom(lock) {
  const installed = readIfThere(join(MODULES, '.package-lock.json'))
  if (installed === null) return false
  const there = JSON.parse(installed).packages ?? {}
  return Object.entries(JSON.parse(lock).packages ?? {}).every(([path, wanted]) => {
    if (path === '') return true
    const found = there[path]
    if (found === undefined) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

/** A path is a program of ours; a bare name is the command of a package. */
function entryOf(program) {
  const path = program.includes('/') ? join(ROOT, program) : join(MODULES, '.bin', program)
  if (!existsSync(path)) fail(`there is no ${program}`)
  return realpathSync(path)
}

function run(entry, args) {
  const child = spawn(PINNED_NODE, [entry, ...args], {
    // The channel says nothing: it closes when this process is killed, and start.ts ends what it started.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${dirname(PINNED_NODE)}:${join(MODULES, '.bin')}:${process.env.PATH ?? ''}`,
      WRANGLER_SEND_METRICS: 'false',
      DO_NOT_TRACK: '1',
    },
  })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // A terminal gives Ctrl-C to the whole group, so the child has it already; a second one would mean "at once".
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT')
  })
  endWithNpm(child)
  child.on('error', (error) => fail(error.message))
  child.on('exit', (code, signal) => process.exit(code ?? SIGNAL_CODES[signal] ?? 1))
}

/** npm cannot pass SIGKILL on. Only where npm is the parent: a shell may go and leave its children running. */
function endWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM')
  }, PARENT_CHECK_MS).unref()
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

main()

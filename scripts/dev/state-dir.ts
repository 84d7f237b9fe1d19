// Where the state of a local stack lies, and what of it may be deleted.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** End of the name of a log of the start before. */
const BEFORE = '.before.log'

export type StateDir = {
  readonly root: string
  /** For other programs. */
  readonly devFile: string
  /** Keys and ports: for the next start only. */
  readonly privateFile: string
  /** Who uses this state now. */
  readonly ownerFile: string
  readonly hostsFile: string
  readonly chainDir: string
  readonly runtimeDir: string
  readonly temporaryDir: string
  readonly bundle: string
  /** Of the control Worker (control-worker.ts). */
  readonly controlBundle: string
  readonly logs: string
}

export function stateDir(path: string): StateDir {
  const root = resolve(path)
  return {
    root,
    devFile: join(root, 'dev.json'),
    privateFile: join(root, 'private.json'),
    ownerFile: join(root, 'owner.json'),
    hostsFile: join(root, 'hosts.json'),
    chainDir: join(root, 'chain'),
    runtimeDir: join(root, 'runtime'),
    temporaryDir: join(root, 'tmp'),
    bundle: join(root, 'worker', 'worker.js'),
    controlBundle: join(root, 'worker', 'control.js'),
    logs: join(root, 'logs'),
  }
}

export function makeStateDir(dir: StateDir): void {
  for (const path of [dir.root, dir.logs, dirname(dir.bundle)]) mkdirSync(path, { recursive: true })
}

/** The logs of this start are new files; those of the start before are kept beside them. */
export function turnLogs(dir: StateDir): void {
  for (const name of readdirSync(dir.logs)) {
    if (name.endsWith('.log') && !name.endsWith(BEFORE)) {
      renameSync(join(dir.logs, name), join(dir.logs, name.replace(/\.log$/, BEFORE)))
    }
  }
}

/** Deletes what a stack made, by name: `--state ~ --fresh` must not cost anybody a home directory. */
export function deleteState(dir: StateDir): void {
  const files = [dir.devFile, dir.privateFile]
  const dirs = [dir.chainDir, dir.runtimeDir, dir.temporaryDir, dirname(dir.bundle), dir.logs]
  for (const path of [...files, ...dirs]) rmSync(path, { recursive: true, force: true })
}

/** Whole or not at all, and for the user's eyes only: these files hold keys. */
export function writeJson(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  chmodSync(draft, 0o600)
  renameSync(draft, file)
}

/** Null: the file is not there. */
export function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

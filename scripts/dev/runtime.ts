// Starts the runtime: the bundled Worker in workerd, in a host of its own.

import { join } from 'node:path'
import { type HostProcess, startHost } from './host-process.ts'
import { ROOT } from './root.ts'
import type { RuntimeSettings } from './runtime-host.ts'
import type { StateDir } from './state-dir.ts'

/** Milliseconds: it takes two seconds, and many more where all cores are busy. */
const READY_WITHIN_MS = 60_000
/** Binding of the D1 database in wrangler.toml. */
const DATABASE = 'DB'

export type RuntimeOptions = {
  readonly signal?: AbortSignal | undefined
  readonly onSpawn?: ((pid: number) => void) | undefined
  readonly port: number
  readonly bindings: Readonly<Record<string, string>>
  readonly onEvent: (event: string) => void
}

export function startRuntime(dir: StateDir, options: RuntimeOptions): Promise<HostProcess> {
  const settings: RuntimeSettings = {
    config: join(ROOT, 'wrangler.toml'),
    migrationsDir: join(ROOT, 'migrations'),
    bundle: dir.bundle,
    controlBundle: dir.controlBundle,
    stateDir: dir.runtimeDir,
    temporaryDir: dir.temporaryDir,
    port: options.port,
    bindings: { ...options.bindings },
    database: DATABASE,
  }
  return startHost({
    name: 'the runtime (workerd)',
    program: join(ROOT, 'scripts', 'dev', 'runtime-host.ts'),
    settings,
    logFile: join(dir.logs, 'runtime.log'),
    readyWithinMs: READY_WITHIN_MS,
    onEvent: options.onEvent,
    signal: options.signal,
    onSpawn: options.onSpawn,
  })
}

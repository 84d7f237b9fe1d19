// The host of the runtime: workerd by way of Miniflare, with the bindings of wrangler.toml, and what Cloudflare's
// platform does around a Worker: D1 migrations before the first request, and cron ticks.

import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, type WorkerdStructuredLog } from 'miniflare'
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler'
import { z } from 'zod'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import { Control } from './control.ts'
import { type SqlStatement, sqlStatement } from './control-protocol.ts'
import { cronsOf, startCron } from './cron.ts'
import { applyMigrations } from './d1-migrations.ts'
import { type Hosted, host } from './host.ts'

export const runtimeSettings = z.strictObject({
  /** Absolute paths. */
  config: z.string(),
  bundle: z.string(),
  controlBundle: z.string(),
  migrationsDir: z.string(),
  stateDir: z.string(),
  temporaryDir: z.string(),
  port: z.number().int(),
  /** Vars and secrets, over those of the configuration. */
  bindings: z.record(z.string(), z.string()),
  /** Binding of the D1 database. */
  database: z.string(),
})
export type RuntimeSettings = z.infer<typeof runtimeSettings>

/** Our Worker in the runtime. */
const WAYBILL = 'waybill'

host(async (raw, tell): Promise<Hosted> => {
  const settings = runtimeSettings.parse(raw)
  useTemporaryDir(settings.temporaryDir)
  const config = readConfig(settings.config)
  const control = controlOf(settings, config)
  const miniflare = new Miniflare({
    ...miniflareOptions(settings, config, control),
    resourcePersistencePath: settings.stateDir,
    handleStructuredLogs: printLog,
    // Miniflare starts workerd again by itself, on the same port and state.
    unsafeHandleRuntimeRestart: () => tell('workerd ended and was started again'),
  })
  const url = await miniflare.unsafeGetDirectURL(WAYBILL)
  const sql = (statements: readonly SqlStatement[]) => control.sql(miniflare, statements)
  await applyMigrations(sql, settings.migrationsDir)
  const tick = async (cron: string, at: Date) => {
    const outcome = await control.cron(miniflare, cron, at)
    if (outcome !== 'ok') console.error(`cron ${cron}: ${outcome}`)
    return outcome
  }
  const cron = startCron(cronsOf(settings.config), tick)
  return {
    url: url.origin,
    calls: {
      /** Statements that succeed or fail together; answers the rows of each. */
      sql: (params) => sql(z.array(sqlStatement).parse(params)),
      cron: (params) => tick(z.string().parse(params), new Date()),
    },
    stop: async () => {
      cron.stop()
      await miniflare.dispose()
    },
  }
})

type Config = ReturnType<typeof readConfig>

/** Without `secrets`: they are among the bindings given here, and wrangler would warn that no file holds them. */
function readConfig(file: string) {
  return { ...unstable_readConfig({ config: file }), secrets: undefined }
}

function controlOf({ controlBundle, database }: RuntimeSettings, config: Config): Control {
  const bound = config.d1_databases.find(({ binding }: { binding: string }) => binding === database)
  return new Control({
    bundle: controlBundle,
    worker: WAYBILL,
    databaseId: assertDefined(bound?.database_id, `wrangler.toml has a database ${database}`),
    compatibilityDate: assertDefined(config.compatibility_date, 'wrangler.toml names a date'),
  })
}

function miniflareOptions(settings: RuntimeSettings, config: Config, control: Control) {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(config)
  // Rules find modules on disk; ours is given whole.
  const { modulesRules: _, ...options } = workerOptions
  const contents = readFileSync(settings.bundle, 'utf8')
  return convertV4MiniflareOptions({
    host: '127.0.0.1',
    // Miniflare's own door, in front of a router that no deployment has: nobody is told of it.
    port: 0,
    workers: [
      {
        ...options,
        name: WAYBILL,
        unsafeDirectSockets: [{ host: '127.0.0.1', port: settings.port }],
        bindings: Object.assign({}, options.bindings, settings.bindings),
        modules: [{ type: 'ESModule', path: basename(settings.bundle), contents }],
      },
      control.workerOptions,
    ],
  })
}

/** Miniflare cannot tidy up when it is killed; here the next start does. */
function useTemporaryDir(dir: string): void {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  process.env.TMPDIR = dir
}

function printLog({ timestamp, level, message }: WorkerdStructuredLog): void {
  console.log(`${new Date(timestamp).toISOString()} ${level} ${message}`)
}

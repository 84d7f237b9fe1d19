// Where both sides are measured: one workerd that runs the real Worker and the floor's, each on a socket of its own
// without Miniflare's router in front; a real chain with a block each second; and a tenant with signers.
//
// The Worker runs without its static assets: in Miniflare they put a second router in front of it, which the platform
// does not count to the Worker either.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler'
import { z } from 'zod'
import { bundleWorker } from '../../scripts/dev/bundle.ts'
import { startChain } from '../../scripts/dev/chain.ts'
import type { SqlStatement } from '../../scripts/dev/control-protocol.ts'
import { applyMigrations } from '../../scripts/dev/d1-migrations.ts'
import type { DevState, TenantPlan } from '../../scripts/dev/dev-state.ts'
import type { HostProcess } from '../../scripts/dev/host-process.ts'
import { DEFAULT_BLOCK_TIME_S, LOCAL_CHAIN } from '../../scripts/dev/local-chain.ts'
import { ROOT } from '../../scripts/dev/root.ts'
import { rpc } from '../../scripts/dev/rpc.ts'
import { seedStatements } from '../../scripts/dev/seed.ts'
import { bindingsOf, devTenantOf, prepareState, toStackTenant } from '../../scripts/dev/stack-state.ts'
import { makeStateDir, type StateDir, stateDir } from '../../scripts/dev/state-dir.ts'
import type { Address } from '../../src/shared/chain/address.ts'
import { assert, assertDefined } from '../../src/shared/lib/assert.ts'

/** One nonce line takes 16 transactions per block; this many keep up with all that one client can post. */
const SIGNERS = 32
const TENANT: TenantPlan = { id: 'dev', keys: ['operator'], signers: SIGNERS }
/** Wei, for each signer: 1,000 ether. */
const FUNDS = 10n ** 21n
/** As many as the API answers to these transfers. */
const ANSWER_BYTES = 1_256
const NAMES = { waybill: 'waybill', floor: 'floor' } as const

export type Platform = {
  readonly waybill: URL
  readonly floor: URL
  readonly apiKey: string
  readonly signers: readonly Address[]
  /** Transfers that the read model shows, and those of them that are not final. */
  progress(): Promise<{ readonly known: number; readonly busy: number }>
  /** Its API key may have transfers submitted within their requests. */
  trust(): Promise<void>
  stop(): Promise<void>
}

/** `through`: of a node's URL, the URL by which the Worker reaches it. */
export async function startPlatform(
  signal: AbortSignal,
  through: (node: string) => Promise<string> = async (node) => node,
): Promise<Platform> {
  const parent = join(ROOT, '.waybill')
  mkdirSync(parent, { recursive: true })
  const dir = stateDir(mkdtempSync(join(parent, 'bench-')))
  makeStateDir(dir)
  let chain: HostProcess | null = null
  let miniflare: Miniflare | null = null
  // Also where this process is ended by a signal: Miniflare's own handler leaves no time for more.
  const remove = () => rmSync(dir.root, { recursive: true, force: true })
  process.once('exit', remove)
  const stop = async () => {
    process.removeListener('exit', remove)
    await miniflare?.dispose()
    await chain?.stop()
    remove()
  }
  try {
    const state = await prepareState(dir, {
      stateDir: dir.root,
      port: null,
      chainPort: null,
      tenants: [TENANT],
    })
    const options = { port: state.ports.chain, blockTimeS: DEFAULT_BLOCK_TIME_S, pastStates: false, signal }
    chain = await startChain(dir, options)
    miniflare = new Miniflare(runtimeOptions(dir, state, await through(chain.url)))
    await miniflare.ready
    const { apiKeys, signers } = devTenantOf(state.tenants.map(toStackTenant))
    for (const signer of signers)
      await rpc(chain.url, 'anvil_setBalance', [signer, `0x${FUNDS.toString(16)}`])
    await prepareDatabase(miniflare, state)
    return { ...(await describe(miniflare)), apiKey: assertDefined(apiKeys.operator, 'a key'), signers, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function runtimeOptions(dir: StateDir, state: DevState, rpcUrl: string) {
  // Secrets are among the bindings given here; without assets the socket leads to the Worker itself.
  const without = { secrets: undefined, assets: undefined }
  const config = { ...unstable_readConfig({ config: join(ROOT, 'wrangler.toml') }), ...without }
  const { workerOptions } = unstable_getMiniflareWorkerOptions(config)
  const { modulesRules: _, ...options } = workerOptions
  const direct = { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }
  const bundles = dirname(dir.bundle)
  const converted = convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    workers: [
      {
        ...options,
        ...direct,
        name: NAMES.waybill,
        bindings: Object.assign({}, options.bindings, bindingsOf(state, null), {
          RPC_ENDPOINTS: JSON.stringify({
            [LOCAL_CHAIN]: [{ name: 'local', url: rpcUrl, operator: 'local' }],
          }),
        }),
        modules: [bundled(join(ROOT, 'src', 'workers', 'main.ts'), join(bundles, 'waybill.js'))],
      },
      {
        ...direct,
        name: NAMES.floor,
        compatibilityDate: assertDefined(config.compatibility_date, 'wrangler.toml names a date'),
        compatibilityFlags: config.compatibility_flags,
        bindings: { ANSWER: 'x'.repeat(ANSWER_BYTES) },
        durableObjects: { FLOOR: { className: 'FloorObject', useSQLite: true } },
        modules: [bundled(join(import.meta.dirname, 'floor-worker.ts'), join(bundles, 'floor.js'))],
      },
    ],
  })
  return {
    ...converted,
    resourcePersistencePath: dir.runtimeDir,
    // What the Worker logs is not part of the table.
    handleStructuredLogs: () => {},
  }
}

function bundled(entry: string, outfile: string) {
  mkdirSync(dirname(outfile), { recursive: true })
  bundleWorker(entry, outfile)
  return { type: 'ESModule', path: basename(outfile), contents: readFileSync(outfile, 'utf8') } as const
}

async function prepareDatabase(miniflare: Miniflare, state: DevState): Promise<void> {
  const database = await miniflare.getD1Database('DB', NAMES.waybill)
  const run = async (statements: readonly SqlStatement[]) => {
    const results = await database.batch(
      statements.map(({ sql, params }) => database.prepare(sql).bind(...params)),
    )
    return results.map(({ results }) => results)
  }
  await applyMigrations(run, join(ROOT, 'migrations'))
  await run(seedStatements(LOCAL_CHAIN, state.tenants))
}

const progressRow = z.object({ known: z.number(), busy: z.number() })

async function describe(
  miniflare: Miniflare,
): Promise<Pick<Platform, 'waybill' | 'floor' | 'progress' | 'trust'>> {
  const database = await miniflare.getD1Database('DB', NAMES.waybill)
  const query = database.prepare(
    'SELECT count(*) AS known, count(*) FILTER (WHERE is_final = 0) AS busy FROM transfers',
  )
  return {
    waybill: await miniflare.unsafeGetDirectURL(NAMES.waybill),
    floor: await miniflare.unsafeGetDirectURL(NAMES.floor),
    trust: async () => {
      await database.prepare(`UPDATE api_keys SET tier = 'trusted'`).run()
    },
    progress: async () => {
      // Asked again where it fails: the connection that was kept for it may just have been closed for idleness.
      const { results } = await query.all().catch(() => query.all())
      assert(results.length === 1, 'a count is one row')
      return progressRow.parse(results[0])
    },
  }
}

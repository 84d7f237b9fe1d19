// The whole of Waybill on this machine: a real chain, the runtime with every binding local, tenants with keys and funded
// signers. Each part is a process group of its own, so that a test (or a user) can kill one and start it again.

import { join } from 'node:path'
import type { Address } from '../../src/shared/chain/address.ts'
import type { ChainId } from '../../src/shared/chain/chain-id.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import { answering } from './answering.ts'
import { bundleWorker } from './bundle.ts'
import { startChain } from './chain.ts'
import type { SqlStatement } from './control-protocol.ts'
import { buildDashboard } from './dashboard.ts'
import { fundSigners } from './demo-token.ts'
import { type DevState, writeDevFile } from './dev-state.ts'
import { type DeployTransaction, deployExecutor, type ExecutorCode, executorCode } from './executor.ts'
import { logTail } from './host-process.ts'
import { claimState, noteHost, releaseState } from './instance.ts'
import { LOCAL_CHAIN } from './local-chain.ts'
import { localClient, sendLocally } from './local-transactions.ts'
import { Part } from './part.ts'
import { ROOT } from './root.ts'
import { startRuntime } from './runtime.ts'
import { seedStatements } from './seed.ts'
import { type PartName, SILENT, type StackOptions } from './stack-options.ts'
import { bindingsOf, devTenantOf, prepareState, type StackTenant, toStackTenant } from './stack-state.ts'
import { deleteState, makeStateDir, type StateDir, stateDir, turnLogs } from './state-dir.ts'

export type Stack = {
  readonly url: string
  /** Of the tenant `dev`, role admin. */
  readonly apiKey: string
  readonly rpcUrl: string
  readonly chain: ChainId
  /** The demo ERC-20. */
  readonly token: Address
  /** What accounts delegate to for batches. */
  readonly executor: Address
  /** Of the tenant `dev`. */
  readonly signers: readonly Address[]
  readonly privateSigners: readonly Address[]
  readonly tenants: readonly StackTenant[]
  readonly dir: StateDir
  /** Runs statements on D1, together or not at all; answers the rows of each. */
  sql(statements: readonly SqlStatement[]): Promise<unknown>
  /** One tick of a cron trigger, now; answers its outcome. */
  cron(expression: string): Promise<unknown>
  /** SIGKILL. */
  killRuntime(): Promise<void>
  /** On the same port and state. Answers when the runtime takes requests; the chain need not be there. */
  restartRuntime(): Promise<void>
  /** SIGKILL. */
  killChain(): Promise<void>
  /** On the same port and state. Answers when the chain does. */
  restartChain(): Promise<void>
  /** In order; what is known by then is on disk. */
  stop(): Promise<void>
}

/** Anvil's ninth account: not the one whose first transaction makes the token. */
const DEPLOYER = '0x23618e81e3f5cdf7f54c3d65f7fbc0abf5b21e8f'

/** Answers when the API is ready. A failed or interrupted start leaves no process behind. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dir = stateDir(options.stateDir)
  makeStateDir(dir)
  await claimState(dir)
  let parts: Parts | null = null
  try {
    if (options.fresh) deleteState(dir)
    makeStateDir(dir)
    turnLogs(dir)
    const state = await prepareState(dir, options)
    const executor = await executorCode()
    parts = partsOf(dir, bindingsOf(state, executorFor(options, executor), options), state, options)
    const { url, token } = await bringUp(dir, state, executor, parts, options)
    return describe(dir, state, parts, url, { token, executor: executor.address })
  } catch (error) {
    if (parts !== null) await stopParts(parts)
    releaseState(dir)
    throw error
  }
}

function executorFor({ delegateFrom }: StackOptions, { address }: ExecutorCode): Address | null {
  return delegateFrom === null ? null : address
}

type Parts = Readonly<Record<PartName, Part>>

function partsOf(
  dir: StateDir,
  own: Readonly<Record<string, string>>,
  state: DevState,
  options: StackOptions,
): Parts {
  const { report = SILENT, signal, pastStates = false } = options
  const { ports, block_time_s: blockTimeS } = state
  const bindings = { ...own, ...options.bindings }
  const common = (name: PartName) => ({ signal, onSpawn: (pid: number) => noteHost(dir, name, pid) })
  return {
    chain: new Part({
      start: () => startChain(dir, { port: ports.chain, blockTimeS, pastStates, ...common('chain') }),
      onLost: (exit) => report.lost('chain', exit),
    }),
    runtime: new Part({
      start: () =>
        startRuntime(dir, {
          port: ports.api,
          bindings,
          onEvent: (event) => report.event(event),
          ...common('runtime'),
        }),
      onLost: (exit) => report.lost('runtime', exit),
    }),
  }
}

/** As much as possible at the same time; what must come first is awaited first. */
async function bringUp(
  dir: StateDir,
  { tenants, block_time_s }: DevState,
  executor: ExecutorCode,
  { chain, runtime }: Parts,
  { report = SILENT, signal, main = join(ROOT, 'src', 'workers', 'main.ts') }: StackOptions,
): Promise<{ readonly url: string; readonly token: Address }> {
  const chainStarts = later(
    report.step(
      'chain',
      chain.start(),
      ({ url }) => `${LOCAL_CHAIN} at ${url}, a block each ${block_time_s} s`,
    ),
  )
  const dashboardBuilt = later(
    report.step('dashboard', buildDashboard(), (made) => (made === 'built' ? 'built' : 'as built before')),
  )
  bundleWorker(main, dir.bundle)
  bundleWorker(join(ROOT, 'scripts', 'dev', 'control-worker.ts'), dir.controlBundle)
  const { url: rpcUrl } = await chainStarts
  const signers = tenants.flatMap((tenant) => tenant.signers.map(({ address }) => address))
  const funded = later(report.step('token', fundSigners(rpcUrl, signers), (token) => `DEMO at ${token}`))
  const deployed = later(report.step('executor', putExecutor(rpcUrl, executor), () => executor.address))
  await dashboardBuilt
  const { url } = await report.step('runtime', runtime.start(), ({ url }) => `workerd at ${url}`)
  const token = await funded
  await deployed
  // What everything below builds on must outlive a SIGKILL from here on.
  await chain.host.call('keep', {})
  await runtime.host.call('sql', seedStatements(LOCAL_CHAIN, tenants))
  const ready = answering(`${url}/readyz`, signal).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${logTail(join(dir.logs, 'runtime.log'))}`)
  })
  await report.step('API', ready, () => `ready at ${url}`)
  return { url, token }
}

async function putExecutor(rpcUrl: string, code: ExecutorCode): Promise<void> {
  const send = (transaction: DeployTransaction) => sendLocally(rpcUrl, { from: DEPLOYER, ...transaction })
  await deployExecutor(localClient(rpcUrl), code, send)
}

/** Awaited later: until then its failure has no other handler. */
function later<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {})
  return work
}

function describe(
  dir: StateDir,
  state: DevState,
  parts: Parts,
  url: string,
  contracts: Pick<Stack, 'token' | 'executor'>,
): Stack {
  const { token } = contracts
  const tenants = state.tenants.map(toStackTenant)
  const { apiKeys, signers, privateSigners } = devTenantOf(tenants)
  const apiKey = assertDefined(apiKeys.admin, 'the tenant dev has an admin key')
  const rpcUrl = parts.chain.host.url
  const accounts = { signers, private_signers: privateSigners }
  writeDevFile(dir, { url, api_key: apiKey, rpc_url: rpcUrl, chain: LOCAL_CHAIN, token, ...accounts })
  return {
    ...{ url, apiKey, rpcUrl, chain: LOCAL_CHAIN, ...contracts, signers, privateSigners, tenants, dir },
    sql: (statements) => parts.runtime.host.call('sql', statements),
    cron: (expression) => parts.runtime.host.call('cron', expression),
    killRuntime: () => parts.runtime.kill(),
    restartRuntime: async () => {
      await parts.runtime.start()
      await answering(`${url}/healthz`)
    },
    killChain: () => parts.chain.kill(),
    restartChain: async () => {
      await parts.chain.start()
    },
    stop: async () => {
      await stopParts(parts)
      releaseState(dir)
    },
  }
}

/** The runtime first: it must not see the chain go and take that for a failure of the chain. */
async function stopParts({ chain, runtime }: Parts): Promise<void> {
  await runtime.stop()
  await chain.stop()
}

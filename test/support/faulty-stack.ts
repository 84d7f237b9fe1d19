// The whole stack with its chain behind fault proxies: several endpoints of several operators, each with faults of its
// own. The proxies live in the test's process, so they and what they wrote down outlive every kill of the runtime.

import { DEV_TENANT } from '../../scripts/dev/dev-state.ts'
import { freePort } from '../../scripts/dev/free-port.ts'
import { LOCAL_CHAIN } from '../../scripts/dev/local-chain.ts'
import type { EndpointSettings } from '../../src/shared/schema/deployment.ts'
import { FaultProxy } from './fault-proxy/fault-proxy.ts'
import type { SentBytes } from './fault-proxy/sent-bytes.ts'
import { type Stack, type StackOptions, startStack } from './stack.ts'

/** Two voices: with one of them down or lying nothing becomes final, and nothing is lost. */
const ENDPOINTS = [
  { name: 'north-1', operator: 'north' },
  { name: 'south-1', operator: 'south' },
  { name: 'north-2', operator: 'north' },
] as const
/** Where a tenant has private signers. */
const PRIVATE_ENDPOINTS = [
  { name: 'east-hidden', operator: 'east', private: true },
  { name: 'west-hidden', operator: 'west', private: true },
] as const

export type FaultyStack = {
  readonly stack: Stack
  /** Best first, as the settings have them. */
  readonly proxies: readonly FaultProxy[]
  /** Of the private endpoints; none where no tenant has private signers. */
  readonly hidden: readonly FaultProxy[]
  stop(): Promise<void>
}

/** `random`: the dice of all proxies. They have no faults yet. `more`: of the settings of all endpoints. */
export async function startFaultyStack(
  options: StackOptions,
  random: () => number,
  more: Partial<EndpointSettings> = {},
): Promise<FaultyStack> {
  const chainPort = await freePort(null)
  const upstreamUrl = `http://127.0.0.1:${chainPort}`
  const { tenants = [DEV_TENANT] } = options
  const hasPrivate = tenants.some(({ privateSigners = 0 }) => privateSigners > 0)
  const all = [...ENDPOINTS, ...(hasPrivate ? PRIVATE_ENDPOINTS : [])]
  const started = await Promise.all(all.map(() => FaultProxy.start({ upstreamUrl, random })))
  const stopProxies = () => Promise.all(started.map((proxy) => proxy.stop()))
  const endpoints = all.map((endpoint, index) => ({ ...endpoint, ...more, url: started[index]?.url }))
  const bindings = { ...options.bindings, RPC_ENDPOINTS: JSON.stringify({ [LOCAL_CHAIN]: endpoints }) }
  try {
    const stack = await startStack({ ...options, chainPort, bindings })
    return {
      stack,
      proxies: started.slice(0, ENDPOINTS.length),
      hidden: started.slice(ENDPOINTS.length),
      stop: async () => {
        await stack.stop()
        await stopProxies()
      },
    }
  } catch (error) {
    await stopProxies()
    throw error
  }
}

/** By hash: the same bytes go to several endpoints, and again after a crash. */
export function sentThrough(proxies: readonly FaultProxy[]): ReadonlyMap<string, SentBytes> {
  return new Map(proxies.flatMap(({ sent }) => sent.map((bytes) => [bytes.hash, bytes] as const)))
}

/** Of all proxies together, by class. */
export function countsOf(proxies: readonly FaultProxy[]): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {}
  for (const { counts } of proxies) {
    for (const [what, count] of counts) sum[what] = (sum[what] ?? 0) + count
  }
  return Object.fromEntries(Object.entries(sum).sort(([a], [b]) => a.localeCompare(b)))
}

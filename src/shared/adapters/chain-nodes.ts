// The endpoints of a chain, as this isolate knows them. All of one visibility that the settings name are there, whether they
// answer or not: who counts voices must count those that are silent too. Private ones and the others meet nowhere: each kind
// has a router of its own, made when it is first needed.

import type { ChainId } from '../chain/chain-id.ts'
import { assertDefined } from '../lib/assert.ts'
import { unixMs } from '../lib/time.ts'
import type { ChainNode } from '../ports/chain-node.ts'
import type { Lessor } from '../ports/endpoint-lessor.ts'
import type { Visibility } from '../routing/visibility.ts'
import { type EndpointSettings, parseEndpoints, traitsOf } from '../schema/deployment.ts'
import { logEvent } from './json-log.ts'
import { JsonRpcNode } from './json-rpc-node.ts'
import { ProvingNode } from './proving-node.ts'
import { GatedClient } from './routing/gated-client.ts'
import { RoutedNode } from './routing/routed-node.ts'
import { type Asking, Router } from './routing/router.ts'
import { realTimer } from './routing/timer.ts'

type Known = {
  readonly settings: string
  readonly router: Router
  readonly nodes: ReadonlyMap<string, ChainNode>
}

/** Per isolate, keyed by visibility and chain; made anew when the settings change. */
const known: Readonly<Record<Visibility, Map<ChainId, Known>>> = { public: new Map(), private: new Map() }

/** `setting`: the secret RPC_ENDPOINTS. Best first. */
export async function chainNodes(
  setting: string,
  chain: ChainId,
  lessor: Lessor,
  asking: Asking,
  visibility: Visibility = 'public',
): Promise<readonly ChainNode[]> {
  const { router, nodes } = knownOf(setting, chain, visibility)
  if (router.isDue) await router.keep(lessor)
  const names = router.order(asking)
  // What is private waits until there is one: somebody has to be told why.
  if (names.length === 0) logEvent('error', 'endpoint.none', { chain, visibility, purpose: asking.purpose })
  return names.map((name) => {
    const gate = assertDefined(router.gates.get(name), 'who is in order has a gate')
    return new RoutedNode(assertDefined(nodes.get(name), 'and a node'), gate, router, lessor)
  })
}

/** Has heads told that can be compared, now and then: who is asked seldom would never be found late, or back. */
export async function probeEndpoints(setting: string, chain: ChainId, lessor: Lessor): Promise<void> {
  const probed = routerOf(setting, chain).takeProbes()
  if (probed.length === 0) return
  const nodes = await chainNodes(setting, chain, lessor, { purpose: 'read', key: null })
  for (const name of probed) await nodes.find((node) => node.name === name)?.heads()
}

/** What this isolate knows of the public endpoints of a chain. */
export function routerOf(setting: string, chain: ChainId): Router {
  return knownOf(setting, chain, 'public').router
}

function knownOf(setting: string, chain: ChainId, visibility: Visibility): Known {
  const entry = known[visibility].get(chain)
  if (entry?.settings === setting) return entry
  const isPrivate = visibility === 'private'
  const endpoints = (parseEndpoints(setting).get(chain) ?? []).filter((one) => one.private === isPrivate)
  const router = new Router(endpoints.map(traitsOf), {
    holder: crypto.randomUUID(),
    now: () => unixMs(Date.now()),
    wait: realTimer,
    draw: Math.random,
  })
  const nodes = endpoints.flatMap((endpoint) => {
    const gate = router.gates.get(endpoint.name)
    if (gate === undefined) return []
    const { capabilities } = gate.traits
    const node = new JsonRpcNode(
      { ...endpoint, capabilities },
      undefined,
      undefined,
      (client) => new GatedClient(client, gate),
    )
    // One that answers nothing cannot say of which chain it is.
    return [[endpoint.name, capabilities.reads ? new ProvingNode(node, chain) : node] as const]
  })
  const made = { settings: setting, router, nodes: new Map(nodes) }
  known[visibility].set(chain, made)
  return made
}

/** WebSocket form of the URL of the first endpoint that announces heads; null: none does. */
export function subscriptionUrl(endpoints: readonly EndpointSettings[]): string | null {
  const announcing = endpoints
    .map(traitsOf)
    .findIndex((one) => !one.isPrivate && one.capabilities.subscriptions)
  return endpoints[announcing]?.url.replace(/^http/, 'ws') ?? null
}

// The endpoints of a chain, as this isolate knows them. All that the settings name are there, whether they answer or not:
// who counts voices must count those that are silent too. Only those marked private are not: nothing is private yet that they
// could be asked for.

import type { ChainId } from '../chain/chain-id.ts'
import { assertDefined } from '../lib/assert.ts'
import { unixMs } from '../lib/time.ts'
import type { ChainNode } from '../ports/chain-node.ts'
import type { Lessor } from '../ports/endpoint-lessor.ts'
import { type EndpointSettings, parseEndpoints, traitsOf } from '../schema/deployment.ts'
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

/** Per isolate, keyed by chain; made anew when the settings change. */
const known = new Map<ChainId, Known>()

/** `setting`: the secret RPC_ENDPOINTS. Best first. */
export async function chainNodes(
  setting: string,
  chain: ChainId,
  lessor: Lessor,
  asking: Asking,
): Promise<readonly ChainNode[]> {
  const { router, nodes } = knownOf(setting, chain)
  if (router.isDue) await router.keep(lessor)
  return router.order(asking).map((name) => {
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

/** What this isolate knows of the endpoints of a chain. */
export function routerOf(setting: string, chain: ChainId): Router {
  return knownOf(setting, chain).router
}

function knownOf(setting: string, chain: ChainId): Known {
  const entry = known.get(chain)
  if (entry?.settings === setting) return entry
  const endpoints = parseEndpoints(setting).get(chain) ?? []
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
    return [[endpoint.name, new ProvingNode(node, chain)] as const]
  })
  const made = { settings: setting, router, nodes: new Map(nodes) }
  known.set(chain, made)
  return made
}

/** WebSocket form of the URL of the first endpoint that announces heads; null: none does. */
export function subscriptionUrl(endpoints: readonly EndpointSettings[]): string | null {
  const announcing = endpoints
    .map(traitsOf)
    .findIndex((one) => !one.isPrivate && one.capabilities.subscriptions)
  return endpoints[announcing]?.url.replace(/^http/, 'ws') ?? null
}

// The endpoints of a chain, as this isolate knows them. All that the settings name are there, whether they answer or not:
// who counts voices must count those that are silent too.

import type { ChainId } from '../chain/chain-id.ts'
import type { ChainNode } from '../ports/chain-node.ts'
import { type EndpointSettings, parseEndpoints } from '../schema/deployment.ts'
import { JsonRpcNode } from './json-rpc-node.ts'
import { ProvingNode } from './proving-node.ts'

type Known = { readonly settings: string; readonly nodes: readonly ChainNode[] }

/** Per isolate, keyed by chain; made anew when the settings change. */
const known = new Map<ChainId, Known>()

/** `setting`: the secret RPC_ENDPOINTS. Best first. */
export async function chainNodes(setting: string, chain: ChainId): Promise<readonly ChainNode[]> {
  const entry = known.get(chain)
  if (entry?.settings === setting) return entry.nodes
  const endpoints = parseEndpoints(setting).get(chain) ?? []
  const nodes = endpoints.map((endpoint) => new ProvingNode(new JsonRpcNode(endpoint), chain))
  known.set(chain, { settings: setting, nodes })
  return nodes
}

/** WebSocket form of an endpoint's URL: nodes announce heads there. */
export function subscriptionUrl({ url }: EndpointSettings): string {
  return url.replace(/^http/, 'ws')
}

// The endpoints of a chain that proved to be of that chain. Asked once per isolate and endpoint: a wrong URL in the
// settings must never see a transaction, and an endpoint that is down now may prove itself later.

import { type ChainId, chainReference } from '../chain/chain-id.ts'
import type { ChainNode } from '../ports/chain-node.ts'
import { type EndpointSettings, parseEndpoints } from '../schema/deployment.ts'
import { logEvent } from './json-log.ts'
import { JsonRpcNode } from './json-rpc-node.ts'

type Verified = {
  readonly settings: string
  readonly nodes: Map<string, ChainNode>
  readonly proved: Set<string>
}

/** Per isolate, keyed by chain; made anew when the settings change. */
const known = new Map<ChainId, Verified>()

/** `setting`: the secret RPC_ENDPOINTS. Best first; empty when none proved itself. */
export async function chainNodes(setting: string, chain: ChainId): Promise<readonly ChainNode[]> {
  const verified = entryOf(setting, chain)
  const unproved = [...verified.nodes.values()].filter((node) => !verified.proved.has(node.name))
  await Promise.all(unproved.map((node) => prove(node, chain, verified)))
  return [...verified.nodes.values()].filter((node) => verified.proved.has(node.name))
}

/** WebSocket form of an endpoint's URL: nodes announce heads there. */
export function subscriptionUrl({ url }: EndpointSettings): string {
  return url.replace(/^http/, 'ws')
}

function entryOf(setting: string, chain: ChainId): Verified {
  const entry = known.get(chain)
  if (entry?.settings === setting) return entry
  const endpoints = parseEndpoints(setting).get(chain) ?? []
  const nodes = new Map(endpoints.map((endpoint) => [endpoint.name, new JsonRpcNode(endpoint)]))
  const fresh = { settings: setting, nodes, proved: new Set<string>() }
  known.set(chain, fresh)
  return fresh
}

async function prove(node: ChainNode, chain: ChainId, verified: Verified): Promise<void> {
  const answer = await node.chainReference()
  if (answer.ok && answer.value === chainReference(chain)) verified.proved.add(node.name)
  else if (answer.ok) {
    logEvent('error', 'endpoint.wrong_chain', { chain, endpoint: node.name, answers_as: answer.value })
  }
}

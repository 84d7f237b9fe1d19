// GET /v1/chains/{chain}/endpoints: whom the deployment asks, and how they do. Never a URL: that is a secret.

import { z } from 'zod'
import { ok } from '../../shared/lib/result.ts'
import { endpointList, toEndpointList } from '../../shared/schema/api-endpoints.ts'
import { jsonAnswer } from './answer.ts'
import { ask } from './dependency.ts'
import { EXAMPLE_ENDPOINT_LIST } from './openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from './operation.ts'
import { noQuery, readQuery } from './query.ts'
import { servedChain } from './served-chain.ts'

export const listChainEndpoints: Operation = {
  name: 'listChainEndpoints',
  method: 'get',
  path: '/v1/chains/{chain}/endpoints',
  group: 'Chains and signers',
  summary: 'List endpoints',
  description:
    'The RPC endpoints of a chain: latency, faults, circuit breaker, lag, and how much of its rate each one gets. Never their URLs.',
  query: noQuery,
  headers: [],
  answers: { 200: { description: 'All of them.', schema: 'EndpointList', example: EXAMPLE_ENDPOINT_LIST } },
  problems: ['chain_not_found', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle,
}

async function handle(call: TenantCall): Promise<Outcome> {
  const query = readQuery(call.request, noQuery)
  if (!query.ok) return query
  const served = servedChain(call)
  if (!served.ok) return served
  const { chain } = served.value
  const standings = await ask(
    () => call.env.CHAIN.getByName(chain),
    (actor) => actor.endpoints(chain),
  )
  return ok(jsonAnswer(z.encode(endpointList, toEndpointList(chain, standings))))
}

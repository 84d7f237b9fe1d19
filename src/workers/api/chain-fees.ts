// GET /v1/chains/{chain}/fees: what gas costs, what it may cost, and what each speed would bid.

import { z } from 'zod'
import { ok } from '../../shared/lib/result.ts'
import { chainFees, toChainFees } from '../../shared/schema/api-fees.ts'
import { jsonAnswer } from './answer.ts'
import { ask, DependencyError } from './dependency.ts'
import { EXAMPLE_CHAIN_FEES } from './openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from './operation.ts'
import { noQuery, readQuery } from './query.ts'
import { servedChain } from './served-chain.ts'

export const readChainFees: Operation = {
  name: 'readChainFees',
  method: 'get',
  path: '/v1/chains/{chain}/fees',
  group: 'Chains and signers',
  summary: 'Read fees',
  description:
    'Prices now, their forecast, how full the chain is, and what each speed would bid with which probability of inclusion in time. All of it is learned from the recent blocks of the chain.',
  query: noQuery,
  headers: [],
  answers: { 200: { description: 'Its fees.', schema: 'ChainFees', example: EXAMPLE_CHAIN_FEES } },
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
  const outlook = await ask(
    () => call.env.CHAIN.getByName(chain),
    (actor) => actor.fees(chain),
  )
  if (outlook === null) throw new DependencyError(`no endpoint of ${chain} tells of fees`)
  return ok(jsonAnswer(z.encode(chainFees, toChainFees(chain, outlook))))
}

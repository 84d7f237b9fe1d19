// GET /v1/chains: what the deployment serves, and how far each chain is followed.

import { z } from 'zod'
import { logEvent } from '../../shared/adapters/json-log.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import type { ChainPolicy } from '../../shared/chain/policy.ts'
import { ok } from '../../shared/lib/result.ts'
import type { ChainView } from '../../shared/schema/api-chain.ts'
import { parseChainPolicies } from '../../shared/schema/deployment.ts'
import { toLogReportView } from '../../shared/schema/log-report.ts'
import { address } from '../../shared/schema/scalars.ts'
import { jsonAnswer } from './answer.ts'
import { ask, isTemporary } from './dependency.ts'
import { offersPrivate } from './offers-private.ts'
import { EXAMPLE_CHAIN } from './openapi/examples.ts'
import type { Call, Operation, Outcome, TenantCall } from './operation.ts'
import { noQuery, readQuery } from './query.ts'
import { servedChain } from './served-chain.ts'

/** Objects that are asked at the same time for one answer. */
export const ASKED_AT_ONCE = 6

export const listChains: Operation = {
  name: 'listChains',
  method: 'get',
  path: '/v1/chains',
  group: 'Chains and signers',
  summary: 'List chains',
  description: 'The chains that transfers can be posted to.',
  query: noQuery,
  headers: [],
  answers: { 200: { description: 'All of them.', schema: 'ChainList', example: { data: [EXAMPLE_CHAIN] } } },
  problems: ['unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle: handleList,
}

export const readChain: Operation = {
  name: 'readChain',
  method: 'get',
  path: '/v1/chains/{chain}',
  group: 'Chains and signers',
  summary: 'Read a chain',
  description: 'One chain, by its CAIP-2 id.',
  query: noQuery,
  headers: [],
  answers: { 200: { description: 'The chain.', schema: 'Chain', example: EXAMPLE_CHAIN } },
  problems: ['chain_not_found', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle: handleRead,
}

async function handleList(call: TenantCall): Promise<Outcome> {
  const query = readQuery(call.request, noQuery)
  if (!query.ok) return query
  const policies = [...parseChainPolicies(call.env.CHAINS).values()]
  return ok(jsonAnswer({ data: await mapBounded(policies, ASKED_AT_ONCE, (policy) => view(call, policy)) }))
}

async function handleRead(call: TenantCall): Promise<Outcome> {
  const query = readQuery(call.request, noQuery)
  if (!query.ok) return query
  const served = servedChain(call)
  return served.ok ? ok(jsonAnswer(await view(call, served.value))) : served
}

/** A chain whose object does not answer is still one that is served. */
async function view(call: Call, policy: ChainPolicy): Promise<ChainView> {
  const { chain, name, native_symbol, block_time_ms, confirmations, batch } = policy
  const executor = batch === null ? null : z.encode(address, batch.executor)
  const private_transfers = offersPrivate(call, policy)
  const about = { chain, name, native_symbol, block_time_ms, confirmations, executor, private_transfers }
  try {
    const {
      is_reachable,
      status,
      status_reason,
      head,
      finalized,
      log: report,
    } = await chainSummary(call, chain)
    const isSilent = !is_reachable && status !== 'fenced'
    const log = report === null ? null : toLogReportView(report)
    return { ...about, status: isSilent ? 'unavailable' : status, status_reason, head, finalized, log }
  } catch (error) {
    if (!isTemporary(error)) throw error
    logEvent('warn', 'api.chain_unavailable', { chain, error })
    return { ...about, status: 'unavailable', status_reason: null, head: null, finalized: null, log: null }
  }
}

export async function chainSummary(call: Call, chain: ChainId) {
  return ask(
    () => call.env.CHAIN.getByName(chain),
    (actor) => actor.summary(chain),
  )
}

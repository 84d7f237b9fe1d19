// /healthz: this code runs. /readyz: what it needs answers too. Neither asks for a key.

import { logEvent } from '../../shared/adapters/json-log.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import { err, ok } from '../../shared/lib/result.ts'
import type { Readiness } from '../../shared/schema/api-service.ts'
import { parseChainPolicies } from '../../shared/schema/deployment.ts'
import type { FailingPart } from '../../shared/schema/problem.ts'
import { SettingsError } from '../../shared/schema/setting.ts'
import { jsonAnswer } from './answer.ts'
import { ASKED_AT_ONCE, chainSummary } from './chains.ts'
import { DependencyError, within } from './dependency.ts'
import type { ReadinessState } from './isolate.ts'
import type { Call, Operation, Outcome } from './operation.ts'
import { problem } from './problem.ts'
import { noQuery } from './query.ts'

/** Milliseconds. A part that is slower than this is as good as away for a load balancer. */
const ANSWER_TIMEOUT_MS = 3_000
/** Seconds. */
const RETRY_AFTER_S = '5'

export const healthz: Operation = {
  name: 'healthz',
  method: 'get',
  path: '/healthz',
  group: 'Service',
  summary: 'Is it alive',
  description: 'Answers without asking anything else.',
  query: noQuery,
  headers: [],
  answers: { 200: { description: 'Alive.', schema: 'Health', example: { status: 'ok' } } },
  problems: [],
  role: null,
  handle: () => ok(jsonAnswer({ status: 'ok' })),
}

export const readyz: Operation = {
  name: 'readyz',
  method: 'get',
  path: '/readyz',
  group: 'Service',
  summary: 'Is it ready',
  description: 'Asks the database and every chain, at most every two seconds.',
  query: noQuery,
  headers: [],
  answers: {
    200: {
      description: 'Everything answers.',
      schema: 'Readiness',
      example: { status: 'ready', parts: ['settings', 'database', 'eip155:31337'] },
    },
  },
  problems: ['not_ready'],
  role: null,
  handle: handleReady,
}

async function handleReady(call: Call): Promise<Outcome> {
  const state = await call.isolate.readiness.read('ready', () => look(call), call.later)
  if (state !== null && state.failing.length === 0) {
    const answer: Readiness = { status: 'ready', parts: [...state.asked] }
    return ok(jsonAnswer(answer))
  }
  const parts = state?.failing ?? []
  const detail = `Not answering: ${parts.map(({ part }) => part).join(', ')}.`
  return err(problem('not_ready', detail, { parts, headers: { 'Retry-After': RETRY_AFTER_S } }))
}

async function look(call: Call): Promise<ReadinessState> {
  const chains = chainsOrFault(call)
  if ('part' in chains) return { asked: ['settings'], failing: [chains] }
  const probes: readonly Probe[] = [
    { part: 'database', ask: () => call.env.DB.prepare('SELECT 1').first() },
    ...chains.map((chain) => ({ part: chain, ask: () => reachable(call, chain) })),
  ]
  const faults = await mapBounded(probes, ASKED_AT_ONCE, probe)
  return {
    asked: ['settings', ...probes.map(({ part }) => part)],
    failing: faults.filter((fault) => fault !== null),
  }
}

/** An object that answers is not yet a chain that does. */
async function reachable(call: Call, chain: ChainId): Promise<void> {
  const { is_reachable, status } = await chainSummary(call, chain)
  // A fenced chain answers well enough: what it says is the trouble, and /v1/chains tells it.
  if (!is_reachable && status !== 'fenced') throw new DependencyError(`no endpoint of ${chain} answers`)
}

type Probe = { readonly part: string; readonly ask: () => Promise<unknown> }

async function probe({ part, ask }: Probe): Promise<FailingPart | null> {
  try {
    await within(ANSWER_TIMEOUT_MS, ask())
    return null
  } catch (error) {
    logEvent('warn', 'api.not_ready', { part, error })
    return { part, detail: 'does not answer' }
  }
}

function chainsOrFault({ env }: Call): readonly ChainId[] | FailingPart {
  try {
    const policies = [...parseChainPolicies(env.CHAINS).values()]
    const closed = policies.find(
      ({ chain, private_signers }) => (private_signers ?? []).length > 0 && !env.takesPrivate(chain),
    )
    if (closed === undefined) return policies.map(({ chain }) => chain)
    return {
      part: 'settings',
      detail: `CHAINS: ${closed.chain} has private_signers, and no private endpoints`,
    }
  } catch (error) {
    // The text of a settings error names the place and never the value.
    if (error instanceof SettingsError) return { part: 'settings', detail: error.message }
    throw error
  }
}

// The chain that a path names.

import type { ChainPolicy } from '../../shared/chain/policy.ts'
import { err, ok, type Result } from '../../shared/lib/result.ts'
import { parseChainPolicies } from '../../shared/schema/deployment.ts'
import type { TenantCall } from './operation.ts'
import { type Problem, problem } from './problem.ts'

export function servedChain({ env, param }: TenantCall): Result<ChainPolicy, Problem> {
  const policy = [...parseChainPolicies(env.CHAINS).values()].find(({ chain }) => chain === param('chain'))
  return policy === undefined
    ? err(problem('chain_not_found', 'No chain with this id is served here.'))
    : ok(policy)
}

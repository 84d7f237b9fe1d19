// The whole stack for tests: the one that `npm start` runs, on free ports, with a state that is given.
//
// Chain and runtime can be killed (SIGKILL, with all their processes) and started again on the same ports and state.
// Where a test is killed itself, both end by themselves.

import { type Stack, startStack as startLocalStack } from '../../scripts/dev/stack.ts'
import type { StackOptions } from '../../scripts/dev/stack-options.ts'

export type { SqlStatement } from '../../scripts/dev/control-protocol.ts'
export type { TenantPlan } from '../../scripts/dev/dev-state.ts'
export type { Stack, StackOptions }

/** A directory of the test's own for `stateDir`. Past states are kept, so that `anvil_reorg` works, over
 * the blocks since the chain's last (re)start. */
export function startStack(options: StackOptions): Promise<Stack> {
  return startLocalStack({ port: null, chainPort: null, pastStates: true, ...options })
}

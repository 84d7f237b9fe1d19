// The local chain has the executor that the Worker is told of, from the start, and again where the chain begins anew.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readDevState } from '../../scripts/dev/dev-state.ts'
import { LOCAL_CHAIN } from '../../scripts/dev/local-chain.ts'
import { rpc } from '../../scripts/dev/rpc.ts'
import { bindingsOf } from '../../scripts/dev/stack-state.ts'
import { assertDefined } from '../../src/shared/lib/assert.ts'
import { parseChainPolicies } from '../../src/shared/schema/deployment.ts'
import { startStack } from '../support/stack.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'waybill-executor-'))
afterAll(() => rmSync(stateDir, { recursive: true, force: true }))

it.each([
  ['at first', {}],
  ['on a chain that goes on', {}],
  ['on a chain that begins anew', { fresh: true }],
])('the executor is there %s', async (_, options) => {
  const stack = await startStack({ stateDir, ...options })
  try {
    const code = await rpc(stack.rpcUrl, 'eth_getCode', [stack.executor, 'latest'])
    expect(String(code).length).toBeGreaterThan(1_000)
    const state = assertDefined(readDevState(stack.dir), 'a stack that runs has a state')
    const policies = parseChainPolicies(
      assertDefined(bindingsOf(state, stack.executor).CHAINS, 'it has chains'),
    )
    expect(policies.get(LOCAL_CHAIN)?.batch).toEqual({
      executor: stack.executor,
      delegate: 'on_need',
      delegate_from: 8,
    })
  } finally {
    await stack.stop()
  }
})

// Guarantee: an account that delegates tells its code and its used numbers with all else that a signer asks, in one answer.

import { expect, test } from 'vitest'
import { encodeExecute } from '../../src/shared/adapters/encode-execute.ts'
import { JsonRpcNode } from '../../src/shared/adapters/json-rpc-node.ts'
import { encodeSteps } from '../../src/shared/batch/encode-steps.ts'
import type { SignerAccount } from '../../src/shared/signer/account/account.ts'
import { hex } from '../unit/adapters/chain-values.ts'
import { close, ExecutorSuite, pay } from './executor-suite.ts'
import { FOREVER, numbered } from './executor-world.ts'

const suite = new ExecutorSuite()

test('no number is used before the first batch', async () => {
  const { executor } = suite.world
  expect(await accountNow([0n])).toMatchObject({
    code: { kind: 'delegated', to: executor },
    used: new Map([[0n, 0n]]),
  })
})

test('numbers that a batch used are told by their words', async () => {
  const steps = [...numbered(3n, [pay(suite.recipient().address, 1n)]), close(256n), close(511n)]
  const data = encodeExecute(hex(suite.world.batchId()), FOREVER, encodeSteps(steps))
  await suite.world.send(suite.world.owner, { to: suite.world.ownAddress, data })
  expect((await accountNow([1n, 0n, 2n])).used).toEqual(
    new Map([
      [1n, 2n ** 255n + 1n],
      [0n, 2n ** 3n],
      [2n, 0n],
    ]),
  )
})

test('an account without the executor tells none', async () => {
  await suite.world.delegate(suite.world.owner, suite.counter)
  expect(await accountNow([0n])).toMatchObject({
    code: { kind: 'delegated', to: suite.counter },
    used: new Map(),
  })
})

async function accountNow(words: readonly bigint[]): Promise<SignerAccount> {
  const node = new JsonRpcNode({ name: 'real', operator: 'us', url: suite.world.anvil.url })
  const address = suite.world.ownAddress
  const answer = await node.signerAccount({ address, tokens: [], words, estimates: [] })
  if (!answer.ok) throw new Error(JSON.stringify(answer.error))
  return answer.value
}

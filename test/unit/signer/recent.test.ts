// Guarantee (S15): an endpoint that stands still decides nothing: neither which nonce is free, nor what may be spent.

import { expect, test } from 'vitest'
import { askAccount } from '../../../src/durable-objects/signer/ask-account.ts'
import type { ChainNode } from '../../../src/shared/ports/chain-node.ts'
import type { SignerAccount } from '../../../src/shared/signer/account/account.ts'
import { isRecent } from '../../../src/shared/signer/account/recent.ts'
import { blockHashOf, SIGNER } from '../../support/domain-values.ts'
import { accountOf, FIRST_NONCE, included, SignerBench } from '../../support/signer-bench.ts'

const seenAt = (number: number) => ({ at: { number, hash: blockHashOf(number) } })

test('a look from before the account was watched is not gone by', () => {
  const { state } = new SignerBench()
  const looks = [99, 100, 101].map((number) => isRecent(state, accountOf(state, seenAt(number)), 100, null))
  expect(looks).toEqual([false, true, true])
})

test('nor is one from before a transaction that is final in our log: its money is spent, and no slot stands for it', () => {
  const bench = new SignerBench()
  bench.admit(1, 2)
  bench.plan()
  bench.facts({ inclusions: [included(FIRST_NONCE, 100)], finalized: 100 })
  const at = (latest_nonce: number) =>
    isRecent(bench.state, accountOf(bench.state, { latest_nonce }), 0, null)
  expect([FIRST_NONCE, FIRST_NONCE + 1].map(at)).toEqual([false, true])
})

test('the next endpoint is asked, and where none has come that far, there is no look', async () => {
  const { state } = new SignerBench()
  const node = (
    operator: string,
    number: number,
  ): Pick<ChainNode, 'name' | 'operator' | 'signerAccount'> => ({
    name: operator,
    operator,
    signerAccount: async () => ({ ok: true, value: accountOf(state, seenAt(number)) }),
  })
  const query = { address: SIGNER, tokens: [], words: [], estimates: [] }
  const isUsable = (account: SignerAccount) => isRecent(state, account, 100, null)
  const failed: string[] = []
  const ask = (...nodes: readonly ReturnType<typeof node>[]) =>
    askAccount(nodes, query, null, isUsable, (endpoint) => failed.push(endpoint))
  expect(await ask(node('stuck', 90), node('other', 100))).toMatchObject({
    ok: true,
    value: { operator: 'other' },
  })
  expect(await ask(node('stuck', 90))).toMatchObject({ ok: false })
  expect(failed).toEqual(['stuck', 'stuck'])
})

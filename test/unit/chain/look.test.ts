// Guarantee (C10): the block of a height is of that height, whatever hash an endpoint names for it.

import { expect, test } from 'vitest'
import { blockAtHeight } from '../../../src/durable-objects/chain/look.ts'
import type { Block } from '../../../src/shared/chain/block.ts'
import type { ChainNode } from '../../../src/shared/ports/chain-node.ts'
import { blockHashOf, START } from '../../support/domain-values.ts'

const block = (number: number): Block => ({
  number,
  hash: blockHashOf(number),
  parent_hash: blockHashOf(number - 1),
  at: START,
  base_fee_per_gas: null,
  transactions: [],
})

/** Names this block when it is asked for any height. */
function naming(named: number): ChainNode {
  const nobody = () => Promise.reject(new Error('nobody asks'))
  return {
    name: 'a',
    operator: 'a',
    heads: nobody,
    blockByHash: async () => ({ ok: true, value: block(named) }),
    blockByNumber: async () => ({ ok: true, value: { number: 13, hash: blockHashOf(named) } }),
    receipts: nobody,
    batchLogs: nobody,
    nonceAfter: nobody,
    signerAccount: nobody,
    fees: nobody,
    chainReference: nobody,
    broadcast: nobody,
  }
}

test('it is taken where it is the one that was asked for', async () => {
  expect(await blockAtHeight(naming(13), 13)).toEqual({ ok: true, value: block(13) })
})

test('one of another height is an answer that is none', async () => {
  expect(await blockAtHeight(naming(12), 13)).toMatchObject({ ok: false, error: { reason: 'malformed' } })
})

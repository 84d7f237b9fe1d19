// Guarantee (S7): what an open slot may still take is promised to it as long as the node that gave the balance has not
// paid it, whatever block was told before.

import { expect, test } from 'vitest'
import { COST, FIRST_NONCE, included, SignerBench } from '../../support/signer-bench.ts'

test('a node that is behind the block of our transaction has its money still: it is not there for another step', () => {
  const bench = new SignerBench()
  bench.admit(1)
  bench.plan({ account: { balance: COST } })
  bench.facts({ inclusions: [included(FIRST_NONCE, 100)] })
  bench.admit(2)
  // latest_nonce says that this node has not seen the block.
  bench.plan({ account: { balance: COST, latest_nonce: FIRST_NONCE } })
  expect(bench.report(2).standing).toEqual({ at: 'pool', held: 'funds' })
})

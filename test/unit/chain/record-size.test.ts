// Guarantee: whatever a look finds can be written. A block full of our transactions, or a long gap, must not stop the
// chain for ever because its record is above the limit.

import { expect, test } from 'vitest'
import { createChainJournal } from '../../../src/durable-objects/chain/chain-journal.ts'
import {
  MOST_EVIDENCE_LOGS,
  MOST_LOG_DATA_BYTES,
  receipt,
} from '../../../src/shared/adapters/json-rpc-schema.ts'
import { advance } from '../../../src/shared/chain/follow.ts'
import type { Log } from '../../../src/shared/chain/receipt.ts'
import type { Match } from '../../../src/shared/chain/records.ts'
import { TRANSFER_SINGLE_TOPIC, TRANSFER_TOPIC } from '../../../src/shared/signer/evidence/evidence.ts'
import { addressOf, CHAIN, hexOf, SIGNER, START, TENANT } from '../../support/domain-values.ts'
import { NaiveChain } from '../../support/naive-chain.ts'
import { nodeStorage } from '../../support/node-storage.ts'
import { included } from '../../support/signer-bench.ts'

const TURN = { at: START, by: { source: 'chain' } } as const
const word = hexOf(`0x${'0'.repeat(64)}`)

/** What the chain's object does with a look that found transactions with these logs in the next block. */
function expectWritten(logsOfEach: readonly (readonly Log[])[]): void {
  const chain = new NaiveChain()
  const journal = createChainJournal(nodeStorage(), CHAIN)
  const { hash, parent_hash } = chain.head
  journal.commit(
    [
      { kind: 'opened', chain: CHAIN },
      { kind: 'watched', address: SIGNER, tenant: TENANT },
      { kind: 'started', block: { number: 0, hash, parent_hash } },
    ],
    TURN,
  )
  const block = chain.mine([])
  const matches = logsOfEach.map((logs, nonce): Match => {
    return {
      address: SIGNER,
      inclusion: included(nonce, 1, { block_hash: block.hash, logs: believed(logs) }),
    }
  })
  journal.commit(advance(journal.state, [block], matches), TURN)
  expect(journal.state.blocks).toHaveLength(2)
  expect(journal.state.inclusions.get(SIGNER)).toEqual(matches.map(({ inclusion }) => inclusion))
}

/** What is kept of the logs that a node tells. */
function believed(logs: readonly Log[]): readonly Log[] {
  return receipt.parse({
    transactionHash: word,
    blockNumber: '0x1',
    blockHash: word,
    status: '0x1',
    gasUsed: '0x5208',
    effectiveGasPrice: '0x1',
    logs,
  }).logs
}

test('many small transactions of our accounts in one look', () => {
  expectWritten(Array.from({ length: 4_000 }, () => []))
})

test('a few airdrops: hundreds of transfers each', () => {
  const log: Log = { address: addressOf(1), topics: [hexOf(TRANSFER_TOPIC), word, word], data: word }
  const logs = Array.from({ length: MOST_EVIDENCE_LOGS }, () => log)
  expectWritten([logs, [], logs])
})

test('transactions with as much evidence as a node can tell', () => {
  const data = hexOf(`0x${'00'.repeat(MOST_LOG_DATA_BYTES)}`)
  const log: Log = { address: addressOf(1), topics: [hexOf(TRANSFER_SINGLE_TOPIC), word, word, word], data }
  const logs = Array.from({ length: MOST_EVIDENCE_LOGS }, () => log)
  expectWritten([[], logs])
})

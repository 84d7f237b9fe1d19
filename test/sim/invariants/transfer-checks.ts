// What must hold of a transfer after each of its commits.

import { isDeepStrictEqual } from 'node:util'
import { BATCH_DONE_TOPIC } from '../../../src/shared/signer/evidence/evidence.ts'
import type { TransferRecord } from '../../../src/shared/transfer/records.ts'
import { statusOf } from '../../../src/shared/transfer/state.ts'
import { isFinal } from '../../../src/shared/transfer/status.ts'
import type { TransferHost } from '../actors.ts'
import type { SimChain } from '../chain/chain.ts'
import type { Violations } from '../violations.ts'
import type { TransferBook } from './books.ts'

export function checkTransfer(
  name: string,
  host: TransferHost,
  book: TransferBook,
  records: readonly TransferRecord[],
  chain: SimChain,
  violations: Violations,
): void {
  const journal = host.awake?.journal ?? null
  if (journal === null) return
  book.digests.set(journal.wal.head.seq, journal.wal.head.digest)
  violations.check(
    'I3',
    isDeepStrictEqual(journal.state, book.state),
    () => `${name}: in memory ${text(journal.state)}, by its log ${text(book.state)}`,
  )
  checkDriven(name, host, book, violations)
  for (const record of records) checkEnd(name, record, chain, violations)
}

/** Until it ended and the read model knows, something will come back to it. */
function checkDriven(name: string, host: TransferHost, book: TransferBook, violations: Violations): void {
  const { state } = book
  if (state.phase === 'none' || isFinal(statusOf(state))) return
  const isDriven = host.storage.alarm !== null || host.isAlarmRunning || host.isAlarmLost
  violations.check('I2', isDriven, () => `${name} is ${state.phase} and has no alarm`)
}

/** An end that rests on a block needs a block that can never be undone. */
function checkEnd(name: string, record: TransferRecord, chain: SimChain, violations: Violations): void {
  if (record.kind !== 'finalized' && record.kind !== 'failed') return
  if (record.inclusion === null) return
  const { block_number: number, block_hash: hash, hash: transaction, outcome } = record.inclusion
  const isFinalThere = number <= chain.finalized && chain.has({ number, hash })
  violations.check(
    'I11',
    isFinalThere,
    () => `${name} ${record.kind} in block ${number}, of which ${chain.finalized} is final`,
  )
  const receipt = chain.byHash(hash)?.receipts.get(transaction)
  // In a batch a step fails alone; how each ended the effects and the recipients tell.
  const isBatch = receipt?.logs.some(({ topics }) => topics[0] === BATCH_DONE_TOPIC) === true
  const isSo =
    receipt !== undefined && (isBatch || (receipt.status === 'reverted') === (outcome === 'reverted'))
  violations.check(
    'I5',
    isSo,
    () => `${name} ${record.kind} with ${outcome}, the chain says ${receipt?.status}`,
  )
}

function text(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one))
}

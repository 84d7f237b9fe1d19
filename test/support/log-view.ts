// What a log says, in words that outlive the code: what a client, a transfer or a signer would be told of it. The shape of
// the state in memory is not part of it; that may change with every version.

import { openChainJournal } from '../../src/durable-objects/chain/chain-journal.ts'
import { openSignerJournal, SIGNER_CLASS } from '../../src/durable-objects/signer/signer-journal.ts'
import type { Storage } from '../../src/durable-objects/sqlite/storage.ts'
import { openTransferJournal, TRANSFER_CLASS } from '../../src/durable-objects/transfer/transfer-journal.ts'
import { factsOf } from '../../src/shared/chain/facts.ts'
import { tipOf } from '../../src/shared/chain/state.ts'
import { assert, assertDefined } from '../../src/shared/lib/assert.ts'
import { toTransferDocument } from '../../src/shared/schema/transfer-document.ts'
import { stepsOf } from '../../src/shared/signer/state/slot.ts'
import { reportOf } from '../../src/shared/signer/state/standing.ts'

/** As JSON: amounts in decimal. */
export function viewOf(className: string, storage: Storage): unknown {
  return JSON.parse(
    JSON.stringify(viewIn(className, storage), (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  )
}

function viewIn(className: string, storage: Storage): unknown {
  if (className === TRANSFER_CLASS) return transferView(storage)
  return className === SIGNER_CLASS ? signerView(storage) : chainView(storage)
}

function transferView(storage: Storage) {
  const { state, wal } = assertDefined(openTransferJournal(storage), 'a log')
  assert(state.phase !== 'none', 'a log begins with accepted')
  return { identity: wal.identity, document: toTransferDocument(state, wal.head, 1) }
}

function signerView(storage: Storage) {
  const { state, wal } = assertDefined(openSignerJournal(storage), 'a log')
  const { address } = assertDefined(state.identity, 'a log begins with opened')
  const slotted = [...state.slots.values()].flatMap(stepsOf)
  const steps = [...state.pool.values(), ...slotted, ...state.ended.values()]
  return {
    identity: wal.identity,
    head: wal.head,
    next_nonce: state.nextNonce,
    pool: state.pool.size,
    open_slots: [...state.slots.values()].map(({ nonce, attempts }) => ({
      nonce,
      hashes: attempts.map(({ hash }) => hash),
    })),
    reports: steps.map(({ key }) => reportOf(state, address, key, wal.head.seq)),
  }
}

function chainView(storage: Storage) {
  const { state, wal } = assertDefined(openChainJournal(storage), 'a log')
  return {
    identity: wal.identity,
    head: wal.head,
    genesis: state.genesis,
    tip: tipOf(state),
    finalized: state.finalized,
    fence: state.fence,
    facts: [...state.watched.keys()].map((address) => ({
      address,
      ...factsOf(state, address, wal.head.seq),
    })),
  }
}

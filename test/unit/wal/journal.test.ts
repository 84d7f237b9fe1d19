// Guarantee: the state in memory is what the log on disk folds to; a turn that fails leaves both as they were.

import { describe, expect, test } from 'vitest'
import { createSignerJournal, openSignerJournal } from '../../../src/durable-objects/signer/signer-journal.ts'
import {
  createTransferJournal,
  openTransferJournal,
} from '../../../src/durable-objects/transfer/transfer-journal.ts'
import { InvariantError } from '../../../src/shared/lib/assert.ts'
import type { SignerRecord } from '../../../src/shared/signer/state/records.ts'
import type { TransferRecord } from '../../../src/shared/transfer/records.ts'
import {
  CHAIN,
  RECIPIENT,
  requestOf,
  SIGNER,
  START,
  stepKeyOf,
  TENANT,
  transferIdOf,
} from '../../support/domain-values.ts'
import { nodeStorage } from '../../support/node-storage.ts'

const TURN = { at: START, by: { source: 'queue' } } as const
const ID = transferIdOf(1)

const accepted: TransferRecord = {
  kind: 'accepted',
  transfer: ID,
  tenant: TENANT,
  fingerprint: 'f',
  request: requestOf(),
}
const bound: TransferRecord = { kind: 'bound', generation: 0, signer: SIGNER }
const admitted: SignerRecord = {
  kind: 'admitted',
  key: stepKeyOf(1),
  action: { type: 'native', to: RECIPIENT, amount: 1n },
  not_before: null,
  max_fee_per_gas: null,
}
const opened: SignerRecord = { kind: 'opened', tenant: TENANT, chain: CHAIN, address: SIGNER }

test('an empty store has no journal, and asking writes nothing', () => {
  const storage = nodeStorage()
  expect(openTransferJournal(storage)).toBeNull()
  expect(storage.sql.exec('SELECT name FROM sqlite_master').toArray()).toEqual([])
})

test('a state that is read from the log again is the state that was there', () => {
  const storage = nodeStorage()
  const journal = createTransferJournal(storage, ID)
  journal.commit([accepted], TURN)
  journal.commit([bound, { kind: 'queued' }], { at: START, by: { source: 'signer', view: 4 } })
  expect(journal.state).toMatchObject({ phase: 'queued', seen_view: 4 })
  expect(openTransferJournal(storage)?.state).toEqual(journal.state)
})

test('a turn without records is no turn', () => {
  const journal = createTransferJournal(nodeStorage(), ID)
  journal.commit([], TURN)
  expect(journal.wal.head.seq).toBe(0)
})

describe('a turn that cannot be', () => {
  test('is refused as a whole: its good records are not written either', () => {
    const storage = nodeStorage()
    const journal = createTransferJournal(storage, ID)
    journal.commit([accepted], TURN)
    const before = journal.state
    expect(() => journal.commit([bound, bound], TURN)).toThrow(InvariantError)
    expect(journal.state).toEqual(before)
    expect(openTransferJournal(storage)?.state).toEqual(before)
    journal.commit([bound], TURN)
    expect(journal.state).toMatchObject({ phase: 'bound' })
  })

  test('leaves nothing behind in a state that is changed in place', () => {
    const journal = createSignerJournal(nodeStorage(), 'signer')
    journal.commit([opened], TURN)
    expect(() => journal.commit([admitted, admitted], TURN)).toThrow(InvariantError)
    expect(journal.state.pool.size).toBe(0)
    journal.commit([admitted], TURN)
    expect(journal.state.pool.size).toBe(1)
  })

  test('leaves nothing behind when the disk refuses it', () => {
    const storage = nodeStorage()
    const journal = createSignerJournal(storage, 'signer')
    journal.commit([opened], TURN)
    storage.database.exec(
      `CREATE TRIGGER full BEFORE INSERT ON wal BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    )
    expect(() => journal.commit([admitted], TURN)).toThrow('disk full')
    expect(journal.state.pool.size).toBe(0)
    expect(openSignerJournal(storage)?.state).toEqual(journal.state)
  })
})

test('its history is the state before and after each group', () => {
  const journal = createTransferJournal(nodeStorage(), ID)
  journal.commit([accepted], TURN)
  journal.commit([bound, { kind: 'queued' }], TURN)
  const phases = [...journal.history()].map(({ before, after, group }) => [
    before.phase,
    after.phase,
    group.seq,
  ])
  expect(phases).toEqual([
    ['none', 'accepted', 1],
    ['accepted', 'queued', 3],
  ])
})

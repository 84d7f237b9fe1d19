// Guarantee: what an older version wrote is read by this one, and means the same: logs as they lie on disk, and messages
// that were on their way when the new version came.

import { describe, expect, test } from 'vitest'
import { CHAIN_STATE_VERSION, openChainJournal } from '../../../src/durable-objects/chain/chain-journal.ts'
import {
  openSignerJournal,
  SIGNER_CLASS,
  SIGNER_STATE_VERSION,
} from '../../../src/durable-objects/signer/signer-journal.ts'
import type { Storage } from '../../../src/durable-objects/sqlite/storage.ts'
import {
  openTransferJournal,
  TRANSFER_CLASS,
  TRANSFER_STATE_VERSION,
} from '../../../src/durable-objects/transfer/transfer-journal.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import { canonicalJson } from '../../../src/shared/lib/canonical-json.ts'
import { sha256Hex } from '../../../src/shared/lib/sha256.ts'
import { stringifyTagged } from '../../../src/shared/lib/tagged-json.ts'
import { unixMs } from '../../../src/shared/lib/time.ts'
import { eventMessage, submissionMessage } from '../../../src/shared/schema/queue-messages.ts'
import { emptyPosition, headOf, verifyGroups } from '../../../src/shared/wal/group.ts'
import { messagesBefore, type OldLog, oldLogs } from '../../support/corpus/old-logs.ts'
import { viewOf } from '../../support/log-view.ts'
import { nodeStorage } from '../../support/node-storage.ts'

/** More groups than any log of the corpus has. */
const GROUPS = 10_000

const LOGS = oldLogs()

test('there are logs of every actor', () => {
  const classes = new Set(LOGS.map((log) => log.class))
  expect(classes).toEqual(new Set(['TransferObject', 'SignerObject', 'ChainObject']))
})

describe.each(LOGS)('$name', (log) => {
  test('tells the same as it did then', () => {
    // A later version may tell more; nothing that was told may be another.
    expect(viewOf(log.class, restored(log))).toMatchObject(log.view)
  })

  test('folds to the state that it always folded to, as long as the version of the state is the same', () => {
    const { journal, version } = journalOf(log, restored(log))
    const digest = sha256Hex(canonicalJson(JSON.parse(stringifyTagged(journal.state))))
    const advice = `the state of version ${version} is another than before: old checkpoints would be taken for new ones. If
      that is meant, raise the version in the journal, and add "${digest}" under it to "states" of ${log.name}.json`
    expect(log.states[version], advice).toBe(digest)
  })

  test('verifies from its first record to its head', () => {
    const { wal } = journalOf(log, restored(log)).journal
    const groups = wal.wireGroups(0, GROUPS)
    const verified = verifyGroups(emptyPosition(wal.identity), groups)
    expect(verified.ok && headOf(verified.value)).toEqual(wal.head)
  })
})

test('a log of before goes on: what is appended now follows what was written then', () => {
  const held = assertDefined(
    LOGS.find(({ name }) => name === 'v1/transfer-held'),
    'a transfer that waits',
  )
  const storage = restored(held)
  const journal = assertDefined(openTransferJournal(storage), 'a log')
  const { seq } = journal.wal.head
  journal.commit([{ kind: 'withdraw_requested', cause: 'cancel', command: 'later' }], {
    at: unixMs(1_900_000_000_000),
    by: { source: 'queue' },
  })
  const again = assertDefined(openTransferJournal(storage), 'a log')
  expect(again.wal.head.seq).toBe(seq + 1)
  const groups = again.wal.wireGroups(0, GROUPS)
  const verified = verifyGroups(emptyPosition(again.wal.identity), groups)
  expect(verified.ok && headOf(verified.value)).toEqual(again.wal.head)
})

test.each(messagesBefore())('a message of before is understood: $queue', ({ queue, body }) => {
  const schema = queue === 'submissions' ? submissionMessage : eventMessage
  expect(schema.safeParse(body)).toMatchObject({ success: true })
})

function restored({ sql }: OldLog): Storage {
  const storage = nodeStorage()
  storage.database.exec(sql)
  return storage
}

function journalOf(log: OldLog, storage: Storage) {
  const [journal, version] =
    log.class === TRANSFER_CLASS
      ? [openTransferJournal(storage), TRANSFER_STATE_VERSION]
      : log.class === SIGNER_CLASS
        ? [openSignerJournal(storage), SIGNER_STATE_VERSION]
        : [openChainJournal(storage), CHAIN_STATE_VERSION]
  return { journal: assertDefined(journal, 'a log'), version }
}

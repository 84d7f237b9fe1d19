// What a transfer's log shows to those who ask: documents, changes of the status, the log itself. Reads only.

import { assert, assertDefined } from '../../shared/lib/assert.ts'
import type { CreateReply, StatusChange } from '../../shared/ports/transfer-actor.ts'
import { type TransferDocument, toTransferDocument } from '../../shared/schema/transfer-document.ts'
import type { WalDocument } from '../../shared/schema/wal-document.ts'
import type { CreateAnswer } from '../../shared/transfer/decide.ts'
import type { TransferRecord } from '../../shared/transfer/records.ts'
import { statusOf, statusReasonOf } from '../../shared/transfer/state.ts'
import type { TransferJournal } from './transfer-journal.ts'

/** As of now. `confirmations`: of its chain, where the transfer asks for nothing else. */
export function documentOf(journal: TransferJournal, confirmations: number): TransferDocument {
  const { state, wal, damage } = journal
  assert(state.phase !== 'none', 'the transfer exists')
  return toTransferDocument(state, wal.head, confirmations, damage !== null)
}

/** Where the log does not say any more what the first request was answered, a repeated one is not answered either. */
export function createReplyOf(
  answer: CreateAnswer,
  journal: TransferJournal | null,
  confirmations: number,
): CreateReply {
  if (journal === null || answer.result === 'refused') return { answer, document: null }
  if (answer.result === 'created') return { answer, document: documentOf(journal, confirmations) }
  if (answer.result !== 'repeated') return { answer, document: null }
  const document = firstDocumentOf(journal, confirmations)
  return document === null ? { answer: { result: 'fenced' }, document } : { answer, document }
}

/** Accepted, bound, queued, signed, broadcast: what a request that submits at once may see of it. */
const FIRST_TURNS = 5

/** What the first request was answered, from the log: a repeated one gets the same, whatever became of it since. */
function firstDocumentOf(journal: TransferJournal, confirmations: number): TransferDocument | null {
  const turns = [...journal.history().take(FIRST_TURNS)]
  const [first] = turns
  if (first === undefined) return null
  const isAtOnce = first.group.records.some((one) => one.kind === 'accepted' && one.path?.by === 'request')
  const turnOf = (...kinds: readonly TransferRecord['kind'][]) =>
    turns.find(({ group }) => group.records.some(({ kind }) => kinds.includes(kind)))
  // One that was submitted at once was answered when its bytes were out, where it had come so far by then.
  const atOnce = isAtOnce ? (turnOf('broadcast', 'unclear') ?? turnOf('signed')) : undefined
  const { after, group } = atOnce ?? first
  const [wire] = journal.wal.wireGroups(group.seq - 1, 1)
  if (wire === undefined || after.phase === 'none') return null
  return toTransferDocument(after, { seq: wire.seq, digest: wire.digest }, confirmations)
}

export function historyOf(journal: TransferJournal): readonly StatusChange[] {
  const changes: StatusChange[] = []
  for (const { group, before, after } of journal.history()) {
    assert(after.phase !== 'none', 'a log begins with accepted')
    const status = statusOf(after)
    const status_reason = statusReasonOf(after)
    const isSame =
      before.phase !== 'none' && statusOf(before) === status && statusReasonOf(before) === status_reason
    const cause = assertDefined(group.records.at(-1), 'a group has records').kind
    if (!isSame) changes.push({ status, status_reason, at: group.at, seq: group.seq, by: group.by, cause })
  }
  return changes
}

export function walOf({ wal }: TransferJournal, afterSeq: number, limit: number): WalDocument {
  return { ...wal.identity, head: wal.head, groups: wal.wireGroups(afterSeq, limit) }
}

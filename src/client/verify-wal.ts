// Verifies a transfer's log, as GET /v1/transfers/{id}/wal gives it, with nothing of the server but the log itself.

import { err, ok, type Result } from '../shared/lib/result.ts'
import { walDocument } from '../shared/schema/wal-document.ts'
import { emptyPosition, headOf, verifyGroups, type WalHead, type WireGroup } from '../shared/wal/group.ts'

export type VerifiedWal = {
  readonly groups: readonly WireGroup[]
  readonly head: WalHead
}

/** Where a log stops being what it claims. `seq`: of the last record of the group in question; 0: of the log as a whole. */
export type WalProblem = {
  readonly reason: /** Of no form that a log has. */
    | 'unreadable'
    /** Records are missing, doubled or moved before this one. */
    | 'gap'
    /** What is written is not what was hashed. */
    | 'digest'
    /** It ends before its head: groups are missing at its end, or this is one page of several. */
    | 'incomplete'
    /** It ends elsewhere than its head says. */
    | 'head'
  readonly seq: number
}

/** `document`: what JSON.parse gives. The whole log, from its first group on. */
export function verifyWal(document: unknown): Result<VerifiedWal, WalProblem> {
  const parsed = walDocument.safeParse(document)
  if (!parsed.success) return err({ reason: 'unreadable', seq: 0 })
  const { class: name, object, head, groups } = parsed.data
  const verified = verifyGroups(emptyPosition({ class: name, object }), groups)
  if (!verified.ok) return verified
  const end = headOf(verified.value)
  if (end.seq < head.seq) return err({ reason: 'incomplete', seq: end.seq })
  if (end.seq !== head.seq || end.digest !== head.digest) return err({ reason: 'head', seq: end.seq })
  return ok({ groups, head: end })
}

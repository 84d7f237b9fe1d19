// Verifies the proof of one record, as GET /v1/transfers/{id}/wal/{seq} gives it, for somebody who knows the log's head.

import type { Json } from '../shared/lib/canonical-json.ts'
import { err, type Result } from '../shared/lib/result.ts'
import { recordProof } from '../shared/schema/wal-document.ts'
import type { WalHead } from '../shared/wal/group.ts'
import { type ProofFault, verifyProof as verify } from '../shared/wal/proof.ts'

export type ProofProblem = ProofFault | 'unreadable'

/** The record at `seq`. `head`: as it was learned from elsewhere, never from the proof. */
export function verifyProof(document: unknown, head: WalHead, seq: number): Result<Json, ProofProblem> {
  const parsed = recordProof.safeParse(document)
  return parsed.success ? verify(parsed.data, head, seq) : err('unreadable')
}

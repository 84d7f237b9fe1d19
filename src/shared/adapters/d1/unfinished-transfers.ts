// Transfers that the read model shows as unfinished, a page at a time, and where the last run over them stopped.

import { and, asc, desc, eq, gt } from 'drizzle-orm'
import { signerOfRow } from './signer-of-row.ts'
import { type Statement, statements } from './statement.ts'
import { reconciliationReports, transfers } from './tables.ts'

/** Columns: `id`, `chain`, `signer`, `incarnation`, `seq`, `document`. */
export function unfinishedStatement(after: string, limit: number): Statement {
  return statements
    .select({
      id: transfers.id,
      chain: transfers.chain,
      signer: signerOfRow,
      incarnation: transfers.incarnation,
      seq: transfers.seq,
      document: transfers.document,
    })
    .from(transfers)
    .where(and(eq(transfers.is_final, 0), gt(transfers.id, after)))
    .orderBy(asc(transfers.id))
    .limit(limit)
    .toSQL()
}

/** Column: `resume_after`; null: that run came to the end. */
export function lastStopStatement(): Statement {
  return statements
    .select({ resume_after: reconciliationReports.resume_after })
    .from(reconciliationReports)
    .orderBy(desc(reconciliationReports.id))
    .limit(1)
    .toSQL()
}

export function reportStatement(report: typeof reconciliationReports.$inferInsert): Statement {
  return statements.insert(reconciliationReports).values(report).toSQL()
}

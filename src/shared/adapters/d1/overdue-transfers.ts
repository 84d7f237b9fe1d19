// Which transfers the read model shows as overdue: their own alarm should have woken them, and did not.

import { and, asc, eq, lt } from 'drizzle-orm'
import { signerOfRow } from './signer-of-row.ts'
import { type Statement, statements } from './statement.ts'
import { transfers } from './tables.ts'

export type OverdueTransfer = { readonly id: string; readonly chain: string; readonly signer: string | null }

/** The longest overdue come first. Columns: `id`, `chain`, `signer`. */
export function overdueStatement(before: number, limit: number): Statement {
  return statements
    .select({ id: transfers.id, chain: transfers.chain, signer: signerOfRow })
    .from(transfers)
    .where(and(eq(transfers.is_final, 0), lt(transfers.next_wake_at, before)))
    .orderBy(asc(transfers.next_wake_at))
    .limit(limit)
    .toSQL()
}

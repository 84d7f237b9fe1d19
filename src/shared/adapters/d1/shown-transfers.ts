// How far the read model has seen the logs of some transfers.

import { sql } from 'drizzle-orm'
import type { TransferId } from '../../transfer/transfer-id.ts'
import { type Statement, statements } from './statement.ts'
import { transfers } from './tables.ts'

export type ShownTransfer = { readonly id: string; readonly incarnation: number; readonly seq: number }

/** Columns: `id`, `incarnation`, `seq`; no row for what it has not heard of. */
export function shownStatement(ids: readonly TransferId[]): Statement {
  const { id, incarnation, seq } = transfers
  return statements
    .select({ id, incarnation, seq })
    .from(transfers)
    .where(sql`${id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .toSQL()
}

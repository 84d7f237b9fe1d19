// Writes rows of the read model: whole rows at (incarnation, seq).

import { sql } from 'drizzle-orm'
import { assertDefined } from '../../lib/assert.ts'
import type { TransferRow } from '../../schema/queue-messages.ts'
import { isFinal } from '../../transfer/status.ts'
import { type Statement, type StatementRunner, statements } from './statement.ts'
import { transfers } from './tables.ts'

/**
 * `unless_newer`: a row that is at or past the stored one replaces it. `always`: a repair, which knows better than
 * whatever is stored.
 */
export type ProjectionMode = 'unless_newer' | 'always'

export async function projectRows(
  database: StatementRunner,
  rows: readonly TransferRow[],
  mode: ProjectionMode,
): Promise<void> {
  const prepared = rows.map((row) => {
    const { sql: text, params } = rowStatement(row, mode)
    return database.prepare(text).bind(...params)
  })
  if (prepared.length > 0) await database.batch(prepared)
}

export function rowStatement(row: TransferRow, mode: ProjectionMode): Statement {
  const isAtOrPast = sql`(excluded.incarnation, excluded.seq) >= (${transfers.incarnation}, ${transfers.seq})`
  const values = toRow(row)
  return statements
    .insert(transfers)
    .values(values)
    .onConflictDoUpdate({
      target: transfers.id,
      set: values,
      ...(mode === 'always' ? {} : { setWhere: isAtOrPast }),
    })
    .toSQL()
}

function toRow(message: TransferRow): typeof transfers.$inferInsert {
  const { document } = message
  const { action } = document
  const first = action.type === 'batch' ? assertDefined(action.actions[0], 'a batch has actions') : action
  return {
    id: message.transfer,
    tenant: message.tenant,
    chain: message.chain,
    status: document.status,
    is_final: isFinal(document.status) ? 1 : 0,
    from_address: document.from.toLowerCase(),
    // Of several the first: it is enough to tell it in a list, and to find the others by.
    to_address: first.to.toLowerCase(),
    token: first.type === 'erc20' ? first.token.toLowerCase() : null,
    kind: action.type,
    reference: document.reference,
    incarnation: message.incarnation,
    seq: message.seq,
    created_at: Date.parse(document.created_at),
    updated_at: Date.parse(document.updated_at),
    next_wake_at: message.next_wake_at,
    document: JSON.stringify(document),
  }
}

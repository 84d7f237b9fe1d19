// Writes rows of the read model: whole rows at (incarnation, seq).

import { sql } from 'drizzle-orm'
import { assertDefined } from '../../lib/assert.ts'
import type { TransferRow } from '../../schema/queue-messages.ts'
import { isFinal } from '../../transfer/status.ts'
import { type Statement, type StatementRunner, statements } from './statement.ts'
import { transfers } from './tables.ts'

/** A row that is not what its object says, as it was seen. */
export type RowRepair = {
  readonly row: TransferRow
  readonly seen: { readonly incarnation: number; readonly seq: number }
}

/** Those that are at or past the stored ones replace them. */
export function projectRows(database: StatementRunner, rows: readonly TransferRow[]): Promise<void> {
  return run(
    database,
    rows.map((row) => rowStatement(row)),
  )
}

/** Those that were seen are replaced, by older ones too; not what came in their place meanwhile. */
export function repairRows(database: StatementRunner, repairs: readonly RowRepair[]): Promise<void> {
  return run(
    database,
    repairs.map(({ row, seen }) => rowStatement(row, seen)),
  )
}

async function run(database: StatementRunner, found: readonly Statement[]): Promise<void> {
  const prepared = found.map(({ sql: text, params }) => database.prepare(text).bind(...params))
  if (prepared.length > 0) await database.batch(prepared)
}

export function rowStatement(row: TransferRow, seen: RowRepair['seen'] | null = null): Statement {
  const stored = sql`(${transfers.incarnation}, ${transfers.seq})`
  const isAtOrPast = sql`(excluded.incarnation, excluded.seq) >= ${stored}`
  const isSeen = seen === null ? null : sql`${stored} = (${seen.incarnation}, ${seen.seq})`
  const values = toRow(row)
  return statements
    .insert(transfers)
    .values(values)
    .onConflictDoUpdate({
      target: transfers.id,
      set: values,
      setWhere: isSeen === null ? isAtOrPast : sql`${isAtOrPast} or ${isSeen}`,
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

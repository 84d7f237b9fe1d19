// Which transfers ended without a row of their fees, and those rows.

import { and, asc, desc, eq, gte, lt, sql } from 'drizzle-orm'
import { type Statement, statements } from './statement.ts'
import { transferFees, transfers } from './tables.ts'

export type TransferFeeRow = typeof transferFees.$inferInsert

/** Of the latest row. Column: `ended_at`; null where there is none. */
export function newestFeeStatement(): Statement {
  return statements
    .select({ ended_at: sql<number | null>`max(${transferFees.ended_at})`.as('ended_at') })
    .from(transferFees)
    .toSQL()
}

/** A transfer that was included and ended. Times in milliseconds, but for `not_before`, which is RFC 3339; amounts decimal. */
export type EndedTransfer = {
  readonly transfer: string
  readonly tenant: string
  readonly chain: string
  readonly kind: string
  readonly created_at: number
  readonly ended_at: number
  readonly not_before: string | null
  readonly hash: string
  readonly block_number: number
  readonly gas_used: string
  readonly fee_paid: string
}

/** Those without a row that ended at `since` or later, the earliest first. Columns: as of EndedTransfer. */
export function unassessedStatement(since: number, limit: number): Statement {
  const { id, tenant, chain, kind, created_at, updated_at, is_final, document } = transfers
  const told = <T>(path: string, name: string) => sql<T>`json_extract(${document}, ${path})`.as(name)
  const ofStep = (field: string) => told<string>(`$.steps[0].${field}`, field)
  return statements
    .select({
      transfer: sql`${id}`.as('transfer'),
      tenant,
      chain,
      kind,
      created_at,
      ended_at: sql`${updated_at}`.as('ended_at'),
      not_before: told<string | null>('$.not_before', 'not_before'),
      hash: ofStep('hash'),
      block_number: ofStep('block_number'),
      gas_used: ofStep('gas_used'),
      fee_paid: ofStep('fee_paid'),
    })
    .from(transfers)
    .where(
      and(
        eq(is_final, 1),
        gte(updated_at, since),
        sql`NOT EXISTS (SELECT 1 FROM ${transferFees} WHERE ${transferFees.transfer} = ${id})`,
        sql`json_extract(${document}, '$.steps[0].fee_paid') IS NOT NULL`,
      ),
    )
    .orderBy(asc(updated_at))
    .limit(limit)
    .toSQL()
}

/** What was written once stays. */
export function feeRowStatement(row: TransferFeeRow): Statement {
  return statements.insert(transferFees).values(row).onConflictDoNothing().toSQL()
}

export type FeeRange = {
  readonly tenant: string
  /** Null: of all chains. */
  readonly chain: string | null
  /** Milliseconds; `to` is not part of it. */
  readonly from: number
  readonly to: number
}

/** The latest first. */
export function feeRowsStatement({ tenant, chain, from, to }: FeeRange, limit: number): Statement {
  return statements
    .select()
    .from(transferFees)
    .where(
      and(
        eq(transferFees.tenant, tenant),
        chain === null ? undefined : eq(transferFees.chain, chain),
        gte(transferFees.ended_at, from),
        lt(transferFees.ended_at, to),
      ),
    )
    .orderBy(desc(transferFees.ended_at), desc(transferFees.transfer))
    .limit(limit)
    .toSQL()
}

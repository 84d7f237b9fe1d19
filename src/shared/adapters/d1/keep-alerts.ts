// Keeps the alerts: a trouble that is seen has an open row, and one that is seen no more has its row closed.

import { and, eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { type AlertKind, signers, transfers } from './tables.ts'

export type Trouble = { readonly subject: string; readonly kind: AlertKind; readonly detail: string }

/** Troubles of one look: more of them have one cause, and the first ones show it. */
const TROUBLES_MAX = 200
/** Signers of one look, a call each. */
const SIGNERS_MAX = 500

const RAISE = `INSERT INTO alerts (subject, kind, detail, raised_at, seen_at)
  SELECT ?1, ?2, ?3, ?4, ?4
  WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE subject = ?1 AND kind = ?2 AND resolved_at IS NULL)`
const SEE = `UPDATE alerts SET seen_at = ?4, detail = ?3
  WHERE subject = ?1 AND kind = ?2 AND resolved_at IS NULL`
const CLOSE = 'UPDATE alerts SET resolved_at = ?1 WHERE resolved_at IS NULL AND seen_at < ?1'

/** All of one look at everything. A trouble that was not among them is over. */
export async function keepAlerts(
  database: D1Database,
  troubles: readonly Trouble[],
  now: number,
): Promise<void> {
  const statements = troubles.slice(0, TROUBLES_MAX).flatMap(({ subject, kind, detail }) => {
    return [RAISE, SEE].map((statement) => database.prepare(statement).bind(subject, kind, detail, now))
  })
  await database.batch([...statements, database.prepare(CLOSE).bind(now)])
}

/** Transfers whose row says that they are fenced. */
export async function fencedTransfers(database: D1Database): Promise<readonly string[]> {
  const rows = await drizzle(database)
    .select({ id: transfers.id })
    .from(transfers)
    .where(
      and(
        eq(transfers.status, 'held'),
        sql`json_extract(${transfers.document}, '$.status_reason') = 'fenced'`,
      ),
    )
    .limit(TROUBLES_MAX)
  return rows.map(({ id }) => id)
}

export function knownSigners(database: D1Database) {
  return drizzle(database)
    .select({ chain: signers.chain, address: signers.address, tenant: signers.tenant })
    .from(signers)
    .orderBy(signers.chain, signers.address)
    .limit(SIGNERS_MAX)
}

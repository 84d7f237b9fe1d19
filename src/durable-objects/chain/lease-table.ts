// Where a chain's object keeps the leases that it gave. No part of its log: they concern seconds, and no money. What does not
// read back is unknown, and then nothing is given until all that may have been given is over.

import { z } from 'zod'
import { unixMs } from '../../shared/lib/time.ts'
import type { Lease } from '../../shared/routing/leases.ts'
import type { Sql, Storage } from '../sqlite/storage.ts'

/** One row: who holds what, by endpoint. Some hundred bytes. */
const TABLE = `
CREATE TABLE IF NOT EXISTS endpoint_lease (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  leases TEXT NOT NULL
) STRICT
`

const time = z.int().min(0).transform(unixMs)
const leases = z.record(
  z.string(),
  z.array(
    z.object({
      holder: z.string(),
      perSecond: z.number().min(0),
      until: time,
      servedAt: time.nullable(),
    }),
  ),
)
const row = z.object({ leases: z.string() })

export type LeasesByEndpoint = ReadonlyMap<string, readonly Lease[]>

/** Writes nothing. Null: what was given is not known. */
export function readLeaseTable({ sql }: Storage): LeasesByEndpoint | null {
  if (!hasTable(sql)) return new Map()
  const stored = row.safeParse(sql.exec(`SELECT leases FROM endpoint_lease`).toArray()[0])
  if (!stored.success) return null
  const parsed = leases.safeParse(jsonOf(stored.data.leases))
  return parsed.success ? new Map(Object.entries(parsed.data)) : null
}

export function writeLeaseTable({ sql }: Storage, given: LeasesByEndpoint): void {
  if (!hasTable(sql)) sql.exec(TABLE)
  const text = JSON.stringify(Object.fromEntries(given))
  sql.exec(`INSERT OR REPLACE INTO endpoint_lease (id, leases) VALUES (1, ?)`, text)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function hasTable(sql: Sql): boolean {
  return sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'endpoint_lease'`).toArray().length > 0
}

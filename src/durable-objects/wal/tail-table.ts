// The groups that are not sealed: a row each. The only statements that touch them.

import { canonicalJson } from '../../shared/lib/canonical-json.ts'
import { err, ok, type Result } from '../../shared/lib/result.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import type { Sql } from '../sqlite/storage.ts'
import { LEAF_SEPARATOR, parseGroup, type StoredGroup } from './stored-group.ts'

export const tailTable = {
  append(sql: Sql, group: StoredGroup): void {
    sql.exec(
      `INSERT INTO wal (seq, v, at, by, count, leaves, digest) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      group.seq,
      group.v,
      group.at,
      canonicalJson({ ...group.by }),
      group.count,
      group.leaves.join(LEAF_SEPARATOR),
      group.digest,
    )
  },

  /** Groups that hold a record after `afterSeq`, oldest first. */
  read(sql: Sql, afterSeq: number, limit: number): readonly Result<StoredGroup, WalDamage>[] {
    const rows = sql.exec(`SELECT * FROM wal WHERE seq > ? ORDER BY seq LIMIT ?`, afterSeq, limit).toArray()
    return rows.map((row) => {
      try {
        return ok(parseGroup(row))
      } catch {
        return err({ reason: 'unreadable', seq: Number(row.seq) })
      }
    })
  },

  deleteUpTo(sql: Sql, seq: number): void {
    sql.exec(`DELETE FROM wal WHERE seq <= ?`, seq)
  },

  deleteAfter(sql: Sql, seq: number): void {
    sql.exec(`DELETE FROM wal WHERE seq > ?`, seq)
  },

  size(sql: Sql): { readonly groups: number; readonly records: number; readonly bytes: number } {
    const [row] = sql
      .exec(
        // Not SUM, which fails where damaged numbers are too large to be added.
        `SELECT COUNT(*) AS groups, TOTAL(count) AS records, TOTAL(octet_length(leaves)) AS bytes FROM wal`,
      )
      .toArray()
    const number = (value: unknown) => Number(value ?? 0)
    return { groups: number(row?.groups), records: number(row?.records), bytes: number(row?.bytes) }
  },
}

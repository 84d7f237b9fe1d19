// A storage that counts what is read of a log: rows of the tail, and blocks of segments.

import type { Storage } from '../../src/durable-objects/sqlite/storage.ts'

export type Reads = { groups: number; blocks: number }

export function counting(storage: Storage): { readonly storage: Storage; readonly reads: Reads } {
  const reads = { groups: 0, blocks: 0 }
  const sql: Storage['sql'] = {
    exec(query, ...bindings) {
      const rows = storage.sql.exec(query, ...bindings).toArray()
      reads.groups += rows.filter(({ leaves }) => leaves !== undefined).length
      reads.blocks += rows.filter(({ block }) => block !== undefined).length
      return { toArray: () => rows }
    },
  }
  return { storage: { ...storage, sql }, reads }
}

// What a request left behind, and whom it asked: a refused request must have done neither.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { TenantId } from '../../../src/shared/tenancy/tenant-id.ts'
import { transferId } from '../../../src/shared/transfer/transfer-id.ts'
import type { ApiEnv } from '../../../src/workers/api/env.ts'

/** The real transfers, and the names under which they were asked for. */
export function watchedTransfers() {
  const asked: string[] = []
  const TRANSFER: ApiEnv['TRANSFER'] = {
    getByName: (name) => {
      asked.push(name)
      return env.TRANSFER.getByName(name)
    },
  }
  return { TRANSFER, asked }
}

/** The real database, and how often it was asked. */
export function watchedDatabase() {
  const queries: string[] = []
  let isAway = false
  const DB = new Proxy(env.DB, {
    get: (database, name) => {
      if (name !== 'prepare') return Reflect.get(database, name)
      return (sql: string) => {
        queries.push(sql)
        if (isAway) throw new Error('D1_ERROR: the test took the database away')
        return database.prepare(sql)
      }
    },
  })
  return { DB, queries, takeAway: () => (isAway = true), bringBack: () => (isAway = false) }
}

/** Tables in the object that the key names: none where nothing was ever written. */
export async function tablesOfTransfer(tenant: TenantId, idempotencyKey: string): Promise<number> {
  return runInDurableObject(env.TRANSFER.getByName(transferId(tenant, idempotencyKey)), (_object, state) =>
    state.storage.sql.exec('SELECT name FROM sqlite_master').toArray(),
  ).then((tables) => tables.length)
}

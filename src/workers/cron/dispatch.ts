// Which work belongs to which tick, and what of the environment it sees. The expressions are those of wrangler.toml.

import { z } from 'zod'
import { dropSuperseded, takeOpenLogs } from '../../shared/adapters/archive/tend-archive.ts'
import type { ArchiveEnv } from '../../shared/adapters/archive/write-archive.ts'
import { fencedTransfers, keepAlerts, knownSigners } from '../../shared/adapters/d1/keep-alerts.ts'
import { overdueStatement } from '../../shared/adapters/d1/overdue-transfers.ts'
import { repairRows } from '../../shared/adapters/d1/project-rows.ts'
import type { Statement } from '../../shared/adapters/d1/statement.ts'
import {
  feeRowStatement,
  newestFeeStatement,
  unassessedStatement,
} from '../../shared/adapters/d1/transfer-fees.ts'
import {
  lastStopStatement,
  reportStatement,
  unfinishedStatement,
} from '../../shared/adapters/d1/unfinished-transfers.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import { unixMs } from '../../shared/lib/time.ts'
import { parseChainPolicies } from '../../shared/schema/deployment.ts'
import { feeBaselineJson } from '../../shared/schema/fee-baseline.ts'
import { type AssessDeps, assessFees } from './assess-fees.ts'
import { type ReconcileDeps, reconcile } from './reconcile.ts'
import { type SweepDeps, sweepOverdue } from './sweep.ts'
import { type TendDeps, tendArchive } from './tend-archive.ts'
import { type TroubleDeps, watchTroubles } from './watch-troubles.ts'

export const SWEEP_CRON = '* * * * *'
export const RECONCILE_CRON = '*/5 * * * *'

export type CronEnv = ArchiveEnv & {
  readonly CHAINS: string
  readonly TRANSFER: SweepDeps['transfers'] & ReconcileDeps['transfers']
  readonly SIGNER: SweepDeps['signers'] & ReconcileDeps['signers'] & TroubleDeps['signers']
  readonly CHAIN: AssessDeps['chainActors'] &
    SweepDeps['chainActors'] &
    ReconcileDeps['chainActors'] &
    TroubleDeps['chainActors']
}

const overdueRow = z.object({ id: z.string(), chain: z.string(), signer: z.string().nullable() })

const unfinishedRow = z.object({
  id: z.string(),
  chain: z.string(),
  signer: z.string().nullable(),
  incarnation: z.number(),
  seq: z.number(),
  document: z.string(),
})

const newestRow = z.object({ ended_at: z.number().nullable() })

const endedRow = z.object({
  transfer: z.string(),
  tenant: z.string(),
  chain: z.string(),
  kind: z.string(),
  created_at: z.number(),
  ended_at: z.number(),
  not_before: z.string().nullable(),
  hash: z.string(),
  block_number: z.number(),
  gas_used: z.string(),
  fee_paid: z.string(),
})

const stopRow = z.object({ resume_after: z.string().nullable() })

export async function dispatchTick(cron: string, scheduledTime: number, env: CronEnv): Promise<void> {
  if (cron === SWEEP_CRON) {
    await sweepOverdue(sweepDeps(env), scheduledTime)
    return assessFees(assessDeps(env), scheduledTime)
  }
  if (cron === RECONCILE_CRON) {
    await reconcile(reconcileDeps(env), scheduledTime)
    await watchTroubles(troubleDeps(env), scheduledTime)
    return tendArchive(tendDeps(env), scheduledTime)
  }
  throw new Error(`no work for the tick ${cron}`)
}

function assessDeps(env: CronEnv): AssessDeps {
  return {
    chains: [...parseChainPolicies(env.CHAINS).keys()],
    newest: async () => {
      const [row] = newestRow.array().parse(await rowsOf(env.DB, newestFeeStatement()))
      return row?.ended_at ?? null
    },
    unassessed: async (since, limit) =>
      endedRow.array().parse(await rowsOf(env.DB, unassessedStatement(since, limit))),
    keep: async (rows) => {
      const statements = rows.map(({ prices, ...row }) => {
        const baseline = prices === null ? null : JSON.stringify(z.encode(feeBaselineJson, prices))
        const { sql, params } = feeRowStatement({ ...row, baseline })
        return env.DB.prepare(sql).bind(...params)
      })
      await env.DB.batch(statements)
    },
    chainActors: env.CHAIN,
    log: logEvent,
  }
}

function sweepDeps(env: CronEnv): SweepDeps {
  return {
    chains: [...parseChainPolicies(env.CHAINS).keys()],
    overdue: async (before, limit) => {
      const rows = await rowsOf(env.DB, overdueStatement(before, limit))
      return overdueRow.array().parse(rows)
    },
    transfers: env.TRANSFER,
    signers: env.SIGNER,
    chainActors: env.CHAIN,
    log: logEvent,
  }
}

function troubleDeps(env: CronEnv): TroubleDeps {
  return {
    chains: [...parseChainPolicies(env.CHAINS).keys()],
    knownSigners: () => knownSigners(env.DB),
    fencedTransfers: () => fencedTransfers(env.DB),
    signers: env.SIGNER,
    chainActors: env.CHAIN,
    keep: (troubles, now) => keepAlerts(env.DB, troubles, now),
    log: logEvent,
  }
}

function tendDeps(env: CronEnv): TendDeps {
  return {
    openLogs: (ask) => takeOpenLogs(env.DB, ask),
    dropSuperseded: (ask) => dropSuperseded(env, ask),
    transfers: env.TRANSFER,
    log: logEvent,
  }
}

function reconcileDeps(env: CronEnv): ReconcileDeps {
  return {
    now: () => unixMs(Date.now()),
    lastStop: async () => {
      const [last] = stopRow.array().parse(await rowsOf(env.DB, lastStopStatement()))
      return last?.resume_after ?? ''
    },
    unfinished: async (after, limit) =>
      unfinishedRow.array().parse(await rowsOf(env.DB, unfinishedStatement(after, limit))),
    repair: (repairs) => repairRows(env.DB, repairs),
    report: async (report) => {
      await rowsOf(env.DB, reportStatement(report))
    },
    transfers: env.TRANSFER,
    signers: env.SIGNER,
    chainActors: env.CHAIN,
    log: logEvent,
  }
}

async function rowsOf(database: D1Database, { sql, params }: Statement): Promise<readonly unknown[]> {
  const { results } = await database
    .prepare(sql)
    .bind(...params)
    .all()
  return results
}

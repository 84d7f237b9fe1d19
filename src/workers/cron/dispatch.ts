// Which work belongs to which tick, and what of the environment it sees. The expressions are those of wrangler.toml.

import { z } from 'zod'
import { dropSuperseded, takeOpenLogs } from '../../shared/adapters/archive/tend-archive.ts'
import type { ArchiveEnv } from '../../shared/adapters/archive/write-archive.ts'
import { overdueStatement } from '../../shared/adapters/d1/overdue-transfers.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import { parseChainPolicies } from '../../shared/schema/deployment.ts'
import { type ReconcileEnv, reconcile } from './reconcile.ts'
import { type SweepDeps, sweepOverdue } from './sweep.ts'
import { type TendDeps, tendArchive } from './tend-archive.ts'

export const SWEEP_CRON = '* * * * *'
export const RECONCILE_CRON = '*/5 * * * *'

export type SweepEnv = ArchiveEnv & {
  readonly CHAINS: string
  readonly TRANSFER: SweepDeps['transfers']
  readonly SIGNER: SweepDeps['signers']
  readonly CHAIN: SweepDeps['chainActors']
}

const overdueRow = z
  .object({ id: z.string(), chain: z.string(), from_address: z.string() })
  .transform(({ id, chain, from_address: from }) => ({ id, chain, from }))

export async function dispatchTick(
  cron: string,
  scheduledTime: number,
  env: SweepEnv & ReconcileEnv,
): Promise<void> {
  if (cron === SWEEP_CRON) return sweepOverdue(sweepDeps(env), scheduledTime)
  if (cron === RECONCILE_CRON) {
    await reconcile(env, scheduledTime)
    return tendArchive(tendDeps(env), scheduledTime)
  }
  throw new Error(`no work for the tick ${cron}`)
}

function sweepDeps(env: SweepEnv): SweepDeps {
  return {
    chains: [...parseChainPolicies(env.CHAINS).keys()],
    overdue: async (before, limit) => {
      const { sql, params } = overdueStatement(before, limit)
      const { results } = await env.DB.prepare(sql)
        .bind(...params)
        .all()
      return overdueRow.array().parse(results)
    },
    transfers: env.TRANSFER,
    signers: env.SIGNER,
    chainActors: env.CHAIN,
    log: logEvent,
  }
}

function tendDeps(env: SweepEnv): TendDeps {
  return {
    openLogs: (ask) => takeOpenLogs(env.DB, ask),
    dropSuperseded: (ask) => dropSuperseded(env, ask),
    transfers: env.TRANSFER,
    log: logEvent,
  }
}

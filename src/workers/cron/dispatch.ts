// Which work belongs to which tick. The expressions are those of wrangler.toml.

import { type ReconcileEnv, reconcile } from './reconcile.ts'
import { type SweepEnv, sweepOverdue } from './sweep.ts'

export const SWEEP_CRON = '* * * * *'
export const RECONCILE_CRON = '*/5 * * * *'

export async function dispatchTick(
  cron: string,
  scheduledTime: number,
  env: SweepEnv & ReconcileEnv,
): Promise<void> {
  if (cron === SWEEP_CRON) return sweepOverdue(env, scheduledTime)
  if (cron === RECONCILE_CRON) return reconcile(env, scheduledTime)
  throw new Error(`no work for the tick ${cron}`)
}

// Each minute: transfers whose time to wake has passed by long ago. Their alarm was lost; a nudge sets it again. Also
// the signers behind them and every chain, whose alarms may have been lost as well.

import type { OverdueTransfer } from '../../shared/adapters/d1/overdue-transfers.ts'
import type { LogLevel } from '../../shared/adapters/json-log.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import { MINUTE_MS } from '../../shared/lib/time.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { SignerActor } from '../../shared/ports/signer-actor.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'

export type SweepDeps = {
  readonly chains: readonly ChainId[]
  /** Unfinished transfers that meant to wake before then, the longest overdue first. */
  readonly overdue: (before: number, limit: number) => Promise<readonly OverdueTransfer[]>
  readonly transfers: ActorNamespace<Pick<TransferActor, 'nudge'>>
  readonly signers: ActorNamespace<Pick<SignerActor, 'nudge'>>
  readonly chainActors: ActorNamespace<Pick<ChainActor, 'nudge'>>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

/** An alarm may be up to a minute late when its object moves: only what is later than that is overdue. */
const OVERDUE_MS = MINUTE_MS
/** Transfers of one sweep: what an invocation can call with room to spare. */
const SWEEP_MAX = 1_000
const NUDGES_AT_ONCE = 50

export async function sweepOverdue(deps: SweepDeps, now: number): Promise<void> {
  await mapBounded(deps.chains, NUDGES_AT_ONCE, (chain) =>
    nudged(deps, chain, () => deps.chainActors.getByName(chain).nudge()),
  )
  const overdue = await deps.overdue(now - OVERDUE_MS, SWEEP_MAX)
  const signers = [
    ...new Set(overdue.flatMap(({ chain, signer }) => (signer === null ? [] : [`${chain}/${signer}`]))),
  ]
  await mapBounded(signers, NUDGES_AT_ONCE, (name) =>
    nudged(deps, name, () => deps.signers.getByName(name).nudge()),
  )
  await mapBounded(overdue, NUDGES_AT_ONCE, ({ id }) =>
    nudged(deps, id, async () => {
      await deps.transfers.getByName(id).nudge('cron')
    }),
  )
  if (overdue.length > 0) deps.log('warn', 'sweep.overdue', { transfers: overdue.length })
}

/** One that does not answer must not keep the others waiting: the next minute comes. */
async function nudged({ log }: SweepDeps, name: string, call: () => Promise<void>): Promise<void> {
  try {
    await call()
  } catch (error) {
    log('warn', 'sweep.nudge_failed', { name, error })
  }
}

// Each minute: transfers whose time to wake has passed by long ago. Their alarm was lost; a nudge sets it again. Also
// the signers behind them and every chain, whose alarms may have been lost as well.

import { and, asc, eq, lt } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { transfers } from '../../shared/adapters/d1/tables.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import { MINUTE_MS } from '../../shared/lib/time.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { SignerActor } from '../../shared/ports/signer-actor.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'
import { parseChainPolicies } from '../../shared/schema/deployment.ts'
import { mapBounded } from '../map-bounded.ts'

export type SweepEnv = {
  readonly DB: D1Database
  readonly CHAINS: string
  readonly TRANSFER: ActorNamespace<Pick<TransferActor, 'nudge'>>
  readonly SIGNER: ActorNamespace<Pick<SignerActor, 'nudge'>>
  readonly CHAIN: ActorNamespace<Pick<ChainActor, 'nudge'>>
}

/** An alarm may be up to a minute late when its object moves: only what is later than that is overdue. */
const OVERDUE_MS = MINUTE_MS
/** Transfers of one sweep: what an invocation can call with room to spare. The longest overdue come first. */
const SWEEP_MAX = 1_000
const NUDGES_AT_ONCE = 50

export async function sweepOverdue(env: SweepEnv, now: number): Promise<void> {
  const chains = [...parseChainPolicies(env.CHAINS).keys()]
  await mapBounded(chains, NUDGES_AT_ONCE, (chain: ChainId) =>
    nudged(chain, () => env.CHAIN.getByName(chain).nudge()),
  )
  const overdue = await drizzle(env.DB)
    .select({ id: transfers.id, chain: transfers.chain, from: transfers.from_address })
    .from(transfers)
    .where(and(eq(transfers.is_final, 0), lt(transfers.next_wake_at, now - OVERDUE_MS)))
    .orderBy(asc(transfers.next_wake_at))
    .limit(SWEEP_MAX)
  const signers = [...new Set(overdue.map(({ chain, from }) => `${chain}/${from}`))]
  await mapBounded(signers, NUDGES_AT_ONCE, (name) => nudged(name, () => env.SIGNER.getByName(name).nudge()))
  await mapBounded(overdue, NUDGES_AT_ONCE, ({ id }) =>
    nudged(id, async () => {
      await env.TRANSFER.getByName(id).nudge('cron')
    }),
  )
  if (overdue.length > 0) logEvent('warn', 'sweep.overdue', { transfers: overdue.length })
}

/** One that does not answer must not keep the others waiting: the next minute comes. */
async function nudged(name: string, call: () => Promise<void>): Promise<void> {
  try {
    await call()
  } catch (error) {
    logEvent('warn', 'sweep.nudge_failed', { name, error })
  }
}

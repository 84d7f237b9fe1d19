// Every five minutes: transfers that should have been sealed by now are woken, since their alarm may have been lost; packs
// of tails that sealed packs have replaced are deleted. A bounded number of each.

import type { LogLevel } from '../../shared/adapters/json-log.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import { HOUR_MS, MINUTE_MS } from '../../shared/lib/time.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { TransferActor } from '../../shared/ports/transfer-actor.ts'

export type TendDeps = {
  readonly openLogs: (ask: Ask) => Promise<readonly string[]>
  readonly dropSuperseded: (ask: Ask) => Promise<number>
  readonly transfers: ActorNamespace<Pick<TransferActor, 'nudge'>>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

type Ask = { readonly now: number; readonly before: number; readonly limit: number }

/** A transfer is sealed an hour after its end at the earliest, so it says nothing for so long. */
const SILENT_MS = 2 * HOUR_MS
const NUDGES_MAX = 200
const NUDGES_AT_ONCE = 50
/** Packs are looked at again after this; it is also how long one stays when it is superseded at once. */
const LOOK_AGAIN_MS = 30 * MINUTE_MS
/** R2 deletes up to a thousand objects in a call; the rows of so many packs are a D1 batch of a second. */
const PACKS_MAX = 300

export async function tendArchive(deps: TendDeps, now: number): Promise<void> {
  const silent = await deps.openLogs({ now, before: now - SILENT_MS, limit: NUDGES_MAX })
  await mapBounded(silent, NUDGES_AT_ONCE, async (id) => {
    try {
      await deps.transfers.getByName(id).nudge('cron')
    } catch (error) {
      deps.log('warn', 'archive.nudge_failed', { transfer: id, error })
    }
  })
  const dropped = await deps.dropSuperseded({ now, before: now - LOOK_AGAIN_MS, limit: PACKS_MAX })
  if (dropped + silent.length > 0) deps.log('info', 'archive.tended', { dropped, woken: silent.length })
}

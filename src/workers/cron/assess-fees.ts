// Every minute: what transfers that ended lately paid for gas, and what others would have paid on the same blocks, is written down
// while the chains' objects still know those blocks. A bounded number of them; what is missed is in the report without a comparison,
// or not at all, and nothing else hangs on it.

import type { EndedTransfer, TransferFeeRow } from '../../shared/adapters/d1/transfer-fees.ts'
import type { LogLevel } from '../../shared/adapters/json-log.ts'
import type { ChainId } from '../../shared/chain/chain-id.ts'
import type { FeeBaseline } from '../../shared/fees/fee-baseline.ts'
import { HOUR_MS, MINUTE_MS, unixMs } from '../../shared/lib/time.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'

export type AssessedTransfer = Omit<TransferFeeRow, 'baseline'> & { readonly prices: FeeBaseline | null }

export type AssessDeps = {
  readonly chains: readonly ChainId[]
  /** When the transfer of the latest row ended; null: there is none. */
  readonly newest: () => Promise<number | null>
  readonly unassessed: (since: number, limit: number) => Promise<readonly EndedTransfer[]>
  readonly keep: (rows: readonly AssessedTransfer[]) => Promise<void>
  readonly chainActors: ActorNamespace<Pick<ChainActor, 'feeBaselines'>>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Transfers of one tick: half of the statements that one invocation may have. */
const TRANSFERS_MAX = 500
/** What ended longer ago is not looked for: the blocks of then are known for some hours at most. */
const LOOK_BACK_MS = HOUR_MS
/** Rows of the read model come in any order: so far before the latest one is looked again. */
const OVERLAP_MS = 5 * MINUTE_MS

export async function assessFees(deps: AssessDeps, now: number): Promise<void> {
  const newest = await deps.newest()
  const since = Math.max(now - LOOK_BACK_MS, (newest ?? 0) - OVERLAP_MS)
  const ended = await deps.unassessed(since, TRANSFERS_MAX)
  for (const chain of deps.chains) {
    const transfers = ended.filter((transfer) => transfer.chain === chain)
    if (transfers.length > 0) await assessChain(deps, chain, transfers)
  }
}

async function assessChain(
  deps: AssessDeps,
  chain: ChainId,
  transfers: readonly EndedTransfer[],
): Promise<void> {
  try {
    const actor = deps.chainActors.getByName(chain)
    const baselines = await actor.feeBaselines(chain, transfers.map(includedOf))
    const known = transfers.flatMap((transfer, index) => {
      const baseline = baselines[index] ?? null
      // A row is for good: the next tick asks again.
      return baseline === 'not_yet' ? [] : [assessed(transfer, baseline)]
    })
    if (known.length > 0) await deps.keep(known)
  } catch (error) {
    // The next tick asks again.
    deps.log('warn', 'fees.not_assessed', { chain, transfers: transfers.length, error })
  }
}

function includedOf({ created_at, not_before, block_number }: EndedTransfer) {
  const since = not_before === null ? created_at : Math.max(created_at, Date.parse(not_before))
  return { since: unixMs(since), block_number }
}

function assessed(
  { created_at: _, not_before: __, block_number: ___, ...transfer }: EndedTransfer,
  prices: FeeBaseline | null,
): AssessedTransfer {
  return { ...transfer, prices }
}

// The row of the read model that a log folds to, without the object that wrote it: for one that is lost, from the archive.

import type { ChainId } from '../chain/chain-id.ts'
import { unixMs } from '../lib/time.ts'
import { evolve } from '../transfer/evolve.ts'
import type { Pace } from '../transfer/next-wake.ts'
import { NO_TRANSFER, type TransferState } from '../transfer/state.ts'
import type { WireGroup } from '../wal/group.ts'
import { MESSAGE_VERSION, type TransferRow } from './queue-messages.ts'
import { toTransferDocument } from './transfer-document.ts'
import { transferRecord } from './transfer-record.ts'

/** Null: these are no groups of a transfer, from its first on. */
export function rowOfLog(
  groups: readonly WireGroup[],
  incarnation: number,
  pace: (chain: ChainId) => Pace,
): TransferRow | null {
  const head = groups.at(-1)
  const state = fold(groups)
  if (head === undefined || state === null || state.phase === 'none') return null
  const { chain } = state.request
  return {
    v: MESSAGE_VERSION,
    transfer: state.id,
    tenant: state.tenant,
    chain,
    incarnation,
    seq: head.seq,
    // Nobody is there who would wake.
    next_wake_at: null,
    document: toTransferDocument(state, head, pace(chain).confirmations),
  }
}

function fold(groups: readonly WireGroup[]): TransferState | null {
  try {
    let state: TransferState = NO_TRANSFER
    for (const { at, by, records } of groups) {
      const turn = { at: unixMs(Date.parse(at)), by }
      for (const record of records) state = evolve(state, transferRecord.parse(record), turn)
    }
    return state
  } catch {
    return null
  }
}

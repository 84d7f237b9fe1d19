// One step of a rebuild: rows of a page of transfers, each from its object, else from the archive.

import { archivedTransfers } from '../../../shared/adapters/archive/archived-logs.ts'
import { readArchive } from '../../../shared/adapters/archive/read-archive.ts'
import { projectRows } from '../../../shared/adapters/d1/project-rows.ts'
import { mapBounded } from '../../../shared/adapters/map-bounded.ts'
import { joinParts } from '../../../shared/archive/join-parts.ts'
import type { RebuildStep } from '../../../shared/schema/api-rebuild.ts'
import { paceOf } from '../../../shared/schema/deployment.ts'
import type { TransferRow } from '../../../shared/schema/queue-messages.ts'
import { rowOfLog } from '../../../shared/schema/row-of-log.ts'
import { emptyPosition } from '../../../shared/wal/group.ts'
import { ask, fromDatabase } from '../dependency.ts'
import type { TenantCall } from '../operation.ts'
import { encodeCursor } from '../query.ts'

/** Transfers of one step: a call each, and a few reads for those that are lost. */
const TRANSFERS_A_STEP = 100
const CALLS_AT_ONCE = 25

type Found = { readonly row: TransferRow | null; readonly isLost: boolean }

export async function rebuildTransfers(call: TenantCall, after: string): Promise<RebuildStep> {
  const { tenant } = call.caller
  const page = await fromDatabase(() => archivedTransfers(call.env.DB, tenant, after, TRANSFERS_A_STEP))
  const found = await mapBounded(page, CALLS_AT_ONCE, (log) => rowOf(call, log))
  const rows = found.flatMap(({ row }) => (row === null || row.tenant !== tenant ? [] : [row]))
  await fromDatabase(() => projectRows(call.env.DB, rows))
  const last = page.length < TRANSFERS_A_STEP ? undefined : page.at(-1)
  return {
    stage: 'transfers',
    transfers_read: page.length,
    transfers_lost: found.filter(({ isLost }) => isLost).length,
    transfers_unreadable: found.filter(({ row }) => row === null).length,
    next_cursor: last === undefined ? null : encodeCursor('transfers', last.object),
  }
}

async function rowOf(
  call: TenantCall,
  { object, incarnation }: { readonly object: string; readonly incarnation: number },
): Promise<Found> {
  const row = await ask(
    () => call.env.TRANSFER.getByName(object),
    (transfer) => transfer.row(),
  )
  if (row !== null) return { row, isLost: false }
  const identity = { class: 'TransferObject', object }
  const parts = await fromDatabase(() => readArchive(call.env, identity, 0))
  const { groups } = joinParts(emptyPosition(identity), parts)
  return { row: rowOfLog(groups, incarnation, (chain) => paceOf(call.env.CHAINS, chain)), isLost: true }
}

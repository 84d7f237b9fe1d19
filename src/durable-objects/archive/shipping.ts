// The archive as a reader of one log: what it does not have yet, and what it has for good. Two cursors in the log's meta
// row: `archive` for groups of the tail, `sealed` for those that are sealed and go into packs that stay.
//
// Hands over nothing that does not verify, so damage cannot reach the archive.

import { groupText, partText } from '../../shared/archive/log-part.ts'
import type { ArchiveReceipt, DeliveredPart, Delivery } from '../../shared/ports/archived-actor.ts'
import type { WalHead, WalIdentity, WalPosition, WireGroup } from '../../shared/wal/group.ts'

/** From a change to its announcement: most of the recovery point, and what keeps messages and packs few. */
export const ARCHIVE_LINGER_MS = 1_000
/** Characters of one delivery, but at least a group: a hundred of them stay far below the memory of a Worker. */
export const DELIVERY_MAX_CHARACTERS = 262_144

const TAIL = 'archive'
const SEALED = 'sealed'

/** What of a log this needs. */
export type ShippedLog = {
  readonly identity: WalIdentity
  readonly incarnation: number
  readonly head: WalHead
  readonly sealed: WalPosition
  cursor(reader: string): number
  moveCursor(reader: string, seq: number): void
  positionAt(seq: number): WalPosition | null
  verifiedGroups(from: WalPosition): Iterable<{ readonly group: WireGroup; readonly end: WalPosition }>
}

export type ArchiveStanding = {
  /** The archive has every group. */
  readonly isArchived: boolean
  /** Nothing is in the tail. */
  readonly isSealed: boolean
  /** The archive has all that is sealed in packs that stay. */
  readonly isSealedArchived: boolean
}

export function archiveStanding(log: ShippedLog): ArchiveStanding {
  const { head, sealed } = log
  const sealedCursor = log.cursor(SEALED)
  return {
    isArchived: Math.max(log.cursor(TAIL), sealedCursor) >= head.seq,
    isSealed: sealed.seq >= head.seq,
    isSealedArchived: sealedCursor >= sealed.seq,
  }
}

/** Whether the archive is to be told. */
export function hasNews(log: ShippedLog): boolean {
  const { isArchived, isSealedArchived } = archiveStanding(log)
  return !isArchived || !isSealedArchived
}

/** `known`: a position of this log, where one is at hand; the end of the last delivery is that of the next one's begin. */
export function deliver(
  log: ShippedLog,
  tenant: string | null,
  known: WalPosition | null = null,
): { readonly delivery: Delivery; readonly tailEnd: WalPosition | null } {
  const sealedCursor = log.cursor(SEALED)
  const tailCursor = Math.max(log.cursor(TAIL), sealedCursor)
  const tail = part(log, tenant, { isSealed: false, from: tailCursor, to: log.head.seq, known })
  const sealed = part(log, tenant, { isSealed: true, from: sealedCursor, to: log.sealed.seq, known: null })
  const parts = [tail?.part, sealed?.part].filter((one) => one !== undefined)
  return { delivery: { parts }, tailEnd: tail?.end ?? null }
}

/** Of the tail alone. `handed`: the end of what was handed over before, and may not have arrived. */
export function carry(
  log: ShippedLog,
  tenant: string | null,
  handed: WalPosition | null,
  isWhole: boolean,
): Handed | null {
  const acknowledged = Math.max(log.cursor(TAIL), log.cursor(SEALED))
  const from = isWhole ? acknowledged : Math.max(acknowledged, handed?.seq ?? 0)
  return part(log, tenant, { isSealed: false, from, to: log.head.seq, known: handed })
}

/** Of this life of the object. */
export function acknowledge(log: ShippedLog, { tailSeq, sealedSeq }: ArchiveReceipt): void {
  // Never beyond the end: a log that was set back would otherwise not hand over what it writes anew.
  if (tailSeq !== null) log.moveCursor(TAIL, Math.min(tailSeq, log.head.seq))
  if (sealedSeq !== null) log.moveCursor(SEALED, Math.min(sealedSeq, log.sealed.seq))
}

type Handed = { readonly part: DeliveredPart; readonly end: WalPosition }

type Wanted = {
  readonly isSealed: boolean
  readonly from: number
  readonly to: number
  readonly known: WalPosition | null
}

function part(log: ShippedLog, tenant: string | null, { isSealed, from, to, known }: Wanted): Handed | null {
  if (from >= to) return null
  const start = known?.seq === from ? known : log.positionAt(from)
  if (start === null) return null
  const groups: string[] = []
  let characters = 0
  let last = start
  for (const { group, end } of log.verifiedGroups(start)) {
    const text = groupText(group)
    if (end.seq > to || (groups.length > 0 && characters + text.length > DELIVERY_MAX_CHARACTERS)) break
    groups.push(text)
    characters += text.length
    last = end
  }
  if (groups.length === 0) return null
  const { identity, incarnation } = log
  const text = partText({ ...identity, incarnation, tenant, start }, groups)
  return { part: { isSealed, text }, end: last }
}

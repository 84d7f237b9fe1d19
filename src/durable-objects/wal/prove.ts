// Makes the proof of one record. Reads the tail and those segments that the way from the head passes, nothing else.

import { sha256Hex } from '../../shared/lib/sha256.ts'
import { numberOf, type WalPosition } from '../../shared/wal/group.ts'
import { type Link, leafOf, linkOf, pathOf, type RecordProof, verifyProof } from '../../shared/wal/proof.ts'
import type { Sql } from '../sqlite/storage.ts'
import type { Meta } from './meta-row.ts'
import { groupsOf, type PlacedGroup, segmentTable } from './segment-table.ts'
import { contentOf, headerOf, recordsOf } from './stored-group.ts'
import { walk } from './walk.ts'

/** Null: there is no such record, or the log is damaged on the way. */
export function prove(sql: Sql, { identity, head, sealed, damage }: Meta, seq: number): RecordProof | null {
  if (damage !== null || !Number.isSafeInteger(seq) || seq < 1) return null
  const tail = placedTail(sql, sealed)
  const last = tail?.at(-1)?.end ?? sealed
  const holder = seq > sealed.seq ? tail?.find(holds(seq)) : inSegment(sql, seq)
  if (tail === null || holder === undefined) return null
  const links: Link[] = []
  let run: readonly PlacedGroup[] = tail
  for (const number of pathOf(numberOf(last), numberOf(holder.end))) {
    if (!run.some(isNumbered(number))) run = runHolding(sql, number)
    const placed = run.find(isNumbered(number))
    if (placed === undefined) return null
    const digests = new Map(placed.start.trail.map((mark) => [mark.number, mark.digest]))
    links.push(linkOf(number, contentOf(placed.group), digests))
  }
  const { group } = holder
  const leaf = leafOf(seq, group)
  const first = group.leaves[leaf]
  if (first === undefined) return null
  const proof: RecordProof = {
    ...identity,
    head,
    links,
    group: { ...headerOf(group), count: group.count, leaves: group.leaves.map((text) => sha256Hex(text)) },
    leaf,
    records: recordsOf({ leaves: [first] }),
  }
  // Segments on the way were not compared with what follows them.
  return verifyProof(proof, head, seq).ok ? proof : null
}

function placedTail(sql: Sql, sealed: WalPosition): readonly PlacedGroup[] | null {
  const placed: PlacedGroup[] = []
  for (const step of walk(sql, sealed)) {
    if (!step.ok) return null
    placed.push(step.value)
  }
  return placed
}

function inSegment(sql: Sql, seq: number): PlacedGroup | undefined {
  const segment = segmentTable.next(sql, seq - 1)
  const groups = segment?.ok ? groupsOf(segment.value) : null
  return groups?.ok ? groups.value.find(holds(seq)) : undefined
}

function runHolding(sql: Sql, number: number): readonly PlacedGroup[] {
  const segment = segmentTable.holding(sql, number)
  const groups = segment?.ok ? groupsOf(segment.value) : null
  return groups?.ok ? groups.value : []
}

function holds(seq: number): (placed: PlacedGroup) => boolean {
  return ({ group }) => group.seq - group.count < seq && seq <= group.seq
}

function isNumbered(number: number): (placed: PlacedGroup) => boolean {
  return ({ end }) => numberOf(end) === number
}

// The write-ahead log's unit: one group is what one turn of an actor recorded, all of it or nothing. How a group is
// hashed, and how a run of groups is checked. SPEC.md says what is hashed and why it is linked twice.
//
// Bytes are hashed in the wire form: that is what a client has, and SHA-256 and RFC 8785 are all that it needs.

import { assertDefined } from '../lib/assert.ts'
import { canonicalJson, type Json } from '../lib/canonical-json.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { sha256Hex } from '../lib/sha256.ts'
import type { By } from './by.ts'

/** Of the form of groups and records. Older ones are read for ever. */
export const WAL_VERSION = 1

/** Records that are hashed together. One hash for each would cost more than the rest of an append. */
export const LEAF_RECORDS = 16

/** Which log: the digests of one object never fit another's. */
export type WalIdentity = { readonly class: string; readonly object: string }

/** What a group says besides its records. */
export type GroupHeader = {
  readonly v: typeof WAL_VERSION
  /** Of its last record; the first of a log is 1. */
  readonly seq: number
  /** RFC 3339. */
  readonly at: string
  readonly by: By
}

/** A group in the form in which it is shown and hashed. */
export type WireGroup = GroupHeader & {
  readonly records: readonly Json[]
  /** SHA-256, hex. */
  readonly digest: string
}

/** The end of a log. `seq` 0: nothing was written yet. */
export type WalHead = { readonly seq: number; readonly digest: string }

/** A group's digest by its number; number 0 is the seed. */
export type TrailMark = { readonly number: number; readonly digest: string }

/** All that is needed to go on from here: to append, or to check what follows. */
export type WalPosition = {
  readonly seq: number
  /** Newest first; the first is the last group of the log, the last one the seed. */
  readonly trail: readonly TrailMark[]
}

export function seedDigest(identity: WalIdentity): string {
  return sha256Hex(canonicalJson({ class: identity.class, object: identity.object, v: WAL_VERSION }))
}

export function emptyPosition(identity: WalIdentity): WalPosition {
  return { seq: 0, trail: [{ number: 0, digest: seedDigest(identity) }] }
}

export function emptyHead(identity: WalIdentity): WalHead {
  return headOf(emptyPosition(identity))
}

export function headOf({ seq, trail }: WalPosition): WalHead {
  return { seq, digest: lastOf(trail).digest }
}

/** Of the last group. */
export function numberOf({ trail }: WalPosition): number {
  return lastOf(trail).number
}

/** The group, other than the one before it, that group `number` names. */
export function skipOf(number: number): number {
  return number - (number & -number)
}

/** Whether marks are the trail of the first of them: then every group to come finds there what it names. */
export function isTrail(marks: readonly TrailMark[]): boolean {
  return marks.every(({ number }, index) => {
    const next = marks[index + 1]
    return next === undefined ? number === 0 : number > 0 && next.number === skipOf(number)
  })
}

/** The leaves of a group, as they are hashed and stored. `records` are canonical already. */
export function leavesOf(records: readonly string[]): readonly string[] {
  const leaves: string[] = []
  for (let start = 0; start < records.length; start += LEAF_RECORDS) {
    leaves.push(`[${records.slice(start, start + LEAF_RECORDS).join(',')}]`)
  }
  return leaves
}

export function contentDigest(header: GroupHeader, count: number, leafDigests: readonly string[]): string {
  const { v, seq, at, by } = header
  return sha256Hex(canonicalJson({ at, by: { ...by }, count, leaves: leafDigests, seq, v }))
}

export function linkDigest(link: {
  readonly content: string
  readonly previous: string
  readonly skip: string
}): string {
  const { content, previous, skip } = link
  return sha256Hex(`{"content":"${content}","previous":"${previous}","skip":"${skip}"}`)
}

/** The position after a group that says `content` and ends at `seq`. */
export function advance(position: WalPosition, seq: number, content: string): WalPosition {
  const { trail } = position
  const previous = lastOf(trail)
  const number = previous.number + 1
  const skipped = skipOf(number)
  const skip = assertDefined(
    trail.find((mark) => mark.number === skipped),
    'the trail holds what the next group names',
  )
  const digest = linkDigest({ content, previous: previous.digest, skip: skip.digest })
  return { seq, trail: [{ number, digest }, ...trail.filter((mark) => mark.number <= skipped)] }
}

/** Where a log stops being what it claims: the seq of the first group that does not fit. */
export type WalFault = {
  readonly reason: 'gap' | 'digest'
  readonly seq: number
}

/** Verifies a run of groups that follows `position`. Returns the position after them. */
export function verifyGroups(
  position: WalPosition,
  groups: readonly WireGroup[],
): Result<WalPosition, WalFault> {
  let verified = position
  for (const group of groups) {
    const leaves = leavesOf(group.records.map(canonicalJson))
    const next = verifyLeaves(verified, group, group.records.length, leaves, group.digest)
    if (!next.ok) return next
    verified = next.value
  }
  return ok(verified)
}

/** As verifyGroups, for one group whose bytes are canonical already. */
export function verifyLeaves(
  position: WalPosition,
  header: GroupHeader,
  count: number,
  leaves: readonly string[],
  digest: string,
): Result<WalPosition, WalFault> {
  const { seq } = header
  if (count === 0 || seq !== position.seq + count) return err({ reason: 'gap', seq })
  const content = contentDigest(
    header,
    count,
    leaves.map((leaf) => sha256Hex(leaf)),
  )
  const next = advance(position, seq, content)
  return headOf(next).digest === digest ? ok(next) : err({ reason: 'digest', seq })
}

function lastOf(trail: readonly TrailMark[]): TrailMark {
  return assertDefined(trail[0], 'a trail ends in the seed')
}

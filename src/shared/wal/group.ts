// The write-ahead log's unit: one group is what one turn of an actor recorded, all of it or nothing.
//
// digest(group) = SHA-256(canonical JSON of { v, previous, seq, at, by, records: [SHA-256 of each record] })
// previous      = the digest of the group before; of the first group, the seed of (class, object id)
//
// So one record can be proved by the list of its group's record digests, and a whole log by its head, with nothing but
// SHA-256 and RFC 8785. Bytes are hashed in the wire form: that is what a client has.

import { canonicalJson, type Json } from '../lib/canonical-json.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { sha256Hex } from '../lib/sha256.ts'
import type { By } from './by.ts'

/** Of the framing above; records carry no version of their own. */
export const WAL_VERSION = 1

/** Which log: the digest chain of one object never fits another's. */
export type WalIdentity = { readonly class: string; readonly object: string }

/** A group in the form in which it is stored, shown and hashed. */
export type WireGroup = {
  readonly v: typeof WAL_VERSION
  /** Of its last record; the first of a log is 1. */
  readonly seq: number
  /** RFC 3339. */
  readonly at: string
  readonly by: By
  readonly records: readonly Json[]
  /** SHA-256, hex. */
  readonly digest: string
}

/** The end of a log. `seq` 0: nothing was written yet. */
export type WalHead = { readonly seq: number; readonly digest: string }

export function seedDigest(identity: WalIdentity): string {
  return sha256Hex(canonicalJson({ class: identity.class, object: identity.object, v: WAL_VERSION }))
}

export function emptyHead(identity: WalIdentity): WalHead {
  return { seq: 0, digest: seedDigest(identity) }
}

export function recordDigest(record: Json): string {
  return sha256Hex(canonicalJson(record))
}

/** As recordDigest, for bytes that are canonical already. */
export function canonicalRecordDigest(canonical: string): string {
  return sha256Hex(canonical)
}

/** What a group says besides its records. */
export type GroupHeader = Pick<WireGroup, 'v' | 'seq' | 'at' | 'by'>

export function groupDigest(previous: string, header: GroupHeader, recordDigests: readonly string[]): string {
  const { v, seq, at, by } = header
  return sha256Hex(canonicalJson({ v, previous, seq, at, by: { ...by }, records: recordDigests }))
}

/** Where a log stops being what it claims: the seq of the first group that does not fit. */
export type WalFault = {
  readonly reason: 'gap' | 'digest'
  readonly seq: number
}

/** Verifies a run of groups that follows `head`. Returns the head after them. */
export function verifyGroups(head: WalHead, groups: readonly WireGroup[]): Result<WalHead, WalFault> {
  let { seq, digest } = head
  for (const group of groups) {
    if (group.records.length === 0 || group.seq !== seq + group.records.length) {
      return err({ reason: 'gap', seq: group.seq })
    }
    if (groupDigest(digest, group, group.records.map(recordDigest)) !== group.digest)
      return err({ reason: 'digest', seq: group.seq })
    seq = group.seq
    digest = group.digest
  }
  return ok({ seq, digest })
}

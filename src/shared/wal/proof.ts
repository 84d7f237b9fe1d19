// The proof that one record stands in a log, for somebody who knows the log's head and nothing else of it: the leaf that
// holds the record, its group's header, and the links from the head down to that group.

import { assertDefined } from '../lib/assert.ts'
import { canonicalJson, type Json } from '../lib/canonical-json.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { sha256Hex } from '../lib/sha256.ts'
import {
  contentDigest,
  type GroupHeader,
  LEAF_RECORDS,
  linkDigest,
  skipOf,
  type WalHead,
  type WalIdentity,
} from './group.ts'

/** What the digest of one group is made of. */
export type Link = {
  /** Of the group. */
  readonly number: number
  readonly content: string
  readonly previous: string
  readonly skip: string
}

export type RecordProof = WalIdentity & {
  readonly head: WalHead
  /** From the head's group down to the record's. */
  readonly links: readonly Link[]
  readonly group: GroupHeader & { readonly count: number; readonly leaves: readonly string[] }
  /** Which of the leaves holds the record, and what is in it. */
  readonly leaf: number
  readonly records: readonly Json[]
}

/** The groups on the way from the last group of a log down to group `to`: by skip where that does not pass it. */
export function pathOf(last: number, to: number): readonly number[] {
  const path = [last]
  for (let number = last; number > to; ) {
    number = skipOf(number) >= to ? skipOf(number) : number - 1
    path.push(number)
  }
  return path
}

export type ProofFault = 'head' | 'link' | 'group' | 'leaf' | 'seq'

/** The record at `seq` in the log that ends in `head`. */
export function verifyProof(proof: RecordProof, head: WalHead, seq: number): Result<Json, ProofFault> {
  if (proof.head.seq !== head.seq || proof.head.digest !== head.digest) return err('head')
  const last = proof.links.at(-1)
  if (last === undefined || !areLinked(proof.links, head.digest)) return err('link')
  const { group, leaf, records } = proof
  if (contentDigest(group, group.count, group.leaves) !== last.content) return err('group')
  if (sha256Hex(canonicalJson(records)) !== group.leaves[leaf]) return err('leaf')
  const index = seq - (group.seq - group.count + 1) - leaf * LEAF_RECORDS
  const record = index >= 0 && index < LEAF_RECORDS ? records[index] : undefined
  return record === undefined ? err('seq') : ok(record)
}

function areLinked(links: readonly Link[], digest: string): boolean {
  let expected = digest
  for (const [index, link] of links.entries()) {
    if (linkDigest(link) !== expected) return false
    const next = links[index + 1]
    if (next === undefined) return true
    if (next.number === link.number - 1) expected = link.previous
    else if (next.number === skipOf(link.number)) expected = link.skip
    else return false
  }
  return false
}

/** Which leaf of its group holds the record at `seq`. */
export function leafOf(seq: number, group: { readonly seq: number; readonly count: number }): number {
  return Math.floor((seq - (group.seq - group.count + 1)) / LEAF_RECORDS)
}

/** Digests by number, as far as a proof needs them. */
export function linkOf(number: number, content: string, digests: ReadonlyMap<number, string>): Link {
  const of = (group: number) => assertDefined(digests.get(group), `the digest of group ${group}`)
  return { number, content, previous: of(number - 1), skip: of(skipOf(number)) }
}

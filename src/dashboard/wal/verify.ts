// Recomputes the digests of a log, with nothing of the server but the log itself. The rule (shared/wal/SPEC.md):
//
//   leaf    = SHA-256 of each run of 16 records              content = SHA-256 of { at, by, count, leaves, seq, v }
//   digest  = SHA-256 of { content, previous, skip }         of group 0: SHA-256 of { class, object, v }
//   previous: digest of the group before                     skip: of the group whose number lacks the lowest bit

import type { Json } from '../../shared/lib/canonical-json.ts'
import type { Result } from '../../shared/lib/result.ts'
import type { Wal } from '../api/wire.ts'
import { canonicalJson } from './canonical-json.ts'

/** Of the framing above. */
const WAL_VERSION = 1
const LEAF_RECORDS = 16

export type Verified = { readonly records: number; readonly head: string }

export type Misfit = {
  readonly reason: /** The log of another object. */
    | 'object'
    /** Records are missing or doubled before this one. */
    | 'gap'
    /** What is written is not what was digested. */
    | 'digest'
    /** The log does not end where it says. */
    | 'head'
    /** The page was shown another record over its live connection. */
    | 'shown'
  readonly seq: number
}

/** A record as the page got it live. */
export type ShownRecord = { readonly seq: number; readonly record: unknown }

export async function verifyWal(
  wal: Wal,
  object: string,
  shown: readonly ShownRecord[],
): Promise<Result<Verified, Misfit>> {
  if (wal.object !== object) return misfit('object', 0)
  const seen = new Map(shown.map(({ seq, record }) => [seq, record]))
  let seq = 0
  const digests = [await hash({ class: wal.class, object: wal.object, v: WAL_VERSION })]
  for (const group of wal.groups) {
    if (group.records.length === 0 || group.seq !== seq + group.records.length) return misfit('gap', seq + 1)
    if ((await nextDigest(digests, group)) !== group.digest) return misfit('digest', group.seq)
    digests.push(group.digest)
    for (const record of group.records) {
      seq += 1
      if (seen.has(seq) && !isSame(seen.get(seq), record)) return misfit('shown', seq)
    }
  }
  if (seq !== wal.head.seq || digests.at(-1) !== wal.head.digest) return misfit('head', wal.head.seq)
  return { ok: true, value: { records: seq, head: wal.head.digest } }
}

/** `digests`: of all groups before it, by number. */
async function nextDigest(digests: readonly string[], group: Wal['groups'][number]): Promise<string> {
  const { v, seq, at, by, records } = group
  const leaves: string[] = []
  for (let first = 0; first < records.length; first += LEAF_RECORDS) {
    leaves.push(await hash(records.slice(first, first + LEAF_RECORDS)))
  }
  const content = await hash({ v, seq, at, by: { ...by }, count: records.length, leaves })
  const number = digests.length
  const [previous, skip] = [digests[number - 1] ?? '', digests[number - (number & -number)] ?? '']
  return hash({ content, previous, skip })
}

function isSame(shown: unknown, record: Json): boolean {
  const json: Json = JSON.parse(JSON.stringify(shown))
  return canonicalJson(json) === canonicalJson(record)
}

async function hash(value: Json): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson(value)))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function misfit(reason: Misfit['reason'], seq: number): Result<never, Misfit> {
  return { ok: false, error: { reason, seq } }
}

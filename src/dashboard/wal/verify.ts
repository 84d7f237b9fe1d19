// Recomputes the digest chain of a log, with nothing of the server but the log itself. The rule (shared/wal/group.ts):
//
//   digest(group) = SHA-256(canonical JSON of { v, previous, seq, at, by, records: [SHA-256 of each record] })
//   previous      = the digest of the group before; of the first group, SHA-256 of { class, object, v }

import type { Json } from '../../shared/lib/canonical-json.ts'
import type { Result } from '../../shared/lib/result.ts'
import type { Wal } from '../api/wire.ts'
import { canonicalJson } from './canonical-json.ts'

/** Of the framing above. */
const WAL_VERSION = 1

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
  let digest = await sha256(canonicalJson({ class: wal.class, object: wal.object, v: WAL_VERSION }))
  for (const group of wal.groups) {
    if (group.records.length === 0 || group.seq !== seq + group.records.length) return misfit('gap', seq + 1)
    const records = await Promise.all(group.records.map((record) => sha256(canonicalJson(record))))
    const header = {
      v: group.v,
      previous: digest,
      seq: group.seq,
      at: group.at,
      by: { ...group.by },
      records,
    }
    digest = await sha256(canonicalJson(header))
    if (digest !== group.digest) return misfit('digest', group.seq)
    for (const record of group.records) {
      seq += 1
      if (seen.has(seq) && !isSame(seen.get(seq), record)) return misfit('shown', seq)
    }
  }
  if (seq !== wal.head.seq || digest !== wal.head.digest) return misfit('head', wal.head.seq)
  return { ok: true, value: { records: seq, head: digest } }
}

function isSame(shown: unknown, record: Json): boolean {
  const json: Json = JSON.parse(JSON.stringify(shown))
  return canonicalJson(json) === canonicalJson(record)
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function misfit(reason: Misfit['reason'], seq: number): Result<never, Misfit> {
  return { ok: false, error: { reason, seq } }
}

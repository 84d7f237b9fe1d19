// A part: a run of groups of one log with the position that it begins at, so that it can be checked without the rest.
// As text it is a line for the header and one for each group, in canonical JSON.

import { canonicalJson } from '../lib/canonical-json.ts'
import { err, type Result } from '../lib/result.ts'
import {
  isTrail,
  seedDigest,
  verifyGroups,
  type WalFault,
  type WalIdentity,
  type WalPosition,
  type WireGroup,
} from '../wal/group.ts'

export const PART_VERSION = 1

export type PartHeader = WalIdentity & {
  /** Which life of the object wrote it. */
  readonly incarnation: number
  /** Whose log it is; null: of nobody alone, such as a chain's. */
  readonly tenant: string | null
  /** Before the first group. */
  readonly start: WalPosition
}

export type LogPart = PartHeader & { readonly groups: readonly WireGroup[] }

/** Of the text of a part that has these groups. */
export function partText(header: PartHeader, groups: readonly string[]): string {
  const { class: name, object, incarnation, tenant, start } = header
  const { seq, trail } = start
  const first = canonicalJson({
    class: name,
    incarnation,
    object,
    start: { seq, trail: trail.map((mark) => ({ ...mark })) },
    tenant,
    v: PART_VERSION,
  })
  return [first, ...groups].join('\n')
}

export function groupText(group: WireGroup): string {
  return canonicalJson({ ...group, by: { ...group.by } })
}

/** Checks every group against the position that the part says it begins at, and that position against the log's seed. */
export function verifyPart(part: LogPart): Result<WalPosition, WalFault> {
  const { start, groups } = part
  const seed = start.trail.at(-1)
  const isOfThisLog = isTrail(start.trail) && seed?.digest === seedDigest(part)
  // At seq 0 there is nothing before: the trail is the seed and no more.
  const isStart = start.seq > 0 || start.trail.length === 1
  if (!isOfThisLog || !isStart) return err({ reason: 'digest', seq: start.seq })
  return verifyGroups(start, groups)
}

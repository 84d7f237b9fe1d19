// One log out of its parts: they overlap where a delivery came twice, and contradict each other where an object was set
// back to an old copy and went on from there. What follows by its digests is taken, whoever wrote it.

import { verifyGroups, type WalPosition, type WireGroup } from '../wal/group.ts'
import type { LogPart } from './log-part.ts'

export type Joined = { readonly groups: readonly WireGroup[]; readonly end: WalPosition }

/** Goes on from `position` as far as the parts lead. */
export function joinParts(position: WalPosition, parts: readonly LogPart[]): Joined {
  const groups: WireGroup[] = []
  let end = position
  for (let next = following(end, parts); next !== null; next = following(end, parts)) {
    groups.push(...next.groups)
    end = next.end
  }
  return { groups, end }
}

/** Of several that follow the one that leads farthest. */
function following(position: WalPosition, parts: readonly LogPart[]): Joined | null {
  let best: Joined | null = null
  for (const part of parts) {
    const groups = part.groups.filter(({ seq }) => seq > position.seq)
    if (groups.length === 0 || part.start.seq > position.seq) continue
    const verified = verifyGroups(position, groups)
    if (verified.ok && verified.value.seq > (best?.end.seq ?? position.seq)) {
      best = { groups, end: verified.value }
    }
  }
  return best
}

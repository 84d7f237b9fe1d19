// Parts of logs for tests of the archive, made from logs that were hashed without the code that checks them.

import fc from 'fast-check'
import { groupText, type LogPart, partText } from '../../src/shared/archive/log-part.ts'
import { assert } from '../../src/shared/lib/assert.ts'
import { type VerifiedPart, verifiedPart } from '../../src/shared/schema/pack.ts'
import { emptyPosition, verifyGroups, type WalIdentity, type WireGroup } from '../../src/shared/wal/group.ts'
import { groupsOf, turn } from './wal-groups.ts'

export type TestLog = { readonly identity: WalIdentity; readonly groups: readonly WireGroup[] }

export const testLog: fc.Arbitrary<TestLog> = fc
  .record({
    object: fc.string({ minLength: 1, maxLength: 12 }),
    turns: fc.array(turn, { minLength: 1, maxLength: 6 }),
  })
  .map(({ object, turns }) => {
    const identity = { class: 'TestObject', object }
    return { identity, groups: groupsOf(identity, turns) }
  })

/** The groups of a log from `from` to before `to`, by their place in it. */
export function partOf({ identity, groups }: TestLog, from = 0, to = groups.length): LogPart {
  const before = verifyGroups(emptyPosition(identity), groups.slice(0, from))
  assert(before.ok, 'the log verifies')
  return { ...identity, incarnation: 1, tenant: 'test', start: before.value, groups: groups.slice(from, to) }
}

export function textOf(part: LogPart): string {
  return partText(part, part.groups.map(groupText))
}

export function verifiedOf(part: LogPart): VerifiedPart {
  const verified = verifiedPart(textOf(part))
  assert(verified !== null, 'the part verifies')
  return verified
}

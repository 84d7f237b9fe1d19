// Guarantee (A7): a log is put together from parts that overlap, come in any order or contradict each other, by digests
// alone.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinParts } from '../../../src/shared/archive/join-parts.ts'
import { unixMs } from '../../../src/shared/lib/time.ts'
import { emptyPosition } from '../../../src/shared/wal/group.ts'
import { partOf, testLog } from '../../support/archive-parts.ts'
import { holds } from '../../support/property.ts'
import { groupsOf } from '../../support/wal-groups.ts'

test('parts that overlap, in any order, give the log', () => {
  const cuts = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 6 })
  holds(
    fc.property(testLog, cuts, (log, pairs) => {
      const { length } = log.groups
      const all = pairs.map(([from, size]) =>
        partOf(log, from % length, (from % length) + 1 + (size % length)),
      )
      const parts = [...all, ...log.groups.map((_, at) => partOf(log, at, at + 1))]
      expect(joinParts(emptyPosition(log.identity), parts.toReversed()).groups).toEqual(log.groups)
    }),
  )
})

test('a hole ends what is joined', () => {
  holds(
    fc.property(testLog, fc.nat(), (log, pick) => {
      const hole = pick % log.groups.length
      const parts = log.groups.flatMap((_, at) => (at === hole ? [] : [partOf(log, at, at + 1)]))
      expect(joinParts(emptyPosition(log.identity), parts).groups).toEqual(log.groups.slice(0, hole))
    }),
  )
})

test('of two histories the one that follows from what is known is taken', () => {
  const identity = { class: 'TestObject', object: 'set back' }
  const turn = (record: string) => ({ at: unixMs(1), by: { source: 'queue' } as const, records: [record] })
  const kept = { identity, groups: groupsOf(identity, [turn('a'), turn('b'), turn('c')]) }
  const other = { identity, groups: groupsOf(identity, [turn('a'), turn('x'), turn('y'), turn('z')]) }
  const after = partOf(kept, 2).start
  expect(joinParts(after, [partOf(other, 1), partOf(kept, 1)]).groups).toEqual(kept.groups.slice(2))
})

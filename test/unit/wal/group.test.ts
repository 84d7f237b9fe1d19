// Guarantee: whoever has a log can prove that it is whole and unchanged, with nothing but SHA-256 and RFC 8785; and where
// it is not, the check names the place.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../../src/shared/lib/canonical-json.ts'
import { wireGroup } from '../../../src/shared/schema/wal-document.ts'
import {
  advance,
  emptyHead,
  emptyPosition,
  headOf,
  isTrail,
  verifyGroups,
  type WalFault,
  type WalHead,
  type WireGroup,
} from '../../../src/shared/wal/group.ts'
import { START } from '../../support/domain-values.ts'
import { holds } from '../../support/property.ts'
import { groupsOf, IDENTITY, type Turn, turn } from '../../support/wal-groups.ts'

const log = (minLength: number) => fc.array(turn, { minLength, maxLength: 6 })

describe('a log that nobody touched', () => {
  test('is whole, and its head is the digest that an independent computation gives', () => {
    holds(
      fc.property(log(0), (turns) => {
        const groups = groupsOf(IDENTITY, turns)
        const last = groups.at(-1)
        const head = last === undefined ? emptyHead(IDENTITY) : { seq: last.seq, digest: last.digest }
        expect(headAfter(groups)).toEqual(head)
      }),
    )
  })

  test('is whole in parts: a check can go on from any group', () => {
    holds(
      fc.property(log(2), fc.nat(), (turns, cut) => {
        const groups = groupsOf(IDENTITY, turns)
        const middle = 1 + (cut % (groups.length - 1))
        const first = verifyGroups(emptyPosition(IDENTITY), groups.slice(0, middle))
        const second = first.ok ? verifyGroups(first.value, groups.slice(middle)) : first
        expect(second).toEqual(verifyGroups(emptyPosition(IDENTITY), groups))
      }),
    )
  })
})

test('a position has the trail of its number, and no other: a mark too few, too many or of another number', () => {
  let position = emptyPosition(IDENTITY)
  for (let number = 1; number <= 70; number++) {
    position = advance(position, number, 'content')
    const { trail } = position
    expect(isTrail(trail)).toBe(true)
    // The first says of which number it is a trail.
    for (const [before, mark] of trail.slice(1).entries()) {
      const index = before + 1
      const other = { ...mark, number: mark.number + 1 }
      const changed = [trail.toSpliced(index, 1), trail.toSpliced(index, 0, mark), trail.with(index, other)]
      expect(changed.map(isTrail), `mark ${mark.number} of ${number}`).toEqual([false, false, false])
    }
  }
})

describe('damage', () => {
  test('every changed byte of a stored group is found, at that group', () => {
    const damage = fc.tuple(log(1), fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }))
    holds(
      fc.property(damage, ([turns, which, where, flip]) => {
        const groups = groupsOf(IDENTITY, turns)
        const index = which % groups.length
        const bytes = Buffer.from(JSON.stringify(groups[index]))
        const place = where % bytes.length
        bytes.writeUInt8(bytes.readUInt8(place) ^ flip, place)
        const changed = parsed(bytes)
        // No group at all any more, or the same one in another notation, such as 1e5 for 100000.
        if (changed === null || canonicalJson(changed) === canonicalJson(groups[index])) return
        expect(faultOf(groups.with(index, changed))?.seq).toBe(changed.seq)
      }),
      1_000,
    )
  })

  test('a missing group is found at the one behind it, the last one by the head', () => {
    holds(
      fc.property(log(1), fc.nat(), (turns, which) => {
        const groups = groupsOf(IDENTITY, turns)
        const index = which % groups.length
        const left = groups.toSpliced(index, 1)
        const behind = groups[index + 1]
        if (behind !== undefined) expect(faultOf(left)).toEqual({ reason: 'gap', seq: behind.seq })
        else expect(headAfter(left)).not.toEqual(headAfter(groups))
      }),
    )
  })

  test('a group that stands twice is found at its second place', () => {
    holds(
      fc.property(log(1), fc.nat(), (turns, which) => {
        const groups = groupsOf(IDENTITY, turns)
        const index = which % groups.length
        const twice = groups.flatMap((group, place) => (place === index ? [group, group] : [group]))
        expect(faultOf(twice)).toEqual({ reason: 'gap', seq: groups[index]?.seq })
      }),
    )
  })

  test('two groups that changed places are found at the first of them', () => {
    holds(
      fc.property(log(2), fc.nat(), (turns, which) => {
        const groups = groupsOf(IDENTITY, turns)
        const index = which % (groups.length - 1)
        const [one, other] = groups.slice(index, index + 2)
        if (one === undefined || other === undefined) throw new Error('two groups')
        expect(faultOf(groups.with(index, other).with(index + 1, one))).toEqual({
          reason: 'gap',
          seq: other.seq,
        })
      }),
    )
  })

  test('a group of another log is found, also where it fits by its seq and says the same', () => {
    holds(
      fc.property(log(1), fc.nat(), (turns, which) => {
        const groups = groupsOf(IDENTITY, turns)
        const foreign = groupsOf({ ...IDENTITY, object: 'other' }, turns)
        const index = which % groups.length
        const group = foreign[index]
        if (group === undefined) throw new Error('a group')
        expect(faultOf(groups.with(index, group))).toEqual({ reason: 'digest', seq: group.seq })
      }),
    )
  })

  test('a whole log of another object or class is no log of this one', () => {
    const groups = groupsOf(IDENTITY, [oneRecord({ kind: 'made' })])
    for (const identity of [
      { ...IDENTITY, object: 'two' },
      { ...IDENTITY, class: 'OtherObject' },
    ]) {
      expect(verifyGroups(emptyPosition(identity), groups)).toEqual({
        ok: false,
        error: { reason: 'digest', seq: 1 },
      })
    }
  })

  test('records that moved from one group to the next are found', () => {
    const [together] = groupsOf(IDENTITY, [{ ...oneRecord(1), records: [1, 2] }])
    const apart = groupsOf(IDENTITY, [oneRecord(1), oneRecord(2)])
    if (together === undefined) throw new Error('a group')
    expect(faultOf([{ ...together, seq: 1, records: [1] }, ...apart.slice(1)])).toEqual({
      reason: 'digest',
      seq: 1,
    })
  })

  test('a group without records is no group', () => {
    const [group] = groupsOf(IDENTITY, [oneRecord(1)])
    if (group === undefined) throw new Error('a group')
    expect(faultOf([{ ...group, seq: 0, records: [] }])).toEqual({ reason: 'gap', seq: 0 })
  })
})

function faultOf(groups: readonly WireGroup[]): WalFault | null {
  const verified = verifyGroups(emptyPosition(IDENTITY), groups)
  return verified.ok ? null : verified.error
}

function headAfter(groups: readonly WireGroup[]): WalHead | null {
  const verified = verifyGroups(emptyPosition(IDENTITY), groups)
  return verified.ok ? headOf(verified.value) : null
}

function oneRecord(record: Turn['records'][number]): Turn {
  return { at: START, by: { source: 'queue' }, records: [record] }
}

/** What a client reads; null: it is not even of the form of a group. */
function parsed(bytes: Uint8Array): WireGroup | null {
  try {
    const checked = wireGroup.safeParse(JSON.parse(new TextDecoder().decode(bytes)))
    return checked.success ? checked.data : null
  } catch {
    return null
  }
}

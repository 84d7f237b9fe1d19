// Guarantee: what comes out of a pack is what went in, and no byte of a pack can be changed, cut off or added unnoticed.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FRAME_TEXT_BYTES } from '../../../src/shared/archive/pack-index.ts'
import { assert } from '../../../src/shared/lib/assert.ts'
import { unixMs } from '../../../src/shared/lib/time.ts'
import { parsePart } from '../../../src/shared/schema/log-part.ts'
import {
  decodePack,
  encodePack,
  FOOTER_BYTES,
  indexRange,
  isKeyOf,
  parseIndex,
  readPart,
  verifiedPart,
} from '../../../src/shared/schema/pack.ts'
import { partOf, testLog, textOf, verifiedOf } from '../../support/archive-parts.ts'
import { holds } from '../../support/property.ts'
import { groupsOf } from '../../support/wal-groups.ts'

const logs = fc.array(testLog, { minLength: 1, maxLength: 8 })
const AT = 1_790_000_000_000
/** A run makes a pack of several logs, which takes its time where all cores are busy. */
const RUNS = 20

/** Of the size that a few transfers have. */
const small = (() => {
  const log = (object: string) => {
    const identity = { class: 'TestObject', object }
    const turns = [1, 2, 3].map((n) => ({
      at: unixMs(AT + n),
      by: { source: 'queue' } as const,
      records: [{ kind: 'noted', n }],
    }))
    return { identity, groups: groupsOf(identity, turns) }
  }
  const parts = ['one', 'two', 'three'].map((object) => partOf(log(object)))
  return encodePack('transfer_tail', AT, parts.map(verifiedOf))
})()

describe('a pack', () => {
  test('gives back the parts of which it was made, in their order', () => {
    holds(
      fc.property(logs, (all) => {
        const parts = all.map((log) => partOf(log))
        const { bytes, key } = encodePack('sealed', AT, parts.map(verifiedOf))
        const decoded = decodePack(bytes)
        expect(decoded.ok && decoded.value.parts).toEqual(parts)
        expect(isKeyOf(key, bytes)).toBe(true)
      }),
      RUNS,
    )
  })

  test('lets one log be read by its frame alone, found by the index alone', () => {
    holds(
      fc.property(logs, fc.nat(), (all, pick) => {
        const parts = all.map((log) => partOf(log, Math.floor(log.groups.length / 2)))
        const { bytes } = encodePack('transfer_tail', AT, parts.map(verifiedOf))
        const range = indexRange(bytes.subarray(-FOOTER_BYTES))
        assert(range.ok, 'the footer is one')
        const index = parseIndex(bytes.subarray(-range.value.fromEnd))
        assert(index.ok, 'the index is one')
        const number = pick % parts.length
        const entry = index.value.parts[number]
        const frame = index.value.frames[entry?.frame ?? -1]
        assert(entry !== undefined && frame !== undefined, 'the index has the part')
        const read = readPart({ ...entry, frame }, bytes.slice(frame.offset, frame.offset + frame.length))
        expect(read).toEqual(parts[number])
      }),
      RUNS,
    )
  })

  test('has a frame for each run of parts of a bounded size', () => {
    const identity = { class: 'TestObject', object: 'long' }
    const text = 'x'.repeat(FRAME_TEXT_BYTES / 3)
    const log = {
      identity,
      groups: groupsOf(identity, [{ at: unixMs(AT), by: { source: 'queue' }, records: [text] }]),
    }
    const { index, bytes } = encodePack('sealed', AT, Array(7).fill(verifiedOf(partOf(log))))
    expect(index.frames).toHaveLength(4)
    expect(decodePack(bytes).ok).toBe(true)
  })

  test('tells of every byte that was changed', () => {
    const missed: number[] = []
    for (let at = 0; at < small.bytes.length; at++) {
      for (const bit of [0x01, 0x80]) {
        const changed = small.bytes.slice()
        changed[at] = (changed[at] ?? 0) ^ bit
        if (decodePack(changed).ok) missed.push(at)
      }
    }
    expect(missed).toEqual([])
  })

  test('tells of every byte that is missing, and of bytes that were added', () => {
    for (let length = 0; length < small.bytes.length; length++) {
      expect(decodePack(small.bytes.slice(0, length)).ok).toBe(false)
      expect(decodePack(small.bytes.slice(small.bytes.length - length)).ok).toBe(false)
    }
    expect(decodePack(new Uint8Array([...small.bytes, 0])).ok).toBe(false)
    expect(decodePack(new Uint8Array([0, ...small.bytes])).ok).toBe(false)
  })
})

describe('a part', () => {
  const log = fc.tuple(testLog, testLog)

  test('of another log is refused, also when its header is exchanged', () => {
    holds(
      fc.property(log, ([one, other]) => {
        fc.pre(one.identity.object !== other.identity.object)
        expect(verifiedPart(textOf({ ...partOf(one), ...other.identity }))).toBeNull()
        expect(
          verifiedPart(textOf({ ...partOf(one), groups: partOf(other).groups, start: partOf(one).start })),
        ).toBeNull()
      }),
    )
  })

  test('from the middle of a log is checked without what is before it', () => {
    holds(
      fc.property(testLog, fc.nat(), (one, pick) => {
        const part = partOf(one, pick % one.groups.length)
        expect(verifiedPart(textOf(part))?.part).toEqual(part)
      }),
    )
  })

  test('that begins elsewhere than it says is refused', () => {
    holds(
      fc.property(testLog, (one) => {
        fc.pre(one.groups.length > 2)
        const { start } = partOf(one, 1)
        expect(verifiedPart(textOf({ ...partOf(one, 2), start }))).toBeNull()
        expect(
          verifiedPart(textOf({ ...partOf(one, 1), start: { ...start, trail: start.trail.slice(0, 1) } })),
        ).toBeNull()
      }),
    )
  })

  test('that is no part is none', () => {
    for (const text of [
      '',
      '{}',
      'nonsense',
      '[]\n[]',
      textOf(partOf({ identity: { class: 'a', object: 'b' }, groups: [] })),
    ]) {
      expect(parsePart(text)).toBeNull()
    }
  })
})

// Guarantee: a block gives back what was packed into it, in both its forms; a damaged one is refused, and fills no memory.

import { brotliCompressSync, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  packSegment,
  type SegmentGroup,
  unpackSegment,
} from '../../../src/durable-objects/wal/segment-block.ts'
import { canonicalJson } from '../../../src/shared/lib/canonical-json.ts'
import { by as byCodec } from '../../../src/shared/schema/wal-document.ts'
import { leavesOf } from '../../../src/shared/wal/group.ts'
import { holds } from '../../support/property.ts'
import { turn } from '../../support/wal-groups.ts'

const BROTLI = 1
const DEFLATE = 2
/** Above what a short block may hold. */
const LONG_BYTES = 40_000

const group: fc.Arbitrary<SegmentGroup> = turn.map(({ at, by, records }) => ({
  v: 1,
  at,
  by,
  leaves: leavesOf(records.map(canonicalJson)),
}))
const groups = fc.array(group, { minLength: 1, maxLength: 20 })
const long: SegmentGroup = {
  v: 1,
  at: 1,
  by: { source: 'queue' },
  leaves: [canonicalJson(['long '.repeat(LONG_BYTES / 5)])],
}
const quality = fc.integer({ min: 0, max: 11 })

const unpack = (block: Uint8Array) => unpackSegment(block, (json) => byCodec.parse(json))

test('a short run comes out as it went in, whichever form presses it better', () => {
  const forms = new Set<number | undefined>()
  holds(
    fc.property(groups, quality, (given, hardness) => {
      const block = packSegment(given, hardness)
      forms.add(block[0])
      expect(unpack(block)).toEqual(given)
    }),
    60,
  )
  expect(forms).toContain(DEFLATE)
})

test('a long run comes out as it went in', () => {
  holds(
    fc.property(groups, fc.integer({ min: 0, max: 6 }), (given, hardness) => {
      const block = packSegment([...given, long], hardness)
      expect(block[0]).toBe(BROTLI)
      expect(unpack(block)).toEqual([...given, long])
    }),
    30,
  )
})

describe('a damaged block', () => {
  const short = packSegment(
    [1, 2, 3].map((at) => ({
      v: 1,
      at,
      by: { source: 'signer', view: at },
      leaves: leavesOf(['1', '"two"']),
    })),
    4,
  )
  const large = packSegment([long], 4)

  test.each([
    ['short', short],
    ['long', large],
  ])('is refused or gives groups, and nothing else, with any bit changed: %s', (_, block) => {
    for (let bit = 0; bit < 8 * block.length; bit++) {
      const changed = Uint8Array.from(block)
      const place = Math.floor(bit / 8)
      changed[place] = (changed[place] ?? 0) ^ (1 << (bit % 8))
      expectRefusedOrGroups(changed)
    }
  })

  test('is refused wherever it is cut off', () => {
    for (let length = 0; length < short.length; length++) expectRefusedOrGroups(short.subarray(0, length))
  })

  test.each([
    ['of no bytes', new Uint8Array()],
    ['of a form that there is not', Uint8Array.of(0, 1, 2)],
    ['of a later form', Uint8Array.of(9, 1, 2)],
    ['of text that is no head line', Uint8Array.of(BROTLI, ...brotliCompressSync('{"no":"line"}'))],
    ['of text that is no UTF-8', Uint8Array.of(BROTLI, ...brotliCompressSync(Uint8Array.of(0xff, 0xfe)))],
  ])('is refused: one %s', (_, block) => {
    expect(() => unpack(block)).toThrow(Error)
  })

  test('fills no memory: text above the limit is refused before it is there', () => {
    const bomb = new Uint8Array(20 * 1_048_576)
    expect(() => unpack(Uint8Array.of(BROTLI, ...brotliCompressSync(bomb)))).toThrow('larger than')
    expect(() => unpack(Uint8Array.of(DEFLATE, ...deflateRawSync(bomb)))).toThrow('larger than')
  })
})

/** Its digest is looked at before: what counts here is that it ends, in one of two ways. */
function expectRefusedOrGroups(block: Uint8Array): void {
  let unpacked: readonly SegmentGroup[] = []
  try {
    unpacked = unpack(block)
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
  }
  for (const { leaves } of unpacked) expect(leaves.every((leaf) => typeof leaf === 'string')).toBe(true)
}

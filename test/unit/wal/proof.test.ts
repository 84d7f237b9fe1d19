// Guarantee: every record of a log is proved to somebody who knows the head and nothing else, by few links, whether it is
// sealed or not; nothing else passes for it; and making a proof unpacks only what the way to the record passes.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Wal } from '../../../src/durable-objects/wal/wal.ts'
import { assertDefined } from '../../../src/shared/lib/assert.ts'
import { canonicalJson, type Json } from '../../../src/shared/lib/canonical-json.ts'
import { skipOf } from '../../../src/shared/wal/group.ts'
import { pathOf, type RecordProof, verifyProof } from '../../../src/shared/wal/proof.ts'
import { START } from '../../support/domain-values.ts'
import { nodeStorage } from '../../support/node-storage.ts'
import { holds } from '../../support/property.ts'
import { counting } from '../../support/reads.ts'
import { jsonCodec, SMALL_IDENTITY } from '../../support/small-log.ts'

const TURN = { at: START, by: { source: 'api', key: 'key_1', role: 'operator' } } as const
/** Of Brotli. */
const QUALITY = 1
/** Milliseconds. */
const TIMEOUT_MS = 60_000

/** Records of each group, and of which groups the end is sealed. */
type Shape = { readonly sizes: readonly number[]; readonly seals: readonly number[] }

const shape: fc.Arbitrary<Shape> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 }),
  seals: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 6 }),
})

/** At most this many groups on the way from group `last` to another: a bit is cleared at a time, and set ones below it. */
function mostLinks(last: number): number {
  const bits = last.toString(2).length
  return 1 + (bits * (bits + 1)) / 2
}

test(
  'the way from any group to any other is short, and each step is one that the group names',
  () => {
    const LAST = 1_024
    for (let last = 1; last <= LAST; last += last < 300 ? 1 : 31) {
      for (let to = 1; to <= last; to++) {
        const path = pathOf(last, to)
        expect([path[0], path.at(-1)]).toEqual([last, to])
        expect(path.length).toBeLessThanOrEqual(mostLinks(last))
        const isStep = (number: number, index: number) => {
          const next = path[index + 1]
          return next === undefined || next === number - 1 || next === skipOf(number)
        }
        if (!path.every(isStep)) expect.fail(`${last} to ${to}: ${path}`)
      }
    }
  },
  TIMEOUT_MS,
)

describe('every record of a log', () => {
  test(
    'is proved, from the tail and from segments, with nothing but the head',
    () => {
      let proofs = 0
      holds(
        fc.property(shape, fc.nat(), (given, offset) => {
          const { wal } = logOf(given)
          const { head } = wal
          // Of a long log some, of which every one is come to in some run.
          const step = Math.max(1, Math.floor(head.seq / 60))
          for (let seq = 1 + (offset % step); seq <= head.seq; seq += step) {
            const proof = proved(wal, seq)
            expect(proof.links.length).toBeLessThanOrEqual(mostLinks(given.sizes.length))
            expect(verifyProof(sent(proof), head, seq)).toEqual({ ok: true, value: recordAt(seq) })
            proofs += 1
          }
        }),
        12,
      )
      expect(proofs).toBeGreaterThan(12)
    },
    TIMEOUT_MS,
  )

  test('is proved in a log of which every record is asked for, in groups of one leaf and of several', () => {
    const { wal } = logOf({ sizes: [1, 40, 16, 17, 2, 32, 1, 33], seals: [3, 5] })
    for (let seq = 1; seq <= wal.head.seq; seq++) {
      expect(verifyProof(sent(proved(wal, seq)), wal.head, seq)).toEqual({ ok: true, value: recordAt(seq) })
    }
  })

  test('has the same proof before it is sealed and after', () => {
    const sizes = [3, 20, 1, 1, 40, 2]
    const [open, sealed] = [logOf({ sizes, seals: [] }).wal, logOf({ sizes, seals: [2, 6] }).wal]
    for (let seq = 1; seq <= open.head.seq; seq++) expect(sealed.prove(seq)).toEqual(open.prove(seq))
  })
})

describe('what is no record of the log', () => {
  test.each([0, -1, 1.5, 6.5, Number.NaN, 8, 1_000])('has no proof: seq %i of a log of 7', (seq) => {
    expect(logOf({ sizes: [4, 3], seals: [1] }).wal.prove(seq)).toBeNull()
    expect(logOf({ sizes: [4, 3], seals: [] }).wal.prove(seq)).toBeNull()
  })

  test('has no proof where a segment on the way to it is one of another log', () => {
    const shape = { sizes: [4, 3, 2], seals: [1, 2] }
    const [own, other] = [logOf(shape), logOf(shape, { ...SMALL_IDENTITY, object: 'two' })]
    const [foreign] = other.storage.sql.exec('SELECT * FROM segment ORDER BY last_seq LIMIT 1').toArray()
    const columns = Object.keys(assertDefined(foreign, 'a segment')).map(() => '?')
    own.storage.sql.exec(
      `INSERT OR REPLACE INTO segment VALUES (${columns.join(', ')})`,
      ...Object.values(assertDefined(foreign, 'a segment')),
    )
    expect(own.wal.prove(2)).toBeNull()
    expect(own.wal.prove(6)).not.toBeNull()
  })

  test('has no proof in a log that has no record', () => {
    expect(Wal.create(nodeStorage(), jsonCodec, SMALL_IDENTITY, 1).prove(1)).toBeNull()
  })

  test(
    'passes for none: with any field of a proof changed, another head or another seq',
    () => {
      const shapes = fc.tuple(shape, fc.nat())
      holds(
        fc.property(shapes, ([given, which]) => {
          const { wal } = logOf({ ...given, sizes: given.sizes.slice(0, 40) })
          const { head } = wal
          const seq = 1 + (which % head.seq)
          const proof = proved(wal, seq)
          const earlier = seq === 1 ? seq + 1 : seq - 1
          const other = verifyProof(proof, head, earlier)
          // The leaf proves its other records too: as themselves.
          if (other.ok) expect(other.value).toEqual(recordAt(earlier))
          for (const far of [seq + 16, seq - 16, 0]) expect(verifyProof(proof, head, far).ok).toBe(false)
          expect(verifyProof(proof, { ...head, digest: '0'.repeat(64) }, seq).ok).toBe(false)
          expect(verifyProof(proof, { ...head, seq: head.seq + 1 }, seq).ok).toBe(false)
          for (const { changed, path } of changesOf(proof)) {
            if (verifyProof(changed, head, seq).ok) expect.fail(`with another ${path}`)
          }
        }),
        12,
      )
    },
    TIMEOUT_MS,
  )

  test('passes for none: a link left out, doubled, or of another log', () => {
    const { wal } = logOf({ sizes: Array.from({ length: 30 }, () => 2), seals: [10] })
    const other = Wal.create(nodeStorage(), jsonCodec, { ...SMALL_IDENTITY, object: 'two' }, 1)
    for (let seq = 2; seq <= 60; seq += 2) other.append([recordAt(seq - 1), recordAt(seq)], TURN)
    const proof = proved(wal, 7)
    const foreign = proved(other, 7)
    for (const index of proof.links.keys()) {
      const link = assertDefined(proof.links[index], 'a link')
      const without = { ...proof, links: proof.links.toSpliced(index, 1) }
      const doubled = { ...proof, links: proof.links.toSpliced(index, 0, link) }
      const mixed = {
        ...proof,
        links: proof.links.with(index, assertDefined(foreign.links[index], 'a link')),
      }
      for (const changed of [without, doubled, mixed]) {
        expect(verifyProof(changed, wal.head, 7).ok, String(index)).toBe(false)
      }
    }
    expect(verifyProof(foreign, wal.head, 7)).toEqual({ ok: false, error: 'head' })
    expect(verifyProof({ ...proof, links: [] }, wal.head, 7)).toEqual({ ok: false, error: 'link' })
  })
})

test('only segments on the way to a record are unpacked', () => {
  const groups = 128
  const sizes = Array.from({ length: groups }, () => 1)
  const each = 4
  const { wal, storage, reads } = logOf({ sizes, seals: everyNth(each, groups) })
  expect(storage.sql.exec('SELECT COUNT(*) AS segments FROM segment').toArray()).toEqual([
    { segments: groups / each },
  ])
  for (let seq = 1; seq <= groups; seq++) {
    const onTheWay = new Set(pathOf(groups, seq).map((number) => Math.ceil(number / each)))
    reads.blocks = 0
    proved(wal, seq)
    // One more: the record's own segment is found by its seq, before the way to it is known.
    expect(reads.blocks).toBeLessThanOrEqual(onTheWay.size + 1)
  }
})

function logOf({ sizes, seals }: Shape, identity = SMALL_IDENTITY) {
  const { storage, reads } = counting(nodeStorage())
  const wal = Wal.create(storage, jsonCodec, identity, 1)
  let seq = 0
  for (const [index, size] of sizes.entries()) {
    wal.append(
      Array.from({ length: size }, () => recordAt(++seq)),
      TURN,
    )
    if (seals.includes(index + 1)) wal.seal(wal.head.seq, Number.MAX_SAFE_INTEGER, QUALITY)
  }
  return { wal, storage, reads }
}

function recordAt(seq: number): Json {
  return { kind: 'made', number: seq }
}

function everyNth(step: number, last: number): readonly number[] {
  return Array.from({ length: Math.floor(last / step) }, (_, index) => step * (index + 1))
}

function proved(wal: Wal<Json>, seq: number): RecordProof {
  return assertDefined(wal.prove(seq), `a proof of ${seq}`)
}

/** As it comes to a client. */
function sent(proof: RecordProof): RecordProof {
  return JSON.parse(canonicalJson(plain(proof)))
}

type Change = { readonly changed: RecordProof; readonly path: string }

/** One with each scalar in it changed that says something about the record. */
function* changesOf(proof: RecordProof): Generator<Change> {
  yield* linkChanges(proof)
  const { group, head } = proof
  for (const [index, leaf] of group.leaves.entries()) {
    const leaves = group.leaves.with(index, flipped(leaf))
    yield { changed: { ...proof, group: { ...group, leaves } }, path: `leaf ${index}` }
  }
  const groups: readonly [string, RecordProof['group']][] = [
    ['count', { ...group, count: group.count + 1 }],
    ['seq', { ...group, seq: group.seq + 1 }],
    ['at', { ...group, at: '2026-01-31T12:00:00.001Z' }],
    ['by', { ...group, by: { source: 'queue' } }],
    ['leaves', { ...group, leaves: [...group.leaves, flipped('0'.repeat(64))] }],
  ]
  for (const [path, changed] of groups) yield { changed: { ...proof, group: changed }, path }
  for (const [index, record] of proof.records.entries()) {
    const records = proof.records.with(index, { was: record })
    yield { changed: { ...proof, records }, path: `record ${index}` }
  }
  yield { changed: { ...proof, records: proof.records.slice(1) }, path: 'records' }
  yield { changed: { ...proof, leaf: proof.leaf + 1 }, path: 'leaf' }
  yield { changed: { ...proof, head: { ...head, digest: flipped(head.digest) } }, path: 'head' }
}

function* linkChanges(proof: RecordProof): Generator<Change> {
  for (const [index, link] of proof.links.entries()) {
    const changes: readonly [string, RecordProof['links'][number]][] = [
      ['content', { ...link, content: flipped(link.content) }],
      ['previous', { ...link, previous: flipped(link.previous) }],
      ['skip', { ...link, skip: flipped(link.skip) }],
    ]
    for (const [path, changed] of changes) {
      yield {
        changed: { ...proof, links: proof.links.with(index, changed) },
        path: `${path} of link ${index}`,
      }
    }
  }
}

function flipped(digest: string): string {
  return (digest.startsWith('0') ? '1' : '0') + digest.slice(1)
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value))
}

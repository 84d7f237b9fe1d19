// Guarantee: how a log is kept follows from what it shows: recovery stays within its budget, checkpoints cost less than the
// log itself, segments fit a row; and the log says why.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Journal } from '../../../src/durable-objects/wal/journal.ts'
import {
  type LogShape,
  PROFILE_NAMES,
  PROFILES,
  profileFor,
  RECOVERY_BUDGET_MS,
  SEGMENT_MOST_BYTES,
} from '../../../src/shared/wal/profile.ts'
import { START } from '../../support/domain-values.ts'
import { nodeStorage } from '../../support/node-storage.ts'
import { holds } from '../../support/property.ts'
import { jsonCodec, listFold, SMALL_IDENTITY } from '../../support/small-log.ts'

const TURN = { at: START, by: { source: 'queue' } } as const
const NEW: LogShape = { records: 0, recordBytes: 0, recoveryMsPerRecord: null, stateBytes: 0 }
const USUAL: LogShape = { records: 5_000, recordBytes: 300, recoveryMsPerRecord: null, stateBytes: 20_000 }

describe('what a deployment chose is taken as it is', () => {
  test.each(PROFILE_NAMES)('%s', (name) => {
    expect(profileFor(name, USUAL)).toEqual({ profile: PROFILES[name], why: `the deployment chose ${name}` })
  })

  test('one that is given whole', () => {
    const profile = { ...PROFILES.compact, checkpointRecords: 7 }
    expect(profileFor(profile, USUAL)).toEqual({ profile, why: 'given by whoever opened the log' })
  })
})

describe('auto', () => {
  test.each<[string, LogShape, number, number, string]>([
    ['a new log', NEW, 5_000, 65_536, 'ms to recover'],
    ['nothing measured yet', USUAL, 5_000, 600_000, 'ms to recover'],
    ['slow to recover', { ...USUAL, recoveryMsPerRecord: 0.5 }, 200, 600_000, 'ms to recover'],
    ['slower than any budget', { ...USUAL, recoveryMsPerRecord: 40, stateBytes: 0 }, 100, 600_000, 'ms to'],
    ['quick to recover', { ...USUAL, recoveryMsPerRecord: 0.000_1 }, 20_000, 600_000, 'ms to recover'],
    ['a large state', { ...USUAL, stateBytes: 3_000_000 }, 20_000, 600_000, 'the size of its state'],
    ['a huge state', { ...USUAL, stateBytes: 30_000_000 }, 200_000, 600_000, 'the size of its state'],
    ['large records', { ...USUAL, recordBytes: 50_000 }, 5_000, SEGMENT_MOST_BYTES, 'ms to recover'],
    ['small records', { ...USUAL, recordBytes: 10 }, 5_000, 65_536, 'ms to recover'],
  ])('%s', (_, shape, checkpointRecords, segmentBytes, bound) => {
    const { profile, why } = profileFor('auto', shape)
    expect(profile).toEqual({ ...PROFILES.latency, checkpointRecords, segmentBytes })
    expect(why).toContain(`a checkpoint each ${checkpointRecords} records, bounded by`)
    expect(why).toContain(bound)
    expect(why).toContain(`${shape.records} records of ${shape.recordBytes} bytes`)
  })

  test('keeps its bounds at every shape', () => {
    const positive = (max: number) => fc.double({ min: 0, max, noNaN: true })
    const shape = fc.record({
      records: fc.nat(),
      recordBytes: positive(1_048_576),
      recoveryMsPerRecord: fc.option(fc.double({ min: 1e-9, max: 1_000, noNaN: true })),
      stateBytes: fc.nat(200_000_000),
    })
    holds(
      fc.property(shape, (given) => {
        const { profile, why } = profileFor('auto', given)
        const { checkpointRecords, segmentBytes, quality } = profile
        for (const number of [checkpointRecords, segmentBytes, quality])
          expect(Number.isSafeInteger(number)).toBe(true)
        expect(checkpointRecords).toBeGreaterThanOrEqual(100)
        expect(segmentBytes).toBeGreaterThanOrEqual(65_536)
        expect(segmentBytes).toBeLessThanOrEqual(SEGMENT_MOST_BYTES)
        const written = checkpointRecords * Math.max(1, given.recordBytes)
        expect(
          2 * given.stateBytes,
          'a checkpoint is at most half of what lies between two',
        ).toBeLessThanOrEqual(written)
        const isBoundByState = why.endsWith('the size of its state')
        const ms = (checkpointRecords - 100) * (given.recoveryMsPerRecord ?? 0.02)
        if (!isBoundByState) expect(ms).toBeLessThanOrEqual(RECOVERY_BUDGET_MS)
      }),
      1_000,
    )
  })
})

test('a log chooses by its own records, state and last recovery, and tells all of it', () => {
  const storage = nodeStorage()
  let ms = 0
  const keeping = { profile: 'auto', now: () => ms } as const
  const journal = Journal.create(storage, jsonCodec, listFold, SMALL_IDENTITY, keeping)
  for (let number = 0; number < 200; number++) journal.commit(['x'.repeat(96)], TURN)
  journal.commit([1, 2, 3], TURN)
  expect(journal.report()).toMatchObject({
    records: 203,
    tail: { groups: 201, records: 203 },
    sealed: { segments: 0, bytes: 0, ratio: null },
    commits: { groups: 201, records: 203, largest: 3 },
    recovery: null,
    profile: { checkpointRecords: 5_000 },
  })
  // Its clock goes on by a millisecond for each record that is folded.
  const slow = {
    ...listFold,
    evolve: (...given: Parameters<typeof listFold.evolve>) => {
      ms += 1
      return listFold.evolve(...given)
    },
  }
  const again = Journal.open(storage, jsonCodec, slow, keeping)
  expect(again?.state.records).toHaveLength(203)
  expect(again?.report()).toMatchObject({
    recovery: { records: 203, ms: 203 },
    profile: { checkpointRecords: RECOVERY_BUDGET_MS },
    why: expect.stringContaining('1.0000 ms each to recover'),
  })
})

// Guarantee: not a bit of a stored log changes unnoticed. Every single bit of every value is changed, one at a time: the
// log opens all the same, and either the damage is named, at its place, or nothing that is read is another.

import { isDeepStrictEqual } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Repair } from '../../../src/durable-objects/wal/meta-row.ts'
import type { WalDamage } from '../../../src/shared/wal/damage.ts'
import { emptyPosition } from '../../../src/shared/wal/group.ts'
import { type Flip, flipsOf, unguarded, withFlip } from '../../support/bit-flips.ts'
import { type LogRow, placeOf, rowsOf } from '../../support/damage-places.ts'
import type { NodeStorage } from '../../support/node-storage.ts'
import { openSmall, SMALL_READERS, smallLog } from '../../support/small-log.ts'

/** Milliseconds: each of these is thousands of recoveries. */
const TIMEOUT_MS = 180_000
/** Of so many changes one: sealing is slow. A prime, so that it is another bit of every byte. */
const ASKED_EVERY = 29
/** More groups than the log has. */
const ALL = 1_000

const log = smallLog()
const storage = unguarded(log.storage)
const rows = rowsOf(storage)
const whole = seen(storage)

/** What a reader of the log gets. */
type Seen = {
  readonly damage: WalDamage | null
  /** Records that it folds to. */
  readonly state: readonly unknown[]
  readonly groups: string
  /** Of each reader. */
  readonly cursors: readonly number[]
  readonly repairs: readonly Repair[]
}

beforeAll(() => {
  expect(whole.damage).toBeNull()
  expect(whole.state.length).toBeGreaterThanOrEqual(40)
})

describe('every bit of every value', () => {
  test.each(['wal', 'segment', 'checkpoint', 'meta'])(
    '%s',
    (table) => {
      const counts = { cases: 0, named: 0, harmless: 0, refused: 0 }
      for (const flip of flipsOf(storage, table)) {
        counts.cases += 1
        const found = withFlip(storage, flip, () => seen(storage, table === 'checkpoint'))
        const wrong = found === null ? null : faultIn(flip, found.seen)
        if (wrong !== null) expect.fail(`${wrong}: ${textOf(flip)} ${JSON.stringify(found?.seen.damage)}`)
        if (found === null) counts.refused += 1
        else if (found.seen.damage === null) counts.harmless += 1
        else counts.named += 1
      }
      process.stdout.write(`bits of ${table}: ${JSON.stringify(counts)}\n`)
      expect(counts.cases).toBeGreaterThan(1_000)
    },
    TIMEOUT_MS,
  )
})

describe('a bit that changed after the log was recovered', () => {
  test.each(['wal', 'segment', 'checkpoint', 'meta'])(
    'of %s makes nothing throw, whatever is asked of the log and done to keep it',
    (table) => {
      for (const [index, flip] of [...flipsOf(storage, table)].entries()) {
        if (index % ASKED_EVERY !== 0) continue
        const journal = openSmall(storage)
        expect(journal.damage).toBeNull()
        withFlip(storage, flip, () => {
          expect(() => askEverything(journal), textOf(flip)).not.toThrow()
          if (table !== 'wal') return
          // All of the tail was to be sealed: there damage cannot be passed over, and what can be computed again is.
          if (journal.damage === null) expect(seen(storage), textOf(flip)).toEqual(whole)
          else expect(journal.damage.seq, textOf(flip)).toBe(expectedOf(flip)?.seq)
        })
        withFlip(storage, flip, () =>
          expect(() => askEverything(openSmall(storage)), textOf(flip)).not.toThrow(),
        )
      }
    },
    TIMEOUT_MS,
  )
})

/** Null: the damage is named as it must be, or there is none. */
function faultIn(flip: Flip, { damage, state, groups, cursors, repairs }: Seen): string | null {
  const expected = expectedOf(flip)
  if (expected !== null && damage === null) return 'not found'
  if (damage?.seq !== expected?.seq) return `not at ${expected?.seq}`
  if (expected?.reason !== undefined && damage?.reason !== expected.reason) return `not ${expected.reason}`
  if (damage === null && groups !== whole.groups) return 'other groups, and no damage'
  if (damage === null && state.length !== whole.state.length) return 'another state, and no damage'
  // To be told again what one has is the worst that may come to a reader.
  if (!cursors.every((seq, reader) => seq === 0 || seq === whole.cursors[reader])) return 'a reader was moved'
  if (flip.column.startsWith('cursors') && cursors.some((seq) => seq !== 0)) return 'a cursor was believed'
  if (repairs.length > 0 && !isDeepStrictEqual(repairs, whole.repairs)) return 'another repair'
  return state.every((record, index) => record === whole.state[index]) ? null : 'a state that never was'
}

type Expected = { readonly seq: number; readonly reason?: WalDamage['reason'] }

/** Null: nothing that is read may change. */
function expectedOf({ table, column, row, value }: Flip): Expected | null {
  if (table === 'checkpoint') return null
  if (table === 'meta') {
    // Without these a log is what it is, and its readers begin again.
    if (/^(cursors|repairs)/.test(column)) return null
    if (column.startsWith('head')) return { reason: 'head', seq: log.headSeq }
    return { reason: 'unreadable', seq: 0 }
  }
  const kind = table === 'wal' ? 'group' : 'segment'
  const original = rows.filter((candidate) => candidate.kind === kind)[row]
  const isKey = column === 'seq' || column === 'last_seq'
  const changed: readonly LogRow[] = rows.map((candidate) =>
    candidate === original ? { kind, last: isKey ? Number(value) : candidate.last } : candidate,
  )
  const seq = placeOf(rows, changed)
  return seq === null ? null : { seq }
}

/** `isBrief`: without what does not look at checkpoints at all. */
function seen(changed: NodeStorage, isBrief = false): Seen {
  const journal = openSmall(changed)
  const damage = isBrief ? journal.damage : journal.verify()
  const { state, wal } = journal
  const groups = isBrief ? whole.groups : damage === null ? JSON.stringify(wal.wireGroups(0, ALL)) : ''
  const cursors = SMALL_READERS.map((reader) => wal.cursor(reader))
  return { damage, state: state.records, groups, cursors, repairs: wal.repairs }
}

/** All that is read of a log, and all that is done to keep it. */
function askEverything(journal: ReturnType<typeof openSmall>): void {
  const { wal } = journal
  wal.wireGroups(0, ALL)
  wal.verifiedGroups(emptyPosition(wal.identity)).toArray()
  journal.history().toArray()
  for (const seq of [1, log.sealedSeq, log.sealedSeq + 1, log.headSeq]) {
    wal.prove(seq)
    wal.positionAt(seq)
    journal.holds({ seq, digest: null })
  }
  journal.report()
  journal.maintain()
  journal.seal()
}

function textOf({ value, ...cell }: Flip): string {
  return `${JSON.stringify(cell)} ${String(value)}`
}

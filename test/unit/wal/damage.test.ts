// Guarantee: not a bit of a stored log changes unnoticed. Every single bit of every value is changed, one at a time: the
// log opens all the same, and either the damage is named, at its place, or nothing that is read is another.

import { beforeAll, describe, expect, test } from 'vitest'
import type { WalDamage } from '../../../src/shared/wal/damage.ts'
import { type Flip, flipsOf, unguarded, withFlip } from '../../support/bit-flips.ts'
import { type LogRow, placeOf, rowsOf } from '../../support/damage-places.ts'
import type { NodeStorage } from '../../support/node-storage.ts'
import { openSmall, smallLog } from '../../support/small-log.ts'

/** Milliseconds: each of these is thousands of recoveries. */
const TIMEOUT_MS = 180_000
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
        if (wrong !== null) expect.fail(`${wrong}: ${JSON.stringify({ ...flip, ...found?.seen.damage })}`)
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

/** Null: the damage is named as it must be, or there is none. */
function faultIn(flip: Flip, { damage, state, groups }: Seen): string | null {
  const expected = expectedOf(flip)
  if (expected !== null && damage === null) return 'not found'
  if (damage?.seq !== expected?.seq) return `not at ${expected?.seq}`
  if (expected?.reason !== undefined && damage?.reason !== expected.reason) return `not ${expected.reason}`
  if (damage === null && groups !== whole.groups) return 'other groups, and no damage'
  if (damage === null && state.length !== whole.state.length) return 'another state, and no damage'
  return state.every((record, index) => record === whole.state[index]) ? null : 'a state that never was'
}

type Expected = { readonly seq: number; readonly reason?: WalDamage['reason'] }

/** Null: nothing that is read may change. */
function expectedOf({ table, column, row, value }: Flip): Expected | null {
  if (table === 'checkpoint' || HARMLESS.has(`${table}.${column}`)) return null
  if (table === 'meta') {
    if (column.startsWith('head')) return { reason: 'head', seq: log.headSeq }
    // Newer code has been here: what it has added this code does not look at.
    if (column === 'schema_version' && Number(value) > 0) return null
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

/** For reports only; and what falls back to a reader that is told again what it has. */
const HARMLESS: ReadonlySet<string> = new Set(['segment.text_bytes', 'meta.cursors', 'meta.repairs'])

/** `isBrief`: without what does not look at checkpoints at all. */
function seen(changed: NodeStorage, isBrief = false): Seen {
  const journal = openSmall(changed)
  if (isBrief) return { damage: journal.damage, state: journal.state.records, groups: whole.groups }
  const damage = journal.damage ?? journal.verify()
  return {
    damage,
    state: journal.state.records,
    groups: damage === null ? JSON.stringify(journal.wal.wireGroups(0, ALL)) : '',
  }
}

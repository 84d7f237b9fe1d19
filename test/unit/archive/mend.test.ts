// Guarantee (A8): an object mends its log from the archive when it can, and goes on as a fenced one when it cannot: nothing
// that the archive does, or does not answer, may keep it from looking again.

import { expect, test } from 'vitest'
import type { ArchivePort, MendOutcome } from '../../../src/durable-objects/archive/archive-port.ts'
import { LogKeeper } from '../../../src/durable-objects/archive/log-keeper.ts'
import { deliver } from '../../../src/durable-objects/archive/shipping.ts'
import { unixMs } from '../../../src/shared/lib/time.ts'
import { parsePart } from '../../../src/shared/schema/log-part.ts'
import { count, createCounting, openCounting } from '../../support/counting-journal.ts'
import { nodeStorage } from '../../support/node-storage.ts'

const NOW = unixMs(7)

function damagedLog(statements: string) {
  const storage = nodeStorage()
  const journal = createCounting(storage)
  count(journal, 6)
  const copy = deliver(journal.wal, null).delivery.parts.map(({ text }) => parsePart(text))
  storage.database.exec(`DROP TRIGGER wal_never_changes; DROP TRIGGER wal_never_loses; ${statements}`)
  const damaged = openCounting(storage)
  if (damaged === null) throw new Error('the log is there')
  return { damaged, state: journal.state, parts: copy.flatMap((part) => (part === null ? [] : [part])) }
}

function kept(journal: ReturnType<typeof damagedLog>['damaged'], parts: ArchivePort['parts']) {
  const outcomes: MendOutcome[] = []
  const announced: unknown[] = []
  const archive: ArchivePort = {
    announce: (identity) => announced.push(identity),
    parts,
    mended: (outcome) => outcomes.push(outcome),
  }
  const keeper = new LogKeeper({ archive, now: () => NOW }, () => journal)
  return { keeper, outcomes, announced }
}

const never = () => {
  throw new Error('a damaged log is not sealed')
}

test.each(['DELETE FROM wal WHERE seq = 7', 'DELETE FROM wal', `UPDATE meta SET head_digest = 'x'`])(
  'after %s the log is whole again, and says that it was mended',
  async (statements) => {
    const { damaged, state, parts } = damagedLog(statements)
    expect(damaged.damage).not.toBeNull()
    const { keeper, outcomes, announced } = kept(damaged, async () => parts)
    await keeper.keep()
    expect(damaged.damage).toBeNull()
    expect(damaged.state).toBe(state)
    expect(outcomes).toMatchObject([{ object: 'counter', repair: { at: NOW } }])
    expect(announced).toHaveLength(1)
    await keeper.keep()
    expect(outcomes).toHaveLength(1)
  },
)

test('an archive without the log, or with another one, changes nothing', async () => {
  const { damaged, parts } = damagedLog('DELETE FROM wal WHERE seq = 7')
  const before = damaged.damage
  const forged = parts.map((part) => ({ ...part, groups: part.groups.slice(0, 1) }))
  for (const copy of [[], forged]) {
    const { keeper, outcomes, announced } = kept(damaged, async () => copy)
    await keeper.keep(never)
    expect(outcomes).toMatchObject([{ refused: 'unproved' }])
    expect(damaged.damage).toEqual(before)
    expect(announced).toEqual([])
    expect(keeper.deliver()).toBeNull()
  }
})

test('an archive that does not answer is told of, and thrown at nobody', async () => {
  const { damaged } = damagedLog('DELETE FROM wal WHERE seq = 7')
  const { keeper, outcomes } = kept(damaged, () => Promise.reject(new Error('R2 is away')))
  await keeper.keep(never)
  expect(outcomes).toMatchObject([{ error: new Error('R2 is away') }])
})

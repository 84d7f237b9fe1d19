// Guarantee (A1 to A3): what an object hands over verifies and follows what it handed over before; cursors only grow; a
// damaged group never leaves.

import { expect, test } from 'vitest'
import { LogKeeper } from '../../../src/durable-objects/archive/log-keeper.ts'
import {
  acknowledge,
  archiveStanding,
  DELIVERY_MAX_CHARACTERS,
  deliver,
  hasNews,
} from '../../../src/durable-objects/archive/shipping.ts'
import { joinParts } from '../../../src/shared/archive/join-parts.ts'
import { unixMs } from '../../../src/shared/lib/time.ts'
import { verifiedPart } from '../../../src/shared/schema/pack.ts'
import { emptyPosition } from '../../../src/shared/wal/group.ts'
import {
  COUNTING,
  type CountingJournal,
  count,
  createCounting,
  openCounting,
} from '../../support/counting-journal.ts'
import { NO_ARCHIVE } from '../../support/no-archive.ts'
import { nodeStorage } from '../../support/node-storage.ts'

const ALL = 1_000

function received({ wal }: CountingJournal) {
  return deliver(wal, 'test').delivery.parts.map(({ isSealed, text }) => {
    const verified = verifiedPart(text)
    if (verified === null) throw new Error('a delivery verifies')
    return { ...verified, isSealed }
  })
}

/** As the consumer does: all is in the archive then. */
function archived(journal: CountingJournal) {
  const parts = received(journal)
  for (const { lastSeq, isSealed, part } of parts) {
    const { incarnation } = part
    acknowledge(journal.wal, {
      incarnation,
      tailSeq: isSealed ? null : lastSeq,
      sealedSeq: isSealed ? lastSeq : null,
    })
  }
  return parts
}

test('each delivery goes on where the last one that was acknowledged ended', () => {
  const journal = createCounting(nodeStorage())
  const parts = []
  for (let round = 0; round < 4; round++) {
    count(journal, 5)
    expect(received(journal)).toEqual(received(journal))
    parts.push(...archived(journal).map(({ part }) => part))
    expect(hasNews(journal.wal)).toBe(false)
    expect(received(journal)).toEqual([])
  }
  expect(parts).toHaveLength(4)
  expect(joinParts(emptyPosition(COUNTING), parts).groups).toEqual(journal.wal.wireGroups(0, ALL))
})

test('what is sealed is handed over once more, whole; then the log has nothing to tell', () => {
  const storage = nodeStorage()
  const journal = createCounting(storage)
  count(journal, 5)
  archived(journal)
  expect(archiveStanding(journal.wal)).toEqual({ isArchived: true, isSealed: false, isSealedArchived: true })
  journal.seal()
  expect(archiveStanding(journal.wal)).toEqual({ isArchived: true, isSealed: true, isSealedArchived: false })
  const again = openCounting(storage)
  if (again === null) throw new Error('the log is there')
  expect(again.damage).toBeNull()
  const [sealed, ...others] = archived(again)
  expect(others).toEqual([])
  expect(sealed).toMatchObject({ isSealed: true })
  expect(sealed?.part.groups).toEqual(journal.wal.wireGroups(0, ALL))
  expect(hasNews(again.wal)).toBe(false)
})

test('a log that grows after it was sealed hands over what is new, and seals again', () => {
  const journal = createCounting(nodeStorage())
  count(journal, 5)
  journal.seal()
  archived(journal)
  count(journal, 2)
  expect(archived(journal)).toMatchObject([{ isSealed: false, part: { groups: [{}, {}] } }])
  journal.seal()
  expect(archived(journal)).toMatchObject([{ isSealed: true, part: { groups: [{}, {}] } }])
})

test('a long log is handed over in several deliveries, each bounded', () => {
  const journal = createCounting(nodeStorage())
  const records = Array.from({ length: 200 }, (_, add) => ({ add }))
  for (let turn = 0; turn < 300; turn++)
    journal.commit(records, { at: unixMs(turn), by: { source: 'queue' } })
  const parts = []
  while (hasNews(journal.wal)) {
    const [part] = archived(journal)
    if (part === undefined) throw new Error('a delivery has a part')
    expect(part.bytes.length).toBeLessThan(DELIVERY_MAX_CHARACTERS + 10_000)
    parts.push(part.part)
  }
  expect(parts.length).toBeGreaterThan(2)
  expect(joinParts(emptyPosition(COUNTING), parts).end.seq).toBe(journal.wal.head.seq)
})

test('a delivery that goes on from the end of the last one is the one that the log alone would give', () => {
  const journal = createCounting(nodeStorage())
  count(journal, 5)
  const { tailEnd } = deliver(journal.wal, 'test')
  archived(journal)
  count(journal, 5)
  expect(tailEnd?.seq).toBe(9)
  expect(deliver(journal.wal, 'test', tailEnd)).toEqual(deliver(journal.wal, 'test'))
  journal.seal()
  count(journal, 1)
  expect(deliver(journal.wal, 'test', tailEnd)).toEqual(deliver(journal.wal, 'test'))
})

test('a damaged group never leaves, nor one behind it', () => {
  const storage = nodeStorage()
  count(createCounting(storage), 6)
  storage.database.exec(
    `DROP TRIGGER wal_never_changes; UPDATE wal SET leaves = '[{"add":99}]' WHERE seq = 7`,
  )
  const journal = openCounting(storage)
  if (journal === null) throw new Error('the log is there')
  const parts = received(journal)
  expect(parts.map(({ lastSeq }) => lastSeq)).toEqual([6])
})

test('a receipt of another life, of too much, or of less than before moves nothing wrongly', () => {
  const journal = createCounting(nodeStorage())
  count(journal, 6)
  const { seq } = journal.wal.head
  const keeper = new LogKeeper({ archive: NO_ARCHIVE, now: () => unixMs(0) }, () => journal)
  keeper.acknowledge({ incarnation: 2, tailSeq: seq, sealedSeq: null })
  expect(archiveStanding(journal.wal).isArchived).toBe(false)
  acknowledge(journal.wal, { incarnation: 1, tailSeq: seq + 100, sealedSeq: null })
  expect(archiveStanding(journal.wal).isArchived).toBe(true)
  acknowledge(journal.wal, { incarnation: 1, tailSeq: 1, sealedSeq: null })
  expect(archiveStanding(journal.wal).isArchived).toBe(true)
  count(journal, 1)
  expect(archiveStanding(journal.wal).isArchived).toBe(false)
})

test('a receipt of more than there is tells that the log is an old copy', () => {
  const journal = createCounting(nodeStorage())
  count(journal, 2)
  const keeper = new LogKeeper({ archive: NO_ARCHIVE, now: () => unixMs(0) }, () => journal)
  keeper.acknowledge({ incarnation: 1, tailSeq: 30, sealedSeq: null })
  expect(journal.damage).toEqual({ reason: 'old_copy', seq: 30 })
  expect(keeper.deliver()).toBeNull()
})

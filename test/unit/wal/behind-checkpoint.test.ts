// Guarantee (L5, L8, L9): damage that recovery passes over, because a checkpoint lies behind it, is a value when somebody
// comes to it; and a row that is there twice behind the end goes when a copy has the same end.

import { expect, test } from 'vitest'
import { unguarded } from '../../support/bit-flips.ts'
import { START } from '../../support/domain-values.ts'
import type { NodeStorage } from '../../support/node-storage.ts'
import { openSmall, smallLog } from '../../support/small-log.ts'

const ALL = 1_000

function changed(statement: string): { readonly storage: NodeStorage; readonly copy: NodeStorage } {
  const { storage } = smallLog()
  const copy = smallLog().storage
  const free = unguarded(storage)
  free.database.exec(statement)
  return { storage: free, copy }
}

test('a history ends before a group that is missing', () => {
  const { storage } = changed('DELETE FROM wal WHERE seq = (SELECT MIN(seq) FROM wal)')
  const journal = openSmall(storage)
  expect(journal.damage).toBeNull()
  expect([...journal.history()].at(-1)?.group.seq).toBe(journal.wal.sealed.seq)
})

test('what cannot be sealed as it was is a damage, and nothing is thrown', () => {
  const { storage } = changed('DELETE FROM wal WHERE seq = (SELECT MIN(seq) FROM wal)')
  const journal = openSmall(storage)
  expect(journal.damage).toBeNull()
  journal.seal()
  expect(journal.damage).toMatchObject({ reason: 'gap' })
})

test('a last group that is there twice is dropped, where a copy ends as the log itself says', () => {
  const { storage, copy } = changed(
    'INSERT INTO wal SELECT seq + 2, v, at, by, count, leaves, digest FROM wal ORDER BY seq DESC LIMIT 1',
  )
  const journal = openSmall(storage)
  expect(journal.damage).not.toBeNull()
  expect(journal.repair([], START).ok).toBe(false)
  expect(journal.repair(openSmall(copy).wal.wireGroups(0, ALL), START).ok).toBe(true)
  expect(journal.damage).toBeNull()
  expect(journal.verify()).toBeNull()
  expect(journal.state).toEqual(openSmall(copy).state)
})

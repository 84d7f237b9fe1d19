// Where a changed log must be found damaged, told from which rows stand where: without the code that finds it.

import { assertDefined } from '../../src/shared/lib/assert.ts'
import type { NodeStorage } from './node-storage.ts'

/** A row of the log: a segment, or a group of the tail. Told apart by being the same object. */
export type LogRow = {
  readonly kind: 'segment' | 'group'
  /** The seq that it says it ends at, and that it stands in order by. */
  readonly last: number
}

/** As they lie in it, oldest first. */
export function rowsOf({ database }: NodeStorage): readonly LogRow[] {
  const segments = database.prepare('SELECT last_seq AS last FROM segment ORDER BY last_seq').all()
  const groups = database.prepare('SELECT seq AS last FROM wal ORDER BY seq').all()
  return [
    ...segments.map(({ last }): LogRow => ({ kind: 'segment', last: Number(last) })),
    ...groups.map(({ last }): LogRow => ({ kind: 'group', last: Number(last) })),
  ]
}

/**
 * The seq that the first row that is not the one that stood there must be named with: a segment by where one must begin
 * there, a group by what it says, missing ends by the last group that is there. Null: every row is in its place.
 */
export function placeOf(original: readonly LogRow[], changed: readonly LogRow[]): number | null {
  const inOrder = (kind: LogRow['kind']) =>
    changed.filter((row) => row.kind === kind).sort((one, other) => one.last - other.last)
  // None ends before the first record: one that says so is never come to.
  const segments = inOrder('segment').filter(({ last }) => last > 0)
  const sealedTo = segments.at(-1)?.last ?? 0
  // The tail begins where the segments end: whatever else lies there is not read.
  const found = [...segments, ...inOrder('group').filter(({ last }) => last > sealedTo)]
  const length = Math.max(found.length, original.length)
  const index = Array.from({ length }, (_, at) => at).find((at) => found[at] !== original[at])
  if (index === undefined) return null
  const before = index === 0 ? 0 : assertDefined(original[index - 1], 'a row before it').last
  const row = found[index]
  if (row === undefined) return before
  return row.kind === 'segment' ? before + 1 : row.last
}

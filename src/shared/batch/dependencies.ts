// Who waits for whom: of two steps in conflict the later one for the earlier.

import { assertDefined } from '../lib/assert.ts'
import type { Touches } from './touches.ts'

export type Dependencies = {
  /** Of each step, by its place in the order: how many ways lead to it. One for each key that it has to wait for. */
  readonly waitsFor: Int32Array
  /** Of each step: the later ones that wait for it, once for each way. Empty ones are shared. */
  readonly followers: readonly (readonly number[])[]
}

const NONE: readonly number[] = []
const NOBODY = -1

/** Who touched a key last: a writer, and those that read since. */
type KeyUse = { writer: number; readers: number[] | null }

/**
 * `touches`: in the order in which the steps were admitted. Only neighbours on a key are joined: through them everybody
 * is, and the work grows with the touches, not with the pairs.
 */
export function dependencies(touches: readonly Touches[]): Dependencies {
  const waitsFor = new Int32Array(touches.length)
  const followers: (number[] | null)[] = new Array<null>(touches.length).fill(null)
  const uses = new Map<string, KeyUse>()
  const join = (earlier: number, later: number) => {
    if (earlier === NOBODY || earlier === later) return
    const list = followers[earlier]
    if (list === null || list === undefined) followers[earlier] = [later]
    else list.push(later)
    waitsFor[later] = (waitsFor[later] ?? 0) + 1
  }
  for (const [step, { reads, writes }] of touches.entries()) {
    for (const key of reads) {
      const use = uses.get(key)
      if (use === undefined) uses.set(key, { writer: NOBODY, readers: [step] })
      else {
        join(use.writer, step)
        if (use.readers === null) use.readers = [step]
        else use.readers.push(step)
      }
    }
    for (const key of writes) {
      const use = uses.get(key)
      if (use === undefined) uses.set(key, { writer: step, readers: null })
      else {
        // Readers waited for the writer before them, so to wait for them is enough.
        if (use.readers === null) join(use.writer, step)
        else for (const reader of use.readers) join(reader, step)
        use.writer = step
        use.readers = null
      }
    }
  }
  return { waitsFor, followers: followers.map((list) => list ?? NONE) }
}

/** Of each step: the length of the longest chain that begins with it. */
export function heights({ followers }: Dependencies): Int32Array {
  const result = new Int32Array(followers.length)
  for (let step = followers.length - 1; step >= 0; step--) {
    let above = 0
    for (const follower of followersOf(followers, step)) above = Math.max(above, result[follower] ?? 0)
    result[step] = above + 1
  }
  return result
}

export function followersOf(followers: Dependencies['followers'], step: number): readonly number[] {
  return assertDefined(followers[step], `step ${step} of ${followers.length}`)
}

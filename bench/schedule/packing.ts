// A pool of write sets into groups: by the product's scheduler, and by first come. And what is true of the groups, found
// without the scheduler's own code.

import { type BatchSize, FIRST_BATCH_SIZE, nextBatchSize } from '../../src/shared/batch/batch-size.ts'
import { UNKNOWN_FULLNESS } from '../../src/shared/batch/block-room.ts'
import { NO_PASSES, type Passes } from '../../src/shared/batch/lanes.ts'
import { schedule } from '../../src/shared/batch/schedule.ts'
import type { Waiting } from '../../src/shared/batch/waiting.ts'
import { unixMs } from '../../src/shared/lib/time.ts'
import type { WriteSet } from './write-sets.ts'

/** Members by their place in the pool's order; `places`: how many the group could have had. */
export type Packed = { readonly members: readonly number[]; readonly places: number }

export const NOW = unixMs(Date.UTC(2026, 10, 28, 12))
/** The sets tell no gas and no deadlines: the limits are places alone, and all steps are of one lane. */
const POLICY = { mostGas: 2n ** 60n, mostGroups: 1, urgentMs: 0 }

export function stepsOf(writeSets: readonly WriteSet[]): readonly Waiting[] {
  return writeSets.map((writes, admitted) => ({
    key: String(admitted),
    action: 'call',
    speed: 'standard',
    tier: 'standard',
    deadline: null,
    admitted,
    gas: 1n,
    touches: { reads: [], writes },
    isAlone: false,
    canGo: true,
  }))
}

/** Every group with the places that the adaptive size gave it, which sees what became of those before. */
export class AdaptivePacking {
  #size: BatchSize = FIRST_BATCH_SIZE
  #passes: Passes = NO_PASSES

  /** Until the pool is empty. */
  pack(writeSets: readonly WriteSet[]): readonly Packed[] {
    const packed: Packed[] = []
    let steps = stepsOf(writeSets)
    while (steps.length > 0) {
      const { mostSteps } = this.#size
      const { groups, left, passes } = schedule(steps, NOW, { ...POLICY, mostSteps }, this.#passes)
      const [group] = groups
      if (group === undefined) throw new Error(`${left.length} steps wait and none goes`)
      packed.push({ members: group.keys.map(Number), places: mostSteps })
      const isLeft = new Set(left)
      steps = steps.filter(({ key }) => isLeft.has(key))
      this.#passes = passes
      this.#size = nextBatchSize(this.#size, {
        steps: group.keys.length,
        failed: 0,
        closedBy: group.closedBy,
        leftReady: group.leftReady,
        blockFullness: UNKNOWN_FULLNESS,
      })
    }
    return packed
  }
}

/** As many groups as the scheduler makes when a group has room for all. */
export function parallelDepth(writeSets: readonly WriteSet[]): number {
  const policy = { ...POLICY, mostSteps: Math.max(1, writeSets.length), mostGroups: Number.POSITIVE_INFINITY }
  return schedule(stepsOf(writeSets), NOW, policy, NO_PASSES).groups.length
}

/** In the order in which they came; a group is closed by the first step that is in conflict with it, or when it is full. */
export function firstComeGroups(writeSets: readonly WriteSet[], places: number): number {
  let groups = 0
  let members = places
  let written = new Set<string>()
  for (const set of writeSets) {
    if (members >= places || set.some((key) => written.has(key))) {
      groups += 1
      members = 0
      written = new Set()
    }
    members += 1
    for (const key of set) written.add(key)
  }
  return groups
}

export type Findings = {
  /** Steps that write a key which an earlier step of their group writes. */
  readonly conflicts: number
  /** Writes of a key that come before one that was there first. */
  readonly orderBroken: number
  /** In no group, or in two. */
  readonly lost: number
}

export function findingsOf(writeSets: readonly WriteSet[], packed: readonly Packed[]): Findings {
  const placed = new Uint32Array(writeSets.length)
  const newest = new Map<string, number>()
  let conflicts = 0
  let orderBroken = 0
  for (const { members } of packed) {
    const written = new Set<string>()
    for (const member of members) {
      const set = writeSets[member] ?? []
      placed[member] = (placed[member] ?? 0) + 1
      if (set.some((key) => written.has(key))) conflicts += 1
      for (const key of set) {
        written.add(key)
        const before = newest.get(key) ?? -1
        if (before > member) orderBroken += 1
        newest.set(key, Math.max(before, member))
      }
    }
  }
  return { conflicts, orderBroken, lost: placed.filter((times) => times !== 1).length }
}

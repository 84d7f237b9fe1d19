// Waiting steps into groups, in the order in which they go: list scheduling over the graph of conflicts. Two steps that
// are ready are never in conflict (one of them would wait for the other), so a group is filled from what is ready, and
// what waited for it is ready when the group is closed.

import { assert, assertDefined } from '../lib/assert.ts'
import type { UnixMs } from '../lib/time.ts'
import { type Dependencies, dependencies, followersOf, heights } from './dependencies.ts'
import { charged, LANES, type Lane, laneOf, nextLane, type Passes, rebased } from './lanes.ts'
import { ReadyQueue } from './ready-queue.ts'
import type { Waiting } from './waiting.ts'

/** Steps. The most that a chain counts for in its lane: without it, who has none could be overtaken for ever. */
export const AHEAD_MOST_STEPS = 4_096

export type SchedulePolicy = {
  readonly mostSteps: number
  readonly mostGas: bigint
  /** Groups that are wanted now; the rest of the pool is left for the next plan. */
  readonly mostGroups: number
  /** A step whose deadline is as near as this, or has passed, is urgent. */
  readonly urgentMs: number
}

/** `conflicts`: steps wait, and each for one that is in this group. `drained`: none waits that can go. */
export type ClosedBy = 'steps' | 'gas' | 'alone' | 'conflicts' | 'drained'

export type Group = {
  readonly keys: readonly string[]
  readonly gas: bigint
  readonly closedBy: ClosedBy
  /** Steps that could have been in it, had it been larger. */
  readonly leftReady: number
  /** Steps that can go once others have: those of chains. */
  readonly leftBehind: number
}

export type Schedule = {
  readonly groups: readonly Group[]
  /** In no group: more than was asked for, or cannot go, or waits for one that cannot. */
  readonly left: readonly string[]
  /** For the next plan. */
  readonly passes: Passes
}

export function schedule(
  waiting: readonly Waiting[],
  now: UnixMs,
  policy: SchedulePolicy,
  passes: Passes,
): Schedule {
  assert(policy.mostSteps >= 1, `a group has places: ${policy.mostSteps}`)
  const steps = waiting.toSorted((one, other) => one.admitted - other.admitted)
  const pool = new Pool(steps, now, policy, passes)
  const groups: Group[] = []
  while (groups.length < policy.mostGroups && pool.hasReady) groups.push(pool.nextGroup())
  return { groups, left: pool.left(), passes: rebased(pool.passes) }
}

/** Of one call: who is ready, who waits for whom, who is in a group already. Steps are named by their order. */
class Pool {
  passes: Passes
  readonly #steps: readonly Waiting[]
  readonly #policy: SchedulePolicy
  readonly #graph: Dependencies
  readonly #lanes: readonly Lane[]
  readonly #ready: Readonly<Record<Lane, ReadyQueue>>
  readonly #isPlaced: Uint8Array
  /** Steps that can go, now or behind others, and are in no group. */
  #toPlace: number
  readonly #isReady = (lane: Lane) => this.#ready[lane].size > 0

  constructor(steps: readonly Waiting[], now: UnixMs, policy: SchedulePolicy, passes: Passes) {
    this.passes = passes
    this.#steps = steps
    this.#policy = policy
    this.#graph = dependencies(steps.map(({ touches }) => touches))
    this.#lanes = pressingLanes(steps, this.#graph, now, policy.urgentMs)
    const ranks = ranksOf(steps, heights(this.#graph), policy.mostSteps)
    const queue = () => new ReadyQueue(ranks)
    this.#ready = { urgent: queue(), high: queue(), normal: queue(), low: queue() }
    this.#isPlaced = new Uint8Array(steps.length)
    this.#toPlace = countOfFree(steps, this.#graph)
    for (const step of steps.keys()) if (this.#graph.waitsFor[step] === 0) this.#admit(step)
  }

  get hasReady(): boolean {
    return LANES.some(this.#isReady)
  }

  nextGroup(): Group {
    const members: number[] = []
    let gas = 0n
    let closedBy: ClosedBy | null = null
    while (closedBy === null) {
      const lane = nextLane(this.passes, this.#isReady)
      if (lane === null) {
        closedBy = this.#toPlace > 0 ? 'conflicts' : 'drained'
        break
      }
      if (members.length >= this.#policy.mostSteps) {
        closedBy = 'steps'
        break
      }
      const first = this.#stepAt(this.#ready[lane].first)
      if (members.length > 0 && (this.#isAlone(first) || gas + first.gas > this.#policy.mostGas)) {
        // Its lane is not charged, so it begins the next group.
        closedBy = this.#isAlone(first) ? 'alone' : 'gas'
        break
      }
      members.push(this.#place(lane))
      gas += first.gas
      if (this.#isAlone(first)) closedBy = 'alone'
    }
    const leftReady = LANES.reduce((sum, lane) => sum + this.#ready[lane].size, 0)
    const leftBehind = this.#toPlace - leftReady
    for (const member of members) this.#release(member)
    return { keys: members.map((member) => this.#stepAt(member).key), gas, closedBy, leftReady, leftBehind }
  }

  left(): readonly string[] {
    return this.#steps.filter((_, step) => this.#isPlaced[step] === 0).map(({ key }) => key)
  }

  #place(lane: Lane): number {
    const step = this.#ready[lane].pop()
    this.#isPlaced[step] = 1
    this.#toPlace -= 1
    this.passes = charged(this.passes, lane, this.#isReady)
    return step
  }

  #release(step: number): void {
    const { waitsFor, followers } = this.#graph
    for (const follower of followersOf(followers, step)) {
      const ways = (waitsFor[follower] ?? 0) - 1
      waitsFor[follower] = ways
      if (ways === 0) this.#admit(follower)
    }
  }

  /** Into its lane; one that cannot go is never ready, and so releases nobody. */
  #admit(step: number): void {
    if (!this.#stepAt(step).canGo) return
    this.#ready[assertDefined(this.#lanes[step], 'a lane for each step')].push(step)
  }

  #isAlone(step: Waiting): boolean {
    return step.isAlone || step.gas > this.#policy.mostGas
  }

  #stepAt(step: number): Waiting {
    return assertDefined(this.#steps[step], `step ${step} of ${this.#steps.length}`)
  }
}

/** Of each step: the most pressing lane among its own and those of the steps that depend on it. */
function pressingLanes(
  steps: readonly Waiting[],
  { followers }: Dependencies,
  now: UnixMs,
  urgentMs: number,
): readonly Lane[] {
  const pressing = new Uint8Array(steps.length)
  for (const [step, waiting] of steps.entries())
    pressing[step] = LANES.indexOf(laneOf(waiting, now, urgentMs))
  for (let step = steps.length - 1; step >= 0; step--) {
    let own = pressing[step] ?? 0
    for (const follower of followersOf(followers, step)) own = Math.min(own, pressing[follower] ?? own)
    pressing[step] = own
  }
  return Array.from(pressing, (lane) => assertDefined(LANES[lane], 'a lane'))
}

/**
 * In a lane: admission, but a chain of n takes n groups to end, and goes as if it had been there n groups sooner. So it ends
 * together with the others, and not when they are long gone and its last groups are all but empty.
 */
function ranksOf(steps: readonly Waiting[], height: Int32Array, mostSteps: number): Float64Array {
  return Float64Array.from(steps, ({ admitted }, step) => {
    const chain = (height[step] ?? 1) - 1
    return admitted - Math.min(AHEAD_MOST_STEPS, chain * mostSteps)
  })
}

/** Steps that can go, and wait for nobody who cannot. */
function countOfFree(steps: readonly Waiting[], { followers }: Dependencies): number {
  const isStuck = new Uint8Array(steps.length)
  let free = 0
  for (const [step, { canGo }] of steps.entries()) {
    if (canGo && isStuck[step] === 0) free += 1
    else for (const follower of followersOf(followers, step)) isStuck[follower] = 1
  }
  return free
}

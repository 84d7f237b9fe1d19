// Whose turn it is: which of the waiting steps are looked at for the next transaction, by lane, order of admission and
// conflicts (batch/SPEC.md). Pure; what it remembers is a cache of this life of the object, and lost without harm.

import { type BatchSize, FIRST_BATCH_SIZE } from '../../batch/batch-size.ts'
import { UNKNOWN_FULLNESS } from '../../batch/block-room.ts'
import { NO_PASSES, type Passes } from '../../batch/lanes.ts'
import { LearnedConflicts } from '../../batch/learned-conflicts.ts'
import { type ClosedBy, schedule } from '../../batch/schedule.ts'
import { type Touches, touchesOf } from '../../batch/touches.ts'
import type { Waiting } from '../../batch/waiting.ts'
import { MINUTE_MS, type UnixMs } from '../../lib/time.ts'
import { stepKeyText } from '../../transfer/step-report.ts'
import type { PooledStep } from '../state/state.ts'

/** Milliseconds. A step whose deadline is as near as this goes first. */
const URGENT_MS = MINUTE_MS

/** Gas that nobody has estimated yet: the planner counts what a node says. */
const UNKNOWN_GAS = 1n

export type TurnMemory = {
  readonly passes: Passes
  readonly size: BatchSize
  readonly learned: LearnedConflicts
  /** Of the newest block at the latest look, 0 to 1. */
  readonly fullness: number
}

export function newTurnMemory(): TurnMemory {
  return {
    passes: NO_PASSES,
    size: FIRST_BATCH_SIZE,
    learned: new LearnedConflicts(),
    fullness: UNKNOWN_FULLNESS,
  }
}

export type Turn = {
  /** In the order in which they go. */
  readonly steps: readonly PooledStep[]
  readonly passes: Passes
  readonly closedBy: ClosedBy
  /** Steps that could have had a place as well. */
  readonly leftReady: number
  /** Steps that wait for others. */
  readonly leftBehind: number
}

/** `kept`: they cannot go now, nor what depends on them. `shared`: of one transaction; otherwise each has one of its own, and `places` are transactions. */
export function turnOf(
  waiting: readonly PooledStep[],
  now: UnixMs,
  places: number,
  isShared: boolean,
  { passes, learned }: TurnMemory,
  kept: readonly PooledStep[] = [],
): Turn {
  const byKey = new Map(waiting.map((step) => [stepKeyText(step.key), step]))
  const isKept = new Set(kept)
  const steps = waiting.map((step, admitted) => ({
    ...waitingOf(step, admitted, isShared, learned),
    canGo: !isKept.has(step),
  }))
  const policy = {
    mostSteps: isShared ? places : 1,
    mostGas: BigInt(Number.MAX_SAFE_INTEGER),
    mostGroups: isShared ? 1 : places,
    urgentMs: URGENT_MS,
  }
  const { groups, passes: next } = schedule(steps, now, policy, passes)
  const last = groups.at(-1)
  return {
    steps: groups.flatMap(({ keys }) => keys.flatMap((key) => byKey.get(key) ?? [])),
    passes: next,
    closedBy: last?.closedBy ?? 'drained',
    leftReady: last?.leftReady ?? 0,
    leftBehind: last?.leftBehind ?? 0,
  }
}

export function noTurn({ passes }: TurnMemory): Turn {
  return { steps: [], passes, closedBy: 'drained', leftReady: 0, leftBehind: 0 }
}

/** Those of `some` that share nothing with each other or with `others` that one of them writes. */
export function withoutConflicts(
  some: readonly PooledStep[],
  others: readonly Pick<PooledStep, 'key' | 'action'>[],
  { learned }: TurnMemory,
): readonly PooledStep[] {
  const read = new Set<string>()
  const written = new Set<string>()
  const take = ({ reads, writes }: Touches): void => {
    for (const key of reads) read.add(key)
    for (const key of writes) written.add(key)
  }
  for (const { key, action } of others) take(touchesOf(key, action, learned))
  return some.filter(({ key, action }) => {
    const touches = touchesOf(key, action, learned)
    const meets = touches.writes.some((one) => read.has(one) || written.has(one))
    if (meets || touches.reads.some((one) => written.has(one))) return false
    take(touches)
    return true
  })
}

function waitingOf(
  { key, action, speed, deadline, batch }: PooledStep,
  admitted: number,
  isShared: boolean,
  learned: LearnedConflicts,
): Omit<Waiting, 'canGo'> {
  return {
    key: stepKeyText(key),
    action: action.type,
    speed,
    // All keys of a tenant share its signers; between tenants nothing is shared.
    tier: 'standard',
    deadline,
    admitted,
    gas: UNKNOWN_GAS,
    touches: touchesOf(key, action, learned),
    isAlone: !isShared || batch === 'never',
  }
}

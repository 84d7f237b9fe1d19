// Where an object can die. A point is a turn's label and the moment in it, so the same code has the same points in every
// history, and each can be struck by its number in the order in which they are reached.

import type { FaultClass, Faults } from './faults.ts'

export const MOMENTS = ['before_commit', 'after_commit', 'after_send', 'awaiting'] as const
export type Moment = (typeof MOMENTS)[number]

export type CrashPoint = {
  readonly actor: string
  /** What the turn was about. */
  readonly label: string
  readonly moment: Moment
  /** One of the first turns after a crash. */
  readonly isRecovering: boolean
}

export function crashPointName({ actor, label, moment, isRecovering }: CrashPoint): string {
  return `${actor} ${label} ${moment}${isRecovering ? ' (recovering)' : ''}`
}

const FAULT_OF: Readonly<Record<Moment, FaultClass>> = {
  before_commit: 'crash_before_commit',
  after_commit: 'crash_after_commit',
  after_send: 'crash_after_send',
  awaiting: 'crash_awaiting',
}

/** Crashes by chance. */
export class RandomCrashes {
  readonly #faults: Faults
  readonly reached = new Set<string>()

  constructor(faults: Faults) {
    this.#faults = faults
  }

  strikes(point: CrashPoint): boolean {
    const isStruck =
      this.#faults.strikes(FAULT_OF[point.moment]) ||
      (point.isRecovering && this.#faults.strikes('crash_recovering'))
    if (isStruck) this.reached.add(crashPointName(point))
    return isStruck
  }
}

/** Crashes at the points with these numbers, and nowhere else. */
export class ChosenCrashes {
  readonly #numbers: ReadonlySet<number>
  readonly reached: CrashPoint[] = []

  constructor(numbers: readonly number[]) {
    this.#numbers = new Set(numbers)
  }

  strikes(point: CrashPoint): boolean {
    this.reached.push(point)
    return this.#numbers.has(this.reached.length - 1)
  }
}

// What all parts of a simulated world share: time, chance, faults, crash points, and the paper on which the history is kept.

import type { Chance, Stream } from './chance.ts'
import type { CrashPoint } from './crash-points.ts'
import type { Faults } from './faults.ts'
import type { Scheduler } from './scheduler.ts'
import type { Violations } from './violations.ts'
import type { Waits } from './waits.ts'

/** Whoever sends: an object with its output gate, or somebody without one. */
export interface Party {
  readonly name: string
  /** Which life; what was asked in an earlier one is not heard any more. */
  readonly life: number
  /** Lets a message go once the writes before it are committed. */
  emit(message: () => void): void
  /** Runs `work` as a turn of this party, unless it died since `life`. */
  hear(delayMs: number, label: string, life: number, work: () => void): void
}

export type Stage = {
  readonly scheduler: Scheduler
  readonly chance: Chance
  readonly faults: Faults
  readonly violations: Violations
  readonly waits: Waits
  readonly crashes: { strikes(point: CrashPoint): boolean }
  /** A line of the history, when somebody wants to read it. */
  readonly note: ((line: string) => void) | null
  /** Short names for long ids. */
  readonly alias: (name: string) => string
}

/** A call that ended without an answer: the caller cannot know what was done. */
export class LostCall extends Error {
  override name = 'LostCall'
}

/** Milliseconds between two places, most of them near. */
export function latencyOf(stream: Stream): number {
  return stream.happens(0.05) ? stream.between(50, 2_000) : stream.between(1, 25)
}

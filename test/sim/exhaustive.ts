// A crash at every point that a scenario reaches, one by one; then pairs: the second one while the object recovers from the
// first.

import { UNBIASED } from './bias.ts'
import { type CrashPoint, crashPointName } from './crash-points.ts'
import { type Explorer, NO_FAULTS } from './explore.ts'
import type { HistoryOptions, HistoryResult } from './history.ts'

/** Points after the first crash at which a second one is tried. */
const SECOND_WITHIN = 12

export type ExhaustiveReport = {
  readonly singles: number
  readonly pairs: number
  /** Distinct names of the points that were struck. */
  readonly names: ReadonlySet<string>
  readonly failed: { readonly crashes: readonly number[]; readonly result: HistoryResult } | null
}

/** The scenarios are seeds without faults: what they do is what their plans say. */
export function scenario(seed: number, crashes: readonly number[]): HistoryOptions {
  return { seed, faults: NO_FAULTS, bias: UNBIASED, transfers: 2, only: null, crashes, isTold: false }
}

/** `every`: of the pairs, only each so-manieth, so that a bounded set covers all kinds. */
export async function crashEverywhere(
  explorer: Explorer,
  seed: number,
  every: number,
): Promise<ExhaustiveReport> {
  const { crashPoints } = await explorer.run(scenario(seed, []))
  const names = new Set<string>()
  let pairs = 0
  let count = 0
  for (const [first, point] of crashPoints.entries()) {
    const struck = await explorer.run(scenario(seed, [first]))
    names.add(crashPointName(point))
    if (struck.violation !== null) {
      return { singles: first + 1, pairs, names, failed: { crashes: [first], result: struck } }
    }
    for (const second of recoveringAfter(struck.crashPoints, first)) {
      count += 1
      if (count % every !== 0) continue
      pairs += 1
      const twice = await explorer.run(scenario(seed, [first, second]))
      const again = struck.crashPoints[second]
      if (again !== undefined) names.add(crashPointName(again))
      if (twice.violation !== null) {
        return { singles: first + 1, pairs, names, failed: { crashes: [first, second], result: twice } }
      }
    }
  }
  return { singles: crashPoints.length, pairs, names, failed: null }
}

/** Points of the same object's next life, soon after it. */
function recoveringAfter(points: readonly CrashPoint[], first: number): readonly number[] {
  const later = [...points.entries()].slice(first + 1)
  return later
    .filter(([, { isRecovering }]) => isRecovering)
    .slice(0, SECOND_WITHIN)
    .map(([number]) => number)
}

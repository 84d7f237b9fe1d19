// Runs an object into a crash at every point that it has, one run for each: N goes up until a run never comes so far.

import { expect } from 'vitest'
import type { CrashPlan } from './crash-plan.ts'

/** Runs that are under way together: they share nothing but the isolate, and mostly wait. */
const AT_ONCE = 8
/** More points than any object has: a run that never ends must not go on for ever. */
const POINTS_MOST = 200

type RunBy = (plan: CrashPlan, name: string) => Promise<void>

export async function crashEverywhere(planAt: (at: number) => CrashPlan, runBy: RunBy): Promise<void> {
  let points = 0
  for (let first = 1; first < POINTS_MOST; first += AT_ONCE) {
    const plans = Array.from({ length: AT_ONCE }, (_, index) => planAt(first + index))
    await Promise.all(plans.map((plan, index) => runBy(plan, `point ${first + index}`)))
    points += plans.filter(({ isReached }) => isReached).length
    if (plans.some(({ isReached }) => !isReached)) break
  }
  console.info(`crash points: ${points}`)
  expect(points).toBeGreaterThan(0)
  expect(points).toBeLessThan(POINTS_MOST - AT_ONCE)
}

// Every point of the write path at which an object can crash, of each of the three, one run for each: at every write
// before and after its commit, at every call out before it is made and before its answer is heard. N goes up until a run
// never comes so far. After the crash only what the platform does by itself: alarms, messages again, a client that asks
// again. The transfer ends, it is paid once, its log verifies, and no byte had left that the signer's log did not hold.

import { expect, test } from 'vitest'
import { ACTORS, CrashPlan, MOMENTS } from './crash-plan.ts'
import { CrashRun } from './crash-run.ts'
import { expectBytesInLog, expectCanceled, expectGoodEnd } from './good-end.ts'

/** Runs that are under way together: they share nothing but the isolate, and mostly wait. */
const AT_ONCE = 8
/** More points than any object has: a run that never ends must not go on for ever. */
const POINTS_MOST = 200
/** What a transfer waits for that is canceled. */
const NEVER = '2999-01-01T00:00:00Z'

const CASES = ACTORS.flatMap((actor) => MOMENTS.map((moment) => [actor, moment] as const))
const CALLS = ['unasked', 'unheard'] as const

test.each(CASES)('a %s that crashes %s, at every point', async (actor, moment) => {
  await crashEverywhere((at) => new CrashPlan(actor, moment, at), payBy)
})

test.each(CALLS)('a consumer of messages that is lost %s, at every call', async (moment) => {
  await crashEverywhere((at) => new CrashPlan('consumer', moment, at), payBy)
})

test.each(MOMENTS)(
  'a signer that crashes %s, at every point, and again as soon as it is back',
  async (moment) => {
    await crashEverywhere((at) => new CrashPlan('signer', moment, at, 1), payBy)
  },
)

const CANCELING = CASES.filter(([actor]) => actor !== 'chain')
test.each(CANCELING)('a %s that crashes %s, at every point, while it is canceled', async (actor, moment) => {
  await crashEverywhere((at) => new CrashPlan(actor, moment, at), cancelBy)
})

type RunBy = (plan: CrashPlan, name: string) => Promise<void>

/** N goes up until a run never comes so far. */
async function crashEverywhere(planAt: (at: number) => CrashPlan, runBy: RunBy): Promise<void> {
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

async function payBy(plan: CrashPlan, name: string): Promise<void> {
  const run = new CrashRun(plan)
  await run.create()
  const end = await run.drive(onceCrashed(plan, () => expectBytesInLog(run, name)))
  await expectGoodEnd(run, end, name)
}

async function cancelBy(plan: CrashPlan, name: string): Promise<void> {
  const run = new CrashRun(plan, { not_before: NEVER })
  await run.create()
  await run.hold(nothing)
  await run.cancel('cancel')
  await expectCanceled(run, await run.drive(nothing), name)
}

/** Looks once, as soon as the crash has been. */
function onceCrashed(plan: CrashPlan, look: () => Promise<void>): () => Promise<void> {
  let isLookedAt = false
  return async () => {
    if (isLookedAt || !plan.isReached) return
    isLookedAt = true
    await look()
  }
}

async function nothing(): Promise<void> {}

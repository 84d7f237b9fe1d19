// Every point of the write path at which an object can crash, of each of the three, one run for each: at every write
// before and after its commit, at every call out before it is made and before its answer is heard. N goes up until a run
// never comes so far. After the crash only what the platform does by itself: alarms, messages again, a client that asks
// again. The transfer ends, it is paid once, its log verifies, and no byte had left that the signer's log did not hold.

import { test } from 'vitest'
import { crashEverywhere } from './crash-everywhere.ts'
import { ACTORS, CrashPlan, MOMENTS } from './crash-plan.ts'
import { CrashRun } from './crash-run.ts'
import { expectBytesInLog, expectGoodEnd } from './good-end.ts'

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

async function payBy(plan: CrashPlan, name: string): Promise<void> {
  const run = new CrashRun(plan)
  await run.create()
  const end = await run.drive(onceCrashed(plan, () => expectBytesInLog(run, name)))
  await expectGoodEnd(run, end, name)
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

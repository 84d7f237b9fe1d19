// Every point at which a transfer or its signer can crash while the transfer is canceled, one run for each. After the crash
// only what the platform does by itself, and a client that asks again: the transfer is canceled, and nothing is paid.

import { test } from 'vitest'
import { crashEverywhere } from './crash-everywhere.ts'
import { ACTORS, CrashPlan, MOMENTS } from './crash-plan.ts'
import { CrashRun } from './crash-run.ts'
import { expectCanceled } from './good-end.ts'

/** What a transfer waits for that is canceled. */
const NEVER = '2999-01-01T00:00:00Z'

const CASES = ACTORS.filter((actor) => actor !== 'chain').flatMap((actor) =>
  MOMENTS.map((moment) => [actor, moment] as const),
)

test.each(CASES)('a %s that crashes %s, at every point, while it is canceled', async (actor, moment) => {
  await crashEverywhere((at) => new CrashPlan(actor, moment, at), cancelBy)
})

async function cancelBy(plan: CrashPlan, name: string): Promise<void> {
  const run = new CrashRun(plan, { not_before: NEVER })
  await run.create()
  await run.hold(nothing)
  await run.cancel('cancel')
  await expectCanceled(run, await run.drive(nothing), name)
}

async function nothing(): Promise<void> {}

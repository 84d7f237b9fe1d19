// What the platform may do to objects that do not crash: put them out of memory between any two steps, all of them at
// once, lose alarms, repeat them, bring them late; and messages that are lost, doubled or late. Nothing of it changes what
// becomes of a transfer.

import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { ChainActor } from '../../../src/shared/ports/chain-actor.ts'
import { type Alarms, answered, CrashRun, fireAlarm } from './crash-run.ts'
import { expectBytesInLog, expectGoodEnd } from './good-end.ts'

/** More steps than a run has. */
const STEPS_MOST = 100

test('out of memory between any two steps', async () => {
  const run = new CrashRun(null)
  await run.create()
  const end = await run.drive(async () => {
    for (const stub of Object.values(run.stubs)) await answered(() => evictDurableObject(stub))
  })
  await expectGoodEnd(run, end, 'evicted')
})

test('all objects lost at once, after every single step', async () => {
  let isReached = true
  let at = 0
  while (isReached && at < STEPS_MOST) {
    at += 1
    const run = new CrashRun(null)
    let steps = 0
    await run.create()
    const end = await run.drive(async () => {
      steps += 1
      if (steps === at) await abortAllDurableObjects()
    })
    await expectGoodEnd(run, end, `step ${at}`)
    isReached = steps >= at
  }
  expect(at).toBeGreaterThan(3)
  expect(isReached).toBe(false)
})

test('every alarm twice at once', async () => {
  const twice: Alarms = async (stub) => {
    await Promise.all([fireAlarm(stub), runInDurableObject(stub(), alarmOf)])
  }
  await expectEndWith(twice)
})

test('alarms that come only every third time', async () => {
  const turns = new Map<string, number>()
  const late: Alarms = async (stub) => {
    const name = String(stub().id)
    const turn = (turns.get(name) ?? 0) + 1
    turns.set(name, turn)
    if (turn % 3 === 0) await fireAlarm(stub)
  }
  await expectEndWith(late)
})

test('alarms that are lost: the sweep looks at each object, and the alarm is there again', async () => {
  let lost = 0
  const sweeps: Alarms = async (stub) => {
    await runInDurableObject(stub(), async (object, { storage }) => {
      if ((await storage.getAlarm()) === null) return
      await storage.deleteAlarm()
      lost += 1
      await nudgeOf(object)
    })
  }
  await expectEndWith(sweeps)
  expect(lost).toBeGreaterThan(3)
})

test('every message three times', async () => {
  const run = new CrashRun(null)
  await run.create()
  await run.deliver('submissions', 3)
  const end = await run.drive(async () => {
    await run.deliver('submissions', 3)
    await run.deliver('events', 3)
  })
  await expectGoodEnd(run, end, 'thrice')
})

test('the first messages lost: the alarm sends another', async () => {
  const run = new CrashRun(null)
  await run.create()
  for (let lost = 0; lost < 3; lost++) {
    run.run.submissions.splice(0)
    await fireAlarm(() => run.stubs.transfer)
    expect(run.run.submissions).toHaveLength(1)
  }
  await expectGoodEnd(run, await run.drive(nothing), 'lost')
})

test('a message that comes after the end changes nothing', async () => {
  const run = new CrashRun(null)
  await run.create()
  const late = [...run.run.submissions]
  const end = await run.drive(nothing)
  run.run.submissions.push(...late)
  await run.deliver('submissions', 2)
  expect(await runDurableObjectAlarm(run.stubs.signer)).toBeDefined()
  await expectBytesInLog(run, 'late')
  await expectGoodEnd(run, end, 'late')
})

async function expectEndWith(alarms: Alarms): Promise<void> {
  const run = new CrashRun(null)
  await run.create()
  await expectGoodEnd(run, await run.drive(nothing, alarms), 'alarms')
}

async function nothing(): Promise<void> {}

async function alarmOf(object: unknown): Promise<void> {
  if (hasAlarm(object)) await object.alarm()
}

function hasAlarm(object: unknown): object is { alarm(): Promise<void> } {
  return typeof object === 'object' && object !== null && 'alarm' in object
}

/** As the cron tick calls them. */
async function nudgeOf(object: unknown): Promise<void> {
  if (canBeNudged(object)) await object.nudge('cron')
}

function canBeNudged(object: unknown): object is { nudge(source: 'cron'): ReturnType<ChainActor['nudge']> } {
  return typeof object === 'object' && object !== null && 'nudge' in object
}

// Guarantee: the simulator itself is what it says: one seed is one history, storage forgets what was not committed, and
// what the gate holds leaves only after the writes before it.

import { describe, expect, test } from 'vitest'
import { readMigrations } from './bundle.ts'
import { Chance } from './chance.ts'
import { ChosenCrashes, type CrashPoint } from './crash-points.ts'
import { bySeed, Explorer, faultsOf } from './explore.ts'
import { Faults } from './faults.ts'
import { Host } from './host.ts'
import { Scheduler } from './scheduler.ts'
import type { Stage } from './stage.ts'
import { SimStorage } from './storage.ts'
import { Violations } from './violations.ts'
import { Waits } from './waits.ts'
import { Worker } from './worker.ts'

const SEEDS = [1, 7, 40]

describe('one seed', () => {
  test.each(SEEDS)('gives the same history twice: %i', async (seed) => {
    const explorer = new Explorer(readMigrations())
    const one = await explorer.run(bySeed(seed))
    const other = await explorer.run({ ...bySeed(seed), isTold: true })
    expect(other.digest).toBe(one.digest)
    expect(other.events).toBe(one.events)
    expect(other.faults).toEqual(one.faults)
    explorer.close()
  })

  test('gives another history than another seed', async () => {
    const explorer = new Explorer(readMigrations())
    const digests = new Set<string>()
    for (const seed of SEEDS) digests.add((await explorer.run(bySeed(seed))).digest)
    expect(digests.size).toBe(SEEDS.length)
    explorer.close()
  })

  test('has no fault of a class that is switched off', async () => {
    const explorer = new Explorer(readMigrations())
    const { faults } = await explorer.run(bySeed(7, faultsOf(['call_doubled', 'reorg'])))
    expect(faults.filter((name) => !/^(call_doubled|reorg)#/.test(name))).toEqual([])
    explorer.close()
  })
})

describe('storage', () => {
  test('forgets with a rollback what was written since the last commit, and the alarm with it', () => {
    const storage = new SimStorage()
    storage.sql.exec('CREATE TABLE one (value INTEGER)')
    void storage.setAlarm(5)
    storage.commit()
    storage.sql.exec('INSERT INTO one VALUES (?)', 1)
    void storage.setAlarm(9)
    storage.rollback()
    expect(storage.sql.exec('SELECT * FROM one').toArray()).toEqual([])
    expect(storage.alarm).toBe(5)
    storage.close()
  })
})

/** An object that writes, and tells somebody in the same turn. */
async function crashedAt(moment: CrashPoint['moment'] | null) {
  const scheduler = new Scheduler()
  const violations = new Violations()
  const chance = new Chance(1)
  const moments = ['before_commit', 'after_commit', 'after_send']
  const stage: Stage = {
    scheduler,
    chance,
    faults: new Faults(faultsOf([]), chance),
    violations,
    waits: new Waits(violations),
    crashes: new ChosenCrashes(moment === null ? [] : [moments.indexOf(moment)]),
    note: null,
    alias: (name) => name,
  }
  const host = new Host(stage, 'TestObject', 'one', () => ({ wake: async () => {} }))
  const told: string[] = []
  const answer = host.call(new Worker(stage, 'caller'), 'write', () => {
    host.storage.sql.exec('CREATE TABLE one (value INTEGER)')
    host.emit(() => told.push('told'))
  })
  answer.catch(() => told.push('lost'))
  while (await scheduler.step());
  const tables = host.storage.sql.exec(`SELECT name FROM sqlite_master`).toArray().length
  host.storage.close()
  return { told, tables }
}

describe('a turn', () => {
  test('tells what it wrote', async () => {
    expect(await crashedAt(null)).toEqual({ told: ['told'], tables: 1 })
  })

  test('that crashes before its commit has written and told nothing; the caller hears of the crash', async () => {
    expect(await crashedAt('before_commit')).toEqual({ told: ['lost'], tables: 0 })
  })

  test('that crashes after its commit has written, and told nothing; the caller hears of the crash', async () => {
    expect(await crashedAt('after_commit')).toEqual({ told: ['lost'], tables: 1 })
  })

  test('that crashes after it sent has written and told', async () => {
    expect(await crashedAt('after_send')).toMatchObject({ told: ['told'], tables: 1 })
  })
})

describe('waits between actors', () => {
  test('may not close a circle', () => {
    const violations = new Violations()
    const waits = new Waits(violations)
    waits.begin('a', 'b')
    waits.begin('b', 'c')
    expect(violations.first).toBeNull()
    waits.end('a', 'b')
    waits.begin('c', 'a')
    expect(violations.first).toBeNull()
    waits.begin('a', 'b')
    expect(violations.first?.invariant).toBe('deadlock')
  })
})

// What cron does for the archive: a transfer whose alarm was lost is sealed all the same, and tails that sealed packs have
// replaced go, those that hold anything else stay.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, expect, it, vi } from 'vitest'
import { HOUR_MS } from '../../src/shared/lib/time.ts'
import { dispatchTick, RECONCILE_CRON } from '../../src/workers/cron/dispatch.ts'
import {
  announcement,
  archivedGroups,
  archivedTransfer,
  created,
  logOf,
  partsOf,
} from './support/archived.ts'
import { deliver } from './support/deliver.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** Only what the code reads as the time: the runtime's own clock goes on. */
function at(time: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: time })
}

it('a transfer is sealed after the horizon, though its alarm was lost; then its log lies in a sealed pack and nothing is left to do', async () => {
  const transfer = await archivedTransfer()
  const before = await logOf(transfer)
  await runInDurableObject(transfer.stub, (_object, state) => state.storage.deleteAlarm())
  const later = Date.now() + 3 * HOUR_MS
  at(later)
  await dispatchTick(RECONCILE_CRON, later, env)
  await deliver('events', [announcement(transfer)])
  const sealed = (await partsOf(transfer)).filter(({ is_sealed }) => is_sealed === 1)
  expect(sealed).toMatchObject([{ first_seq: 1, last_seq: before.at(-1)?.seq }])
  expect(await archivedGroups(transfer)).toEqual(before)
  expect(await logOf(transfer)).toEqual(before)
  const left = await runInDurableObject(transfer.stub, async (_object, state) => ({
    alarm: await state.storage.getAlarm(),
    tail: state.storage.sql.exec('SELECT COUNT(*) AS groups FROM wal').one(),
  }))
  expect(left).toEqual({ alarm: null, tail: { groups: 0 } })
})

it('a pack of tails goes when every part of it is in sealed packs, and not before', async () => {
  const sealed = await archivedTransfer()
  const open = await created()
  const [alone] = await partsOf(sealed)
  await deliver('events', [announcement(open)])
  const [kept] = await partsOf(open)
  const later = Date.now() + 3 * HOUR_MS
  at(later)
  await sealed.stub.nudge('cron')
  await deliver('events', [announcement(sealed)])
  await dispatchTick(RECONCILE_CRON, later, env)
  expect(await env.ARCHIVE.head(String(alone?.pack))).toBeNull()
  expect(await env.ARCHIVE.head(String(kept?.pack))).not.toBeNull()
  expect(await partsOf(sealed)).toMatchObject([{ is_sealed: 1 }])
  expect(await archivedGroups(sealed)).toEqual(await logOf(sealed))
  expect((await archivedGroups(open)).length).toBeGreaterThan(0)
})

// The archive in the real runtime: what objects announce comes into packs, once, late or twice, and a damaged log is put
// back from there.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { decodePack, isKeyOf } from '../../src/shared/schema/pack.ts'
import { MESSAGE_VERSION } from '../../src/shared/schema/queue-messages.ts'
import {
  announcement,
  archivedGroups,
  created,
  ended,
  logOf,
  partsOf,
  type Transfer,
} from './support/archived.ts'
import { deliver } from './support/deliver.ts'
import { newTransfer, TENANT } from './support/transfers.ts'

it('a batch of announcements becomes one pack, whose key is what it holds', async () => {
  const transfers = await Promise.all([ended(), ended(), ended()])
  await deliver('events', transfers.map(announcement))
  const packs: ReadonlySet<unknown>[] = []
  for (const transfer of transfers) {
    expect(await archivedGroups(transfer)).toEqual(await logOf(transfer))
    packs.push(new Set((await partsOf(transfer)).map(({ pack }) => pack)))
  }
  // More than one where news of them went the same way before.
  const shared = packs.reduce((all, one) => all.intersection(one))
  expect(shared.size).toBeGreaterThan(0)
  for (const key of shared) {
    const object = await env.ARCHIVE.get(String(key))
    const bytes = new Uint8Array((await object?.arrayBuffer()) ?? [])
    expect(isKeyOf(String(key), bytes)).toBe(true)
    const pack = decodePack(bytes)
    const held = pack.ok ? new Set(pack.value.parts.map(({ object: id }) => id)) : null
    expect(held).toEqual(new Set(transfers.map(({ id }) => id)))
  }
})

it('doubled, late and repeated announcements write nothing twice', async () => {
  const transfer = await created()
  const carried = await partsOf(transfer)
  await deliver('events', [announcement(transfer), announcement(transfer)])
  expect(await partsOf(transfer)).toHaveLength(carried.length + 1)
  await transfer.stub.cancel(TENANT, 'c', { source: 'queue' })
  await deliver('events', [announcement(transfer)])
  const parts = await partsOf(transfer)
  await deliver('events', [announcement(transfer), announcement(transfer)])
  expect(await partsOf(transfer)).toEqual(parts)
  expect(await archivedGroups(transfer)).toEqual(await logOf(transfer))
})

it('groups that were packed and not acknowledged are packed again, and read once', async () => {
  const transfer = await created()
  await deliver('events', [announcement(transfer)])
  await runInDurableObject(transfer.stub, (_object, state) => {
    state.storage.sql.exec(`UPDATE meta SET cursors = '{}'`)
  })
  await evictDurableObject(transfer.stub)
  await transfer.stub.cancel(TENANT, 'c', { source: 'queue' })
  await deliver('events', [announcement(transfer)])
  // At least: the object's own announcement may have come in between.
  const again = (await partsOf(transfer)).filter(({ first_seq }) => first_seq === 1)
  expect(again.length).toBeGreaterThan(1)
  expect(await archivedGroups(transfer)).toEqual(await logOf(transfer))
})

it('an announcement that was lost is made again by the alarm, until the archive has the end', async () => {
  const transfer = await ended()
  const row = await transfer.stub.row()
  await transfer.stub.acknowledgeProjection(row?.incarnation ?? 0, row?.seq ?? 0)
  const alarmIn = () =>
    runInDurableObject(
      transfer.stub,
      async (_object, state) => ((await state.storage.getAlarm()) ?? 0) - Date.now(),
    )
  // Not in the archive yet: looked at soon.
  expect(await alarmIn()).toBeLessThan(60_000)
  await transfer.stub.nudge('cron')
  expect(await alarmIn()).toBeLessThan(60_000)
  await deliver('events', [announcement(transfer)])
  await transfer.stub.nudge('cron')
  // In the archive: the next look is when it is sealed.
  expect(await alarmIn()).toBeGreaterThan(50 * 60_000)
})

it('what nobody understands, or nobody wrote, harms none beside it', async () => {
  const transfer = await ended()
  const unknown = newTransfer()
  const { result } = await deliver('events', [
    announcement(unknown),
    { v: MESSAGE_VERSION, archive: { class: 'OtherObject', object: 'x' } },
    { v: MESSAGE_VERSION, archive: 'x' },
    announcement(transfer),
  ])
  expect(result.retryMessages).toHaveLength(1)
  expect(await archivedGroups(transfer)).toEqual(await logOf(transfer))
  expect(await unknown.stub.read(TENANT)).toBeNull()
})

it('while R2 does not answer announcements come again, and the read model is written all the same', async () => {
  const transfer = await ended()
  const row = await transfer.stub.row()
  const broken = { put: () => Promise.reject(new Error('R2 is away')) }
  const { result } = await deliver('events', [row, announcement(transfer)], 1, { ARCHIVE: broken })
  // The row announces its transfer too.
  expect(result.retryMessages).toHaveLength(2)
  const stored = await env.DB.prepare('SELECT seq FROM transfers WHERE id = ?').bind(transfer.id).first()
  expect(stored).toEqual({ seq: row?.seq })
  await deliver('events', [announcement(transfer)])
  expect(await archivedGroups(transfer)).toEqual(await logOf(transfer))
})

/** Somebody with access to the storage: triggers do not stop him. */
async function damaged(transfer: Transfer, statements: string): Promise<void> {
  await runInDurableObject(transfer.stub, (_object, state) => {
    const { sql } = state.storage
    const triggers = sql.exec(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`).toArray()
    for (const { name } of triggers) sql.exec(`DROP TRIGGER ${name}`)
    sql.exec(statements)
    for (const trigger of triggers) sql.exec(String(trigger.sql))
  })
  await evictDurableObject(transfer.stub)
}

it.each([
  ['a changed record', `UPDATE wal SET leaves = replace(leaves, '"1000"', '"1001"') WHERE seq = 1`],
  ['the last group missing', `DELETE FROM wal WHERE seq = (SELECT MAX(seq) FROM wal)`],
  ['all groups missing', `DELETE FROM wal`],
])('a log with %s mends itself from the archive at its next wake', async (_, statements) => {
  const transfer = await ended()
  await deliver('events', [announcement(transfer)])
  const before = await logOf(transfer)
  const document = await transfer.stub.read(TENANT)
  await damaged(transfer, statements)
  await transfer.stub.nudge('cron')
  expect(await logOf(transfer)).toEqual(before)
  expect(await transfer.stub.read(TENANT)).toEqual(document)
  const repairs = await runInDurableObject(transfer.stub, (_object, state) =>
    state.storage.sql.exec('SELECT repairs FROM meta').one(),
  )
  expect(JSON.parse(String(repairs.repairs))).toHaveLength(1)
})

it('a log that is damaged and that the archive does not have stays fenced, and looks again', async () => {
  const transfer = await created()
  await env.DB.prepare('DELETE FROM archive_parts WHERE object = ?').bind(transfer.id).run()
  await damaged(transfer, 'DELETE FROM wal')
  await transfer.stub.nudge('cron')
  const found = await runInDurableObject(transfer.stub, async (_object, state) => ({
    repairs: state.storage.sql.exec('SELECT repairs FROM meta').one().repairs,
    alarm: await state.storage.getAlarm(),
  }))
  expect(found).toMatchObject({ repairs: '[]' })
  expect(found.alarm).toBeGreaterThan(Date.now())
  await deliver('events', [announcement(transfer)])
  expect(await partsOf(transfer)).toEqual([])
})

// The transfer's object in the real runtime: its tables, its log, its sockets, its alarm. What it decides is tested in
// test/unit; that it reaches a chain, in test/chain.

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, it } from 'vitest'
import { liveMessage } from '../../src/shared/schema/live-message.ts'
import { walDocument } from '../../src/shared/schema/wal-document.ts'
import { emptyPosition, headOf, verifyGroups } from '../../src/shared/wal/group.ts'
import { watch } from './support/live.ts'
import { newTransfer, OTHER_TENANT, TENANT } from './support/transfers.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

it('a created transfer survives an eviction: state, seq and digest come back from its log', async () => {
  const { stub, create } = newTransfer({ not_before: '2999-01-01T00:00:00Z' })
  await create()
  const before = await stub.read(TENANT)
  await evictDurableObject(stub)
  const after = await stub.read(TENANT)
  expect(after?.seq).toBeGreaterThanOrEqual(before?.seq ?? 0)
  const wal = await stub.wal(TENANT, 0, 100)
  expect(wal?.groups[0]).toMatchObject({ seq: 1, records: [{ kind: 'accepted' }] })
})

it('the log verifies outside of the object and ends in the head that the transfer reports', async () => {
  const { stub, create } = newTransfer()
  await create()
  await stub.bind(null)
  const wal = walDocument.parse(await stub.wal(TENANT, 0, 100))
  const verified = verifyGroups(emptyPosition({ class: wal.class, object: wal.object }), wal.groups)
  expect(verified.ok && headOf(verified.value)).toEqual(wal.head)
  const document = await stub.read(TENANT)
  expect(document?.seq).toBeGreaterThanOrEqual(wal.head.seq)
})

it('the same creation again is the same transfer: no record, no second life', async () => {
  const { stub, create } = newTransfer()
  const first = await create()
  const second = await create()
  expect(first.answer).toEqual({ result: 'created' })
  expect(second.answer).toEqual({ result: 'repeated' })
  expect(second.document).toEqual(first.document)
  const wal = await stub.wal(TENANT, 0, 100)
  const kinds = wal?.groups.flatMap((group) => group.records.map((record) => JSON.stringify(record)))
  expect(kinds?.filter((record) => record.includes('"kind":"accepted"'))).toHaveLength(1)
})

it('the same key with another body is refused and changes nothing', async () => {
  const { stub, create } = newTransfer()
  await create()
  const before = await stub.wal(TENANT, 0, 1)
  const other = await create({ fingerprint: '0'.repeat(64) })
  expect(other).toEqual({ answer: { result: 'key_reused' }, document: null })
  expect((await stub.wal(TENANT, 0, 1))?.groups).toEqual(before?.groups)
})

it('fifty creations at once make one transfer', async () => {
  const { create } = newTransfer()
  const replies = await Promise.all(Array.from({ length: 50 }, () => create()))
  const results = replies.map((reply) => reply.answer.result)
  expect(results.filter((result) => result === 'created')).toHaveLength(1)
  expect(results.filter((result) => result === 'repeated')).toHaveLength(49)
})

it('a refused creation, and asking for what is not there, write nothing', async () => {
  const { stub, create } = newTransfer()
  expect((await create({ refusal: 'signer_not_found' })).answer).toEqual({
    result: 'refused',
    reason: 'signer_not_found',
  })
  expect(await stub.read(TENANT)).toBeNull()
  expect(await stub.wal(TENANT, 0, 10)).toBeNull()
  expect(await stub.bind(null)).toEqual({ result: 'refused', reason: 'unknown' })
  const left = await runInDurableObject(stub, async (_object, state) => ({
    tables: state.storage.sql.exec('SELECT name FROM sqlite_master').toArray(),
    alarm: await state.storage.getAlarm(),
  }))
  expect(left).toEqual({ tables: [], alarm: null })
})

it('another tenant finds nothing', async () => {
  const { stub, create } = newTransfer()
  await create()
  expect(await stub.read(OTHER_TENANT)).toBeNull()
  expect(await stub.history(OTHER_TENANT)).toBeNull()
  expect(await stub.wal(OTHER_TENANT, 0, 10)).toBeNull()
  expect(await stub.cancel(OTHER_TENANT, 'c', { source: 'queue' })).toBeNull()
})

it('the log takes no change and no loss, not even from our own code', async () => {
  const { stub, create } = newTransfer()
  await create()
  await runInDurableObject(stub, (_object, state) => {
    const { sql } = state.storage
    expect(() => sql.exec(`UPDATE wal SET leaves = '[]'`)).toThrow(/append-only/)
    expect(() => sql.exec(`DELETE FROM wal`)).toThrow(/append-only/)
    expect(() => sql.exec(`INSERT INTO wal SELECT * FROM wal LIMIT 1`)).toThrow(/UNIQUE/)
  })
})

it('an alarm is set in the same turn as the first record, and every wake sets it again', async () => {
  const { stub, create } = newTransfer()
  await create()
  const alarm = () => runInDurableObject(stub, (_object, state) => state.storage.getAlarm())
  expect(await alarm()).toBeGreaterThan(Date.now())
  expect(await runDurableObjectAlarm(stub)).toBe(true)
  expect(await alarm()).toBeGreaterThan(Date.now())
})

it('a canceled transfer that no signer was asked for is canceled at once, and the key decides about the answer', async () => {
  const { stub, create } = newTransfer()
  // One turn: the queue has had no chance yet.
  const [, canceled] = await Promise.all([create(), stub.cancel(TENANT, 'first', { source: 'queue' })])
  expect(['canceled', 'too_late', 'awaited']).toContain(canceled?.answer.result)
  const again = await stub.cancel(TENANT, 'first', { source: 'queue' })
  expect(again?.answer).toEqual(canceled?.answer)
  const other = await stub.cancel(TENANT, 'second', { source: 'queue' })
  expect(other?.answer).toEqual({ result: 'other_command' })
  expect(await stub.bind(null)).toEqual({ result: 'refused', reason: 'final' })
})

it('a socket gets every record after its seq once and in order, then the live ones', async () => {
  const { stub, create } = newTransfer({ not_before: '2999-01-01T00:00:00Z' })
  await create()
  const socket = await watch(stub, 0)
  closers.push(socket.close)
  await socket.until((messages) => messages.some(({ type }) => type === 'live'))
  const canceled = await stub.cancel(TENANT, 'c', { source: 'queue' })
  const { seq } = canceled?.document ?? { seq: -1 }
  await socket.until((messages) =>
    messages.some((message) => message.seq === seq && message.type === 'record'),
  )
  const records = socket.messages.filter(({ type }) => type === 'record')
  expect(records.map((message) => message.seq)).toEqual(Array.from({ length: seq }, (_, index) => index + 1))
  for (const message of socket.messages) expect(liveMessage.safeParse(message).success).toBe(true)
})

it('a socket that comes back with after_seq gets the rest, also after the object slept', async () => {
  const { stub, create } = newTransfer({ not_before: '2999-01-01T00:00:00Z' })
  await create()
  const first = await watch(stub, 0)
  await first.until((messages) => messages.length > 0)
  const lastSeen = first.messages.findLast(({ type }) => type === 'record')?.seq ?? 0
  first.close()
  await stub.cancel(TENANT, 'c', { source: 'queue' })
  await evictDurableObject(stub, { webSockets: 'hibernate' })
  const second = await watch(stub, lastSeen)
  closers.push(second.close)
  await second.until((messages) => messages.some(({ type }) => type === 'live'))
  const seqs = second.messages.filter(({ type }) => type === 'record').map(({ seq }) => seq)
  const head = (await stub.read(TENANT))?.seq ?? 0
  expect(seqs).toEqual(Array.from({ length: head - lastSeen }, (_, index) => lastSeen + index + 1))
})

it('a sleeping socket is woken by the next record', async () => {
  const { stub, create } = newTransfer({ not_before: '2999-01-01T00:00:00Z' })
  await create()
  const socket = await watch(stub, 0)
  closers.push(socket.close)
  await socket.until((messages) => messages.some(({ type }) => type === 'live'))
  await evictDurableObject(stub, { webSockets: 'hibernate' })
  await stub.cancel(TENANT, 'c', { source: 'queue' })
  await socket.until((messages) =>
    messages.some((message) => message.type === 'record' && message.status === 'canceled'),
  )
  const seqs = socket.messages.filter(({ type }) => type === 'record').map(({ seq }) => seq)
  expect(new Set(seqs).size).toBe(seqs.length)
})

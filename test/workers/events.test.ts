// The read model in the real runtime: queue consumer, D1, dead letters.

import { createMessageBatch } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { MESSAGE_VERSION, type TransferRow, toEventMessage } from '../../src/shared/schema/queue-messages.ts'
import worker from '../../src/workers/main.ts'
import { deliver } from './support/deliver.ts'
import { newTransfer, TENANT } from './support/transfers.ts'

async function rowsOf(transfer: string): Promise<Record<string, unknown>[]> {
  const { results } = await env.DB.prepare('SELECT * FROM transfers WHERE id = ?').bind(transfer).all()
  return results
}

/** Rows as of several seqs, as the object itself would have sent them. */
async function rows(): Promise<readonly TransferRow[]> {
  const { stub, create } = newTransfer()
  await create()
  const first = await stub.nudge('cron')
  if (first === null) throw new Error('it exists')
  const { row } = first
  const later = (seq: number, status: 'queued' | 'mined'): TransferRow => ({
    ...row,
    seq,
    document: { ...row.document, seq, status },
  })
  return [{ ...row, seq: 100 }, later(101, 'queued'), later(102, 'mined')]
}

it('events in any order, doubled and late, leave the row of the highest seq', async () => {
  const [one, two, three] = await rows()
  for (const order of [[three, one, two, one, three], [two], [one, one]]) await deliver('events', order)
  const [row] = await rowsOf(one?.transfer ?? '')
  expect(row).toMatchObject({ seq: 102, status: 'mined', is_final: 0, tenant: TENANT })
})

it('a rebuilt object counts on: a higher incarnation replaces any seq, a lower one nothing', async () => {
  const [one, , three] = await rows()
  if (one === undefined || three === undefined) throw new Error('rows')
  await deliver('events', [three])
  await deliver('events', [{ ...one, incarnation: 2, seq: 1 }])
  await deliver('events', [three])
  expect((await rowsOf(one.transfer))[0]).toMatchObject({ incarnation: 2, seq: 1 })
})

it('a transfer with much calldata reaches the read model although no message could carry its row', async () => {
  const { id, stub, create } = newTransfer({
    action: {
      type: 'call',
      to: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
      data: `0x${'ab'.repeat(60_000)}`,
    },
  })
  await create()
  const row = await stub.row()
  if (row === null) throw new Error('it exists')
  const message = toEventMessage(row)
  expect(message).toEqual({ v: MESSAGE_VERSION, transfer: id, row: 'ask' })
  await deliver('events', [message])
  expect(JSON.parse(String((await rowsOf(id))[0]?.document)).action.data).toHaveLength(120_002)
})

it('a message that nobody understands is given back to the queue, and harms none beside it', async () => {
  const [one] = await rows()
  const { result } = await deliver('events', [{ v: 99 }, one, 'nonsense', null])
  expect(result.retryMessages).toHaveLength(3)
  expect(await rowsOf(one?.transfer ?? '')).toHaveLength(1)
})

it('what a queue gave up on is parked once, with its body and queue', async () => {
  const { messages, result } = await deliver('events-dead', [{ v: 99, note: 'poison' }], 6)
  expect(result.ackAll).toBe(true)
  const again = createMessageBatch('events-dead', messages)
  await worker.queue(again, env)
  const { results } = await env.DB.prepare(
    'SELECT queue, body, attempts, replayed_at FROM parked_messages',
  ).all()
  expect(results).toEqual([
    { queue: 'events-dead', body: '{"v":99,"note":"poison"}', attempts: 6, replayed_at: null },
  ])
})

it('a submission of an unknown or ended transfer is settled and makes no object', async () => {
  const ended = newTransfer({ not_before: '2999-01-01T00:00:00Z' })
  await ended.create()
  await ended.stub.cancel(TENANT, 'c', { source: 'queue' })
  const unknown = newTransfer()
  const { messages, result } = await deliver('submissions', [
    { v: MESSAGE_VERSION, transfer: ended.id },
    { v: MESSAGE_VERSION, transfer: unknown.id },
  ])
  expect(result.explicitAcks).toEqual(messages.map(({ id }) => id))
  expect(await unknown.stub.read(TENANT)).toBeNull()
})

it('a queue that nobody consumes is an error, not a silent loss', async () => {
  await expect(deliver('unheard-of', [{}])).rejects.toThrow(/no consumer/)
})

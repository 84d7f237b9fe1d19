// Cron in the real runtime: lost alarms are found, rows that are behind are repaired, and the report says so.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { projectRows, repairRows } from '../../src/shared/adapters/d1/project-rows.ts'
import { dispatchTick, RECONCILE_CRON, SWEEP_CRON } from '../../src/workers/cron/dispatch.ts'
import { newTransfer } from './support/transfers.ts'

async function overdueTransfer() {
  const transfer = newTransfer()
  await transfer.create()
  const nudged = await transfer.stub.nudge('cron')
  if (nudged === null) throw new Error('it exists')
  const longAgo = Date.now() - 10 * 60_000
  await projectRows(env.DB, [{ ...nudged.row, next_wake_at: longAgo }])
  return { ...transfer, row: nudged.row }
}

it('the sweep finds a transfer whose alarm was lost and sets it again', async () => {
  const { stub } = await overdueTransfer()
  await runInDurableObject(stub, (_object, state) => state.storage.deleteAlarm())
  await dispatchTick(SWEEP_CRON, Date.now(), env)
  const alarm = await runInDurableObject(stub, (_object, state) => state.storage.getAlarm())
  expect(alarm).toBeGreaterThan(Date.now())
})

it('reconciliation rewrites a row that differs from its object, and reports it', async () => {
  const { id, row } = await overdueTransfer()
  await env.DB.prepare(`UPDATE transfers SET status = 'mined', seq = 999, document = '{}' WHERE id = ?`)
    .bind(id)
    .run()
  await dispatchTick(RECONCILE_CRON, Date.now(), env)
  const repaired = await env.DB.prepare('SELECT status, seq, document FROM transfers WHERE id = ?')
    .bind(id)
    .first()
  expect(repaired?.seq).not.toBe(999)
  expect(JSON.parse(String(repaired?.document)).id).toBe(row.transfer)
  const report = await env.DB.prepare('SELECT * FROM reconciliation_reports ORDER BY id DESC').first()
  expect(report?.repaired).toBeGreaterThanOrEqual(1)
  expect(JSON.parse(String(report?.details)).repaired).toContain(id)
})

it('a repair replaces the row that was seen, also by an older one, and nothing that was projected since', async () => {
  const { id, row } = await overdueTransfer()
  const seqOf = async () => {
    const found = await env.DB.prepare('SELECT seq FROM transfers WHERE id = ?').bind(id).first()
    return found?.seq
  }
  const ahead = { ...row, seq: row.seq + 5 }
  await projectRows(env.DB, [ahead])
  await repairRows(env.DB, [{ row, seen: row }])
  expect(await seqOf()).toBe(ahead.seq)
  await repairRows(env.DB, [{ row, seen: ahead }])
  expect(await seqOf()).toBe(row.seq)
})

it('with nothing unfinished the report says zero', async () => {
  await env.DB.prepare('DELETE FROM transfers').run()
  await dispatchTick(RECONCILE_CRON, Date.now(), env)
  const report = await env.DB.prepare('SELECT * FROM reconciliation_reports ORDER BY id DESC').first()
  expect(report).toMatchObject({ checked: 0, repaired: 0, driven: 0, off_chain: 0, failed: 0 })
})

it('an unknown tick is an error', async () => {
  await expect(dispatchTick('0 0 1 1 *', 0, env)).rejects.toThrow(/no work/)
})

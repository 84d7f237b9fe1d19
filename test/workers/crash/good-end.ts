// What must be true in the end, whatever happened on the way: it is final, paid once, its log verifies, and no byte had
// left that the signer's log did not hold.

import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import type { TransferDocument } from '../../../src/shared/schema/transfer-document.ts'
import { walDocument } from '../../../src/shared/schema/wal-document.ts'
import { emptyPosition, headOf, verifyGroups } from '../../../src/shared/wal/group.ts'
import { TENANT, transferStub } from '../support/transfers.ts'
import { type CrashRun, untilAnswered } from './crash-run.ts'

export async function expectGoodEnd(run: CrashRun, end: TransferDocument, name: string): Promise<void> {
  expect(end.status, name).toBe('finalized')
  await expectBytesInLog(run, name)
  await expectPaidOnce(run, name)
  await expectAtRest(run, end, name)
}

export async function expectCanceled(run: CrashRun, end: TransferDocument, name: string): Promise<void> {
  expect(end.status, name).toBe('canceled')
  const { sent, mined } = await run.account()
  expect({ sent, mined }, name).toEqual({ sent: [], mined: [] })
  await expectAtRest(run, end, name)
}

/** The log verifies, and the read model has the end. */
async function expectAtRest(run: CrashRun, end: TransferDocument, name: string): Promise<void> {
  await expectVerified(run, name)
  await run.rest()
  const row = await env.DB.prepare('SELECT status FROM transfers WHERE id = ?').bind(end.id).first()
  expect(row, name).toEqual({ status: end.status })
}

export async function expectBytesInLog(run: CrashRun, name: string): Promise<void> {
  // First what left, then what the log holds: the other way round a broadcast in between would look like a breach.
  const { sent } = await run.account()
  const signed = new Set(await run.signedHashes())
  expect(
    sent.filter((hash) => !signed.has(hash)),
    name,
  ).toEqual([])
}

async function expectPaidOnce(run: CrashRun, name: string): Promise<void> {
  const { request } = run.transfer.input
  const { mined } = await run.account()
  expect(mined, name).toHaveLength(1)
  expect(mined[0], name).toMatchObject({
    to: 'to' in request.action ? request.action.to : null,
    value: request.action.type === 'native' ? String(request.action.amount) : '0',
  })
}

async function expectVerified(run: CrashRun, name: string): Promise<void> {
  const wal = walDocument.parse(
    await untilAnswered(() => transferStub(run.transfer.id).wal(TENANT, 0, 1_000)),
  )
  const verified = verifyGroups(emptyPosition({ class: wal.class, object: wal.object }), wal.groups)
  expect(verified.ok && headOf(verified.value), name).toEqual(wal.head)
}

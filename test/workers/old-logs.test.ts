// An object that an older version left, woken by this one in the real runtime: it is read as it was, and goes on.

import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { assert } from '../../src/shared/lib/assert.ts'
import { walDocument } from '../../src/shared/schema/wal-document.ts'
import { isTenantId } from '../../src/shared/tenancy/tenant-id.ts'
import { emptyPosition, headOf, verifyGroups } from '../../src/shared/wal/group.ts'
import heldView from '../support/corpus/v1/transfer-held.json'
import heldSql from '../support/corpus/v1/transfer-held.sql?raw'
import { transferStub } from './support/transfers.ts'

const ID = heldView.view.document.id
const TENANT = 'dev'

test('a transfer that waited under the version before is canceled under this one', async () => {
  assert(isTenantId(TENANT), 'a tenant')
  await runInDurableObject(env.TRANSFER.getByName(ID), (_object, { storage }) => storage.sql.exec(heldSql))
  await abortAllDurableObjects()
  expect(await transferStub(ID).read(TENANT)).toMatchObject(heldView.view.document)
  const canceled = await transferStub(ID).cancel(TENANT, 'later', { source: 'queue' })
  expect(canceled).toMatchObject({ answer: { result: 'canceled' }, document: { status: 'canceled' } })
  const wal = walDocument.parse(await transferStub(ID).wal(TENANT, 0, 100))
  const verified = verifyGroups(emptyPosition({ class: wal.class, object: wal.object }), wal.groups)
  expect(verified.ok && headOf(verified.value)).toEqual(wal.head)
  expect(wal.head.seq).toBeGreaterThan(heldView.view.document.seq)
})

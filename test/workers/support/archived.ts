// Transfers whose logs are in the archive, for tests of what is done with it.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, vi } from 'vitest'
import { readArchive } from '../../../src/shared/adapters/archive/read-archive.ts'
import { joinParts } from '../../../src/shared/archive/join-parts.ts'
import { MESSAGE_VERSION } from '../../../src/shared/schema/queue-messages.ts'
import { emptyPosition } from '../../../src/shared/wal/group.ts'
import { deliver } from './deliver.ts'
import { newTransfer, TENANT } from './transfers.ts'

export type Transfer = ReturnType<typeof newTransfer>

/** Milliseconds: the queues bring it, on a machine that does other work. */
const SETTLES_WITHIN = { timeout: 20_000, interval: 20 }
/** More than any log of a test has. */
const ALL = 1_000

export const announcement = ({ id }: Pick<Transfer, 'id'>) => ({
  v: MESSAGE_VERSION,
  archive: { class: 'TransferObject', object: id },
})

/** Of a pool that has nobody: no signer moves it. The archive has heard of it. */
export async function created(): Promise<Transfer> {
  const transfer = newTransfer({ from: 'pool:nobody' })
  await transfer.create()
  await vi.waitFor(
    async () => expect(await archivedGroups(transfer)).toEqual(await logOf(transfer)),
    SETTLES_WITHIN,
  )
  return transfer
}

/** One whose log will not grow any more by what goes on beside the test. */
export async function ended(): Promise<Transfer> {
  const transfer = await created()
  await transfer.stub.cancel(TENANT, 'c', { source: 'queue' })
  return transfer
}

/** Ended, in the read model and in the archive. */
export async function archivedTransfer(): Promise<Transfer> {
  const transfer = await ended()
  await deliver('events', [await transfer.stub.row(), announcement(transfer)])
  return transfer
}

export async function archivedGroups({ id }: Pick<Transfer, 'id'>) {
  const identity = { class: 'TransferObject', object: id }
  return joinParts(emptyPosition(identity), await readArchive(env, identity, 0)).groups
}

export async function logOf({ stub }: Transfer) {
  const wal = await stub.wal(TENANT, 0, ALL)
  if (wal === null) throw new Error('it exists')
  return wal.groups
}

export async function partsOf({ id }: Pick<Transfer, 'id'>) {
  const query = 'SELECT * FROM archive_parts WHERE object = ? ORDER BY last_seq, is_sealed'
  const { results } = await env.DB.prepare(query).bind(id).all()
  return results
}

/** The object's storage is gone, as if it had never been. */
export async function lose({ stub }: Transfer): Promise<void> {
  await runInDurableObject(stub, async (_object, state) => {
    await state.storage.deleteAlarm()
    await state.storage.deleteAll()
  })
}

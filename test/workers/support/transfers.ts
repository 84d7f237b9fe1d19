// Transfers of a fresh name each, so that no test sees another one's object.

import { env } from 'cloudflare:workers'
import { assert } from '../../../src/shared/lib/assert.ts'
import type { ActorNamespace } from '../../../src/shared/ports/namespace.ts'
import type { TransferActor } from '../../../src/shared/ports/transfer-actor.ts'
import { transferRequest } from '../../../src/shared/schema/transfer-request.ts'
import { isTenantId, type TenantId } from '../../../src/shared/tenancy/tenant-id.ts'
import type { CreateInput } from '../../../src/shared/transfer/decide.ts'
import { transferId } from '../../../src/shared/transfer/transfer-id.ts'
import { TEST_CHAIN, TEST_SIGNER } from './settings.ts'

export const TENANT = tenantId('test')
export const OTHER_TENANT = tenantId('other')

/** By the port: the runtime's own types of a stub lose recursive JSON. */
const TRANSFERS: ActorNamespace<TransferStub> = env.TRANSFER
type TransferStub = DurableObjectStub & TransferActor

/** Made anew for each use where objects crash: after that a stub stays broken. */
export function transferStub(id: string): TransferStub {
  return TRANSFERS.getByName(id)
}

export function newTransfer(changes: Record<string, unknown> = {}) {
  const id = transferId(TENANT, crypto.randomUUID())
  const stub = TRANSFERS.getByName(id)
  const input: CreateInput = {
    id,
    tenant: TENANT,
    fingerprint: 'f'.repeat(64),
    request: transferRequest.parse({
      chain: TEST_CHAIN,
      from: TEST_SIGNER,
      action: { type: 'native', to: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8', amount: '1000' },
      ...changes,
    }),
    refusal: null,
  }
  return {
    id,
    stub,
    input,
    create: (over: Partial<CreateInput> = {}) => stub.create({ ...input, ...over }, { source: 'queue' }),
  }
}

function tenantId(text: string): TenantId {
  assert(isTenantId(text), 'a tenant')
  return text
}

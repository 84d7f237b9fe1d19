// Small domain values for tests, told apart by a number: checked once here, so that the tests can say them in a word.

import { type Address, isAddress } from '../../src/shared/chain/address.ts'
import { type ChainId, isChainId } from '../../src/shared/chain/chain-id.ts'
import { type BlockHash, isBlockHash, isTxHash, type TxHash } from '../../src/shared/chain/hash.ts'
import { assert } from '../../src/shared/lib/assert.ts'
import { type Hex, isHex } from '../../src/shared/lib/hex.ts'
import { type UnixMs, unixMs } from '../../src/shared/lib/time.ts'
import { isPoolSender, type PoolSender } from '../../src/shared/pool/sender.ts'
import { isTenantId, type TenantId } from '../../src/shared/tenancy/tenant-id.ts'
import type { TransferRequest } from '../../src/shared/transfer/request.ts'
import type { StepKey } from '../../src/shared/transfer/step-report.ts'
import { type TransferId, transferId } from '../../src/shared/transfer/transfer-id.ts'

export const CHAIN: ChainId = chainIdOf('eip155:31337')
export const TENANT: TenantId = tenantIdOf('acme')
/** When the tests begin. */
export const START: UnixMs = unixMs(Date.UTC(2026, 0, 31, 12))

export function addressOf(number: number): Address {
  const text = `0x${number.toString(16).padStart(40, '0')}`
  assert(isAddress(text), `not an address: ${text}`)
  return text
}

export function txHashOf(number: number): TxHash {
  const text = `0x${number.toString(16).padStart(64, '0')}`
  assert(isTxHash(text), `not a hash: ${text}`)
  return text
}

export function blockHashOf(number: number): BlockHash {
  const text = `0xb${number.toString(16).padStart(63, '0')}`
  assert(isBlockHash(text), `not a hash: ${text}`)
  return text
}

export function hexOf(text: string): Hex {
  assert(isHex(text), `not hex: ${text}`)
  return text
}

export function chainIdOf(text: string): ChainId {
  assert(isChainId(text), `not a chain: ${text}`)
  return text
}

export function tenantIdOf(text: string): TenantId {
  assert(isTenantId(text), `not a tenant: ${text}`)
  return text
}

export function poolOf(name: string): PoolSender {
  const text = `pool:${name}`
  assert(isPoolSender(text), `not a pool: ${text}`)
  return text
}

export function transferIdOf(number: number): TransferId {
  return transferId(TENANT, `key-${number}`)
}

export function stepKeyOf(number: number, generation = 0): StepKey {
  return { transfer: transferIdOf(number), step: 0, generation }
}

/** The account that everything of these tests is sent from. */
export const SIGNER: Address = addressOf(0xa)
export const RECIPIENT: Address = addressOf(0xb)

export function requestOf(change: Partial<TransferRequest> = {}): TransferRequest {
  return {
    chain: CHAIN,
    from: SIGNER,
    action: { type: 'native', to: RECIPIENT, amount: 1_000n },
    speed: 'standard',
    not_before: null,
    deadline: null,
    max_fee_per_gas: null,
    confirmations: null,
    batch: 'auto',
    on_failure: 'fail',
    visibility: 'public',
    reference: null,
    tags: [],
    ...change,
  }
}

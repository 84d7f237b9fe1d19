// The idempotency key names the actor: the same tenant and key always reach the same object.

import type { Address } from '../chain/address.ts'
import type { ChainId } from '../chain/chain-id.ts'
import { base32 } from '../lib/base32.ts'
import type { Brand } from '../lib/brand.ts'
import type { Hex } from '../lib/hex.ts'
import { sha256 } from '../lib/sha256.ts'
import type { TenantId } from '../tenancy/tenant-id.ts'

export type TransferId = Brand<`tr_${string}`, 'TransferId'>

/** Separates these hashes from every other use of SHA-256 here, and this framing from a later one. */
const FRAME = 'waybill/transfer/1'
const CARRIAGE_FRAME = 'waybill/carriage/1'

/** 256 bits are 52 characters of base 32; the last one carries a single bit, so it is `a` or `q`. */
const TRANSFER_ID_PATTERN = /^tr_[a-z2-7]{51}[aq]$/

export function isTransferId(text: string): text is TransferId {
  return TRANSFER_ID_PATTERN.test(text)
}

/** `tr_` + base32(SHA-256(frame | len(tenant) | tenant | len(key) | key)), lengths as 32-bit big-endian. */
export function transferId(tenant: TenantId, idempotencyKey: string): TransferId {
  const digest = sha256(FRAME, framed(tenant), framed(idempotencyKey))
  return `tr_${base32(digest)}` as TransferId
}

/** As those who bring a batch of `account` name it: like a transfer's, and no transfer's. */
export function carriageId(chain: ChainId, account: Address, batch: Hex): TransferId {
  const digest = sha256(CARRIAGE_FRAME, framed(chain), framed(account), framed(batch))
  return `tr_${base32(digest)}` as TransferId
}

function framed(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  const frame = new Uint8Array(4 + bytes.length)
  new DataView(frame.buffer).setUint32(0, bytes.length)
  frame.set(bytes, 4)
  return frame
}

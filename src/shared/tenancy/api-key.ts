// An API key as its owner holds it: `wb_{tenant}_{id}_{secret}`. Only the SHA-256 of the whole text is stored.
// Making a secret needs randomness, so the caller brings the bytes.

import { assert } from '../lib/assert.ts'
import { base32 } from '../lib/base32.ts'
import { sha256Hex } from '../lib/sha256.ts'
import { isTenantId, type TenantId } from './tenant-id.ts'

/** Bytes: 16 characters of base 32, more ids than a deployment will ever have keys. */
export const API_KEY_ID_BYTES = 10
/** Bytes: a 256-bit secret cannot be guessed, so a fast hash is enough to store it. */
export const API_KEY_SECRET_BYTES = 32

/** The parts that may be shown and logged; the secret is not among them. */
export type ApiKeyName = { readonly tenant: TenantId; readonly id: string }

/** The tenant and the id hold no underscore. Longer than any key that is made here is refused before it is hashed. */
const API_KEY_PATTERN = /^wb_([a-z0-9-]{1,32})_([A-Za-z0-9]{1,32})_[A-Za-z0-9_-]{16,128}$/

/** Null: not the text of a key. Says nothing about whether such a key was ever given out. */
export function apiKeyName(text: string): ApiKeyName | null {
  const [, tenant, id] = API_KEY_PATTERN.exec(text) ?? []
  if (tenant === undefined || id === undefined || !isTenantId(tenant)) return null
  return { tenant, id }
}

export function formatApiKey(tenant: TenantId, id: Uint8Array, secret: Uint8Array): string {
  assert(id.length === API_KEY_ID_BYTES, `an API key id has ${API_KEY_ID_BYTES} bytes`)
  assert(secret.length === API_KEY_SECRET_BYTES, `an API key secret has ${API_KEY_SECRET_BYTES} bytes`)
  return `wb_${tenant}_${base32(id)}_${base32(secret)}`
}

/** What the `api_keys` table holds. */
export function hashApiKey(text: string): string {
  return sha256Hex(text)
}

/** A key anywhere in a text, from its prefix to its end. */
const API_KEY_IN_TEXT_PATTERN = /wb_[a-z0-9-]+_[A-Za-z0-9]+_[A-Za-z0-9_-]+/g

/** For texts that others wrote and that are logged. */
export function withoutApiKeys(text: string): string {
  return text.replace(API_KEY_IN_TEXT_PATTERN, 'wb_[removed]')
}

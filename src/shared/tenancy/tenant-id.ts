// A tenant: whoever the keys, signers and transfers belong to. For others they do not exist.

import type { Brand } from '../lib/brand.ts'

export type TenantId = Brand<string, 'TenantId'>

/** No underscore: it separates the parts of an API key. */
const TENANT_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/

export function isTenantId(text: string): text is TenantId {
  return TENANT_PATTERN.test(text)
}

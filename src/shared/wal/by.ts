// Who caused a group of records. A turn has one cause, so the group carries it for all of its records.

import type { Role } from '../tenancy/role.ts'

export const OWN_SOURCES = ['queue', 'chain', 'transfer', 'alarm', 'cron', 'reconciliation'] as const

export type By =
  | { readonly source: 'api'; readonly key: string; readonly role: Role }
  /** News of a signer as of its log position `view`. */
  | { readonly source: 'signer'; readonly view: number }
  | { readonly source: (typeof OWN_SOURCES)[number] }

// Who is on the other side of a request, and what the database says of a key.

import type { Role } from '../../shared/tenancy/role.ts'
import type { TenantId } from '../../shared/tenancy/tenant-id.ts'

export type Caller = {
  readonly tenant: TenantId
  readonly tenantName: string
  readonly key: string
  readonly role: Role
  readonly tier: string
}

/** A key that is in use. */
export type KeyRow = {
  readonly tenant: string
  readonly tenantName: string
  readonly hash: string
  readonly role: Role
  readonly tier: string
}

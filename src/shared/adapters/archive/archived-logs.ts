// Which logs of a tenant the archive knows, page by page.

import { and, asc, eq, gt } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { TenantId } from '../../tenancy/tenant-id.ts'
import { archiveLogs } from '../d1/tables.ts'

export function archivedTransfers(
  database: D1Database,
  tenant: TenantId,
  after: string,
  limit: number,
): Promise<readonly { readonly object: string; readonly incarnation: number }[]> {
  return drizzle(database)
    .select({ object: archiveLogs.object, incarnation: archiveLogs.incarnation })
    .from(archiveLogs)
    .where(
      and(
        eq(archiveLogs.tenant, tenant),
        eq(archiveLogs.class, 'TransferObject'),
        gt(archiveLogs.object, after),
      ),
    )
    .orderBy(asc(archiveLogs.object))
    .limit(limit)
}

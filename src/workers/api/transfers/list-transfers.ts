// GET /v1/transfers: from the read model, newest first. It may lag behind the objects by a moment.

import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { z } from 'zod'
import { transfers } from '../../../shared/adapters/d1/tables.ts'
import { ok } from '../../../shared/lib/result.ts'
import { STATUSES, type Status } from '../../../shared/transfer/status.ts'
import { isTransferId, type TransferId } from '../../../shared/transfer/transfer-id.ts'
import { jsonText } from '../answer.ts'
import { fromDatabase } from '../dependency.ts'
import { EXAMPLE_TRANSFER } from '../openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from '../operation.ts'
import { decodeCursor, encodeCursor, nextLink, pageQuery, readQuery } from '../query.ts'

const listQuery = z.strictObject({
  ...pageQuery,
  status: z
    .string()
    .refine(
      (text) => text.split(',').every(isStatus),
      `must be of ${STATUSES.join(', ')}, with commas between`,
    )
    .transform((text) => text.split(',').filter(isStatus))
    .optional()
    .describe('Only transfers of this status, or of several with commas between.'),
})

export const listTransfers: Operation = {
  name: 'listTransfers',
  method: 'get',
  path: '/v1/transfers',
  group: 'Transfers',
  summary: 'List transfers',
  description:
    'The transfers of your tenant, newest first, from the read model. It follows the transfers by a moment: read one ' +
    'by its id where that matters.',
  query: listQuery,
  headers: [],
  answers: {
    200: {
      description: 'A page.',
      schema: 'TransferPage',
      headers: ['Link'],
      example: { data: [EXAMPLE_TRANSFER], next_cursor: null },
    },
  },
  problems: ['invalid_cursor', 'invalid_field', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle: handleList,
}

function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text)
}

type Place = { readonly createdAt: number; readonly id: TransferId }

async function handleList(call: TenantCall): Promise<Outcome> {
  const query = readQuery(call.request, listQuery)
  if (!query.ok) return query
  const { limit, status } = query.value
  const after = decodeCursor(query.value.cursor, readPlace)
  if (!after.ok) return after
  const rows = await loadRows(call, status ?? [], after.value, limit + 1)
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const next = last === undefined ? null : encodeCursor(String(last.created_at), last.id)
  // The documents are JSON already: parsing them only to write them again would be most of the work.
  const text = `{"data":[${page.map((row) => row.document).join(',')}],"next_cursor":${JSON.stringify(next)}}`
  if (next === null) return ok(jsonText(text))
  const link = nextLink('/v1/transfers', { status: status?.join(','), limit: String(limit), cursor: next })
  return ok(jsonText(text, 200, { Link: link }))
}

async function loadRows(call: TenantCall, statuses: readonly Status[], after: Place | null, limit: number) {
  const { created_at, id, tenant, status, document } = transfers
  return fromDatabase(() =>
    drizzle(call.env.DB)
      .select({ created_at, id, document })
      .from(transfers)
      .where(
        and(
          eq(tenant, call.caller.tenant),
          statuses.length === 0 ? undefined : inArray(status, [...statuses]),
          after === null ? undefined : sql`(${created_at}, ${id}) < (${after.createdAt}, ${after.id})`,
        ),
      )
      .orderBy(desc(created_at), desc(id))
      .limit(limit),
  )
}

function readPlace([createdAt, id, ...more]: readonly string[]): Place | null {
  if (createdAt === undefined || id === undefined || more.length > 0) return null
  if (!/^\d{1,15}$/.test(createdAt) || !isTransferId(id)) return null
  return { createdAt: Number(createdAt), id }
}

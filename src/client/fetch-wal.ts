// The whole log of a transfer, page by page.

import { z } from 'zod'
import { type WalDocument, walDocument } from '../shared/schema/wal-document.ts'
import type { WireGroup } from '../shared/wal/group.ts'
import { ApiError, callApi, type Target } from './api.ts'

const heads = z.looseObject({ seq: z.number(), head: z.string() })

/** What the transfer itself says is the end of its log. */
export async function fetchHead(target: Target, id: string) {
  const { seq, head } = read(heads, await callApi(target, 'GET', `/v1/transfers/${id}`))
  return { seq, digest: head }
}

export async function fetchWal(target: Target, id: string): Promise<WalDocument> {
  const groups: WireGroup[] = []
  for (;;) {
    const after = groups.at(-1)?.seq ?? 0
    const page = read(walDocument, await callApi(target, 'GET', `/v1/transfers/${id}/wal?after_seq=${after}`))
    groups.push(...page.groups)
    // An empty page before the head is a log that ends too early: verifying it says so.
    const isAll = page.groups.length === 0 || (groups.at(-1)?.seq ?? 0) >= page.head.seq
    if (isAll) return { ...page, groups }
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new ApiError(`an answer that cannot be read: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

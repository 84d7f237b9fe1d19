// Where a chain's object keeps the fees of recent blocks. No part of its log: it decides nothing for good, and an endpoint
// tells all of it anew. What does not read back is none.

import { z } from 'zod'
import { TIP_PERCENTILES } from '../../shared/fees/block-fees.ts'
import { type FeeHistory, NO_HISTORY } from '../../shared/fees/fee-history.ts'
import type { Sql, Storage } from '../sqlite/storage.ts'

/** `tips` null: the block to come, of which only the base fee is known. About 90 bytes a row, 1,025 rows at most. */
const TABLE = `
CREATE TABLE IF NOT EXISTS fee_block (
  number INTEGER PRIMARY KEY,
  base_fee TEXT NOT NULL,
  gas_ratio REAL,
  tips TEXT
) STRICT
`

const amount = z
  .string()
  .regex(/^\d{1,78}$/)
  .transform(BigInt)

const blockRow = z.object({
  number: z.int(),
  base_fee: amount,
  gas_ratio: z.number().nullable(),
  tips: z.string().transform((text, context) => {
    const tips = amount
      .array()
      .max(TIP_PERCENTILES.length)
      .safeParse(text === '' ? [] : text.split(','))
    if (tips.success) return tips.data
    context.addIssue('not amounts')
    return z.NEVER
  }),
})

const nextRow = z.object({ base_fee: amount })

/** Writes nothing. */
export function readFeeTable({ sql }: Storage): FeeHistory {
  if (!hasTable(sql)) return NO_HISTORY
  const rows = sql.exec(`SELECT number, base_fee, gas_ratio, tips FROM fee_block ORDER BY number`).toArray()
  const blocks = blockRow.array().safeParse(rows.slice(0, -1))
  const next = nextRow.safeParse(rows.at(-1))
  if (!blocks.success || !next.success || !isRun(blocks.data)) return NO_HISTORY
  return { blocks: blocks.data, next_base_fee: next.data.base_fee }
}

/** Only what changed: a block that is followed costs a few rows, however long the history is. */
export function writeFeeTable(storage: Storage, before: FeeHistory, after: FeeHistory): void {
  const { sql } = storage
  const [first] = after.blocks
  if (first === undefined) return
  const known = new Map(before.blocks.map((block) => [block.number, block]))
  storage.transactionSync(() => {
    if (!hasTable(sql)) sql.exec(TABLE)
    const next = first.number + after.blocks.length
    sql.exec(`DELETE FROM fee_block WHERE number < ? OR number > ?`, first.number, next)
    for (const block of after.blocks) {
      const same = known.get(block.number)
      if (same === block || (same !== undefined && textOf(same) === textOf(block))) continue
      put(sql, block.number, block.base_fee, block.gas_ratio, block.tips.join(','))
    }
    const wasNext = (before.blocks[0]?.number ?? 0) + before.blocks.length
    if (wasNext !== next || before.next_base_fee !== after.next_base_fee) {
      put(sql, next, after.next_base_fee, null, null)
    }
  })
}

type Block = FeeHistory['blocks'][number]

function put(sql: Sql, number: number, base: bigint, ratio: number | null, tips: string | null): void {
  sql.exec(
    `INSERT OR REPLACE INTO fee_block (number, base_fee, gas_ratio, tips) VALUES (?, ?, ?, ?)`,
    number,
    base.toString(),
    ratio,
    tips,
  )
}

function textOf({ base_fee, gas_ratio, tips }: Block): string {
  return [base_fee, gas_ratio, ...tips].join(',')
}

function isRun(blocks: readonly Block[]): boolean {
  const [first] = blocks
  return first !== undefined && blocks.every(({ number }, index) => number === first.number + index)
}

function hasTable(sql: Sql): boolean {
  return sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'fee_block'`).toArray().length > 0
}

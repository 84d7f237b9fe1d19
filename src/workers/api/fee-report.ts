// GET /v1/reports/fees: what transfers paid for gas, and what common libraries would have paid on the same blocks.

import { z } from 'zod'
import { feeRowsStatement } from '../../shared/adapters/d1/transfer-fees.ts'
import { type FeeReport, feeReport, type PaidFee } from '../../shared/fees/fee-report.ts'
import { ok } from '../../shared/lib/result.ts'
import { DAY_MS, unixMs } from '../../shared/lib/time.ts'
import { feeReportView, toChainFeeReport } from '../../shared/schema/api-fee-report.ts'
import { feeBaselineJson } from '../../shared/schema/fee-baseline.ts'
import { chainId, time } from '../../shared/schema/scalars.ts'
import { jsonAnswer } from './answer.ts'
import { fromDatabase } from './dependency.ts'
import { fieldProblem } from './input-fault.ts'
import { EXAMPLE_FEE_REPORT } from './openapi/examples.ts'
import type { Operation, Outcome, TenantCall } from './operation.ts'
import { readQuery } from './query.ts'

/** Transfers of one answer: a row is 400 bytes. */
const TRANSFERS_MAX = 10_000

const reportQuery = z.strictObject({
  chain: chainId.optional().describe('Only transfers on this chain.'),
  from: time.optional().describe('Transfers that ended at this time or later. Default: a day before `to`.'),
  to: time.optional().describe('Transfers that ended before this time. Default: now.'),
})

export const readFeeReport: Operation = {
  name: 'readFeeReport',
  method: 'get',
  path: '/v1/reports/fees',
  group: 'Chains and signers',
  summary: 'Report fees',
  description:
    'What the transfers of your tenant paid for gas in a time, beside what viem, ethers and geth would have paid on the same ' +
    'blocks: each transfer alone, at once, and with their own bids. From the read model: a transfer is in it about a minute ' +
    'after it ended.',
  query: reportQuery,
  headers: [],
  answers: { 200: { description: 'By chain.', schema: 'FeeReport', example: EXAMPLE_FEE_REPORT } },
  problems: ['invalid_chain', 'invalid_time', 'unknown_field', 'duplicate_field'],
  role: 'viewer',
  handle,
}

const feeRow = z.object({
  chain: chainId,
  hash: z.string(),
  kind: z.enum(['native', 'erc20', 'call', 'batch']),
  gas_used: z.string().transform(BigInt),
  fee_paid: z.string().transform(BigInt),
  baseline: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(feeBaselineJson)
    .nullable(),
})

async function handle(call: TenantCall): Promise<Outcome> {
  const query = readQuery(call.request, reportQuery)
  if (!query.ok) return query
  const { chain = null, to = unixMs(Date.now()) } = query.value
  const { from = unixMs(Math.max(0, to - DAY_MS)) } = query.value
  if (from >= to)
    return { ok: false, error: fieldProblem('from', 'invalid_time', 'must be a time before `to`') }
  const { sql, params } = feeRowsStatement({ tenant: call.caller.tenant, chain, from, to }, TRANSFERS_MAX + 1)
  const rows = await fromDatabase(async () => {
    const { results } = await call.env.DB.prepare(sql)
      .bind(...params)
      .all()
    return feeRow.array().parse(results)
  })
  const data = [...reportsByChain(rows.slice(0, TRANSFERS_MAX))].map(([one, report]) =>
    toChainFeeReport(one, report),
  )
  const is_partial = rows.length > TRANSFERS_MAX
  return ok(jsonAnswer(z.encode(feeReportView, { from, to, is_partial, data })))
}

type Row = z.output<typeof feeRow>

function reportsByChain(rows: readonly Row[]): ReadonlyMap<Row['chain'], FeeReport> {
  const byChain = Map.groupBy(rows, ({ chain }) => chain)
  return new Map([...byChain].map(([chain, fees]) => [chain, feeReport(fees satisfies readonly PaidFee[])]))
}

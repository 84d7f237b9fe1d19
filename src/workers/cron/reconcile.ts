// Every five minutes: each unfinished transfer is held against its object, its signer and the chain, and its row of the
// read model against it. What differs is repaired, and the report says how much did.

import { and, asc, desc, eq, gt } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { projectRows } from '../../shared/adapters/d1/project-rows.ts'
import { reconciliationReports, transfers } from '../../shared/adapters/d1/tables.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { SignerActor } from '../../shared/ports/signer-actor.ts'
import type { Nudged, TransferActor } from '../../shared/ports/transfer-actor.ts'
import type { TransferRow } from '../../shared/schema/queue-messages.ts'
import { blockHash, chainId } from '../../shared/schema/scalars.ts'
import { isFinal } from '../../shared/transfer/status.ts'
import { mapBounded } from '../map-bounded.ts'

export type ReconcileEnv = {
  readonly DB: D1Database
  readonly TRANSFER: ActorNamespace<Pick<TransferActor, 'nudge'>>
  readonly SIGNER: ActorNamespace<Pick<SignerActor, 'nudge'>>
  readonly CHAIN: ActorNamespace<Pick<ChainActor, 'nudge' | 'depth'>>
}

const PAGE_ROWS = 200
/** Transfers of one run, a few calls each: below the calls that an invocation has. The next run goes on from there. */
const RECONCILE_MAX = 2_000
const CALLS_AT_ONCE = 50
/** Ids of one kind in a report: enough to look into, not a second read model. */
const DETAILS_MAX = 50

type Row = Pick<
  typeof transfers.$inferSelect,
  'id' | 'chain' | 'from_address' | 'incarnation' | 'seq' | 'document'
>

/** Ids by what was found. */
type Findings = Record<'repaired' | 'driven' | 'off_chain' | 'failed', string[]>

export async function reconcile(env: ReconcileEnv, startedAt: number): Promise<void> {
  const findings: Findings = { repaired: [], driven: [], off_chain: [], failed: [] }
  let checked = 0
  let after: string | null = await lastStop(env.DB)
  while (after !== null && checked < RECONCILE_MAX) {
    const page = await unfinished(env.DB, after)
    if (page.length > 0) await reconcilePage(env, page, findings)
    checked += page.length
    // A page that is not full is the last one: the next run begins at the beginning.
    after = page.length < PAGE_ROWS ? null : (page.at(-1)?.id ?? null)
  }
  await writeReport(env.DB, { startedAt, checked, resumeAfter: after }, findings)
}

/** An id, or an empty text: from the beginning. */
async function lastStop(database: D1Database): Promise<string> {
  const [last] = await drizzle(database)
    .select({ resume_after: reconciliationReports.resume_after })
    .from(reconciliationReports)
    .orderBy(desc(reconciliationReports.id))
    .limit(1)
  return last?.resume_after ?? ''
}

function unfinished(database: D1Database, after: string): Promise<Row[]> {
  return drizzle(database)
    .select({
      id: transfers.id,
      chain: transfers.chain,
      from_address: transfers.from_address,
      incarnation: transfers.incarnation,
      seq: transfers.seq,
      document: transfers.document,
    })
    .from(transfers)
    .where(and(eq(transfers.is_final, 0), gt(transfers.id, after)))
    .orderBy(asc(transfers.id))
    .limit(PAGE_ROWS)
}

async function reconcilePage(env: ReconcileEnv, page: readonly Row[], findings: Findings): Promise<void> {
  // First the signers, which ask the chain where their facts are old; then what the transfers hear from them is new.
  const signers = [...new Set(page.map((row) => `${row.chain}/${row.from_address}`))]
  await mapBounded(signers, CALLS_AT_ONCE, async (name) => {
    await attempt(name, findings, () => env.SIGNER.getByName(name).nudge())
  })
  const repairs: TransferRow[] = []
  await mapBounded(page, CALLS_AT_ONCE, async (row) => {
    const nudged = await attempt(row.id, findings, () =>
      env.TRANSFER.getByName(row.id).nudge('reconciliation'),
    )
    if (nudged === null || nudged === undefined) return
    if (nudged.row.seq > nudged.seqBefore) findings.driven.push(row.id)
    if (isBehind(row, nudged)) repairs.push(nudged.row)
    await attempt(row.id, findings, () => compareWithChain(env, nudged.row, findings))
  })
  if (repairs.length === 0) return
  await projectRows(env.DB, repairs, 'always')
  findings.repaired.push(...repairs.map(({ transfer }) => transfer))
}

function isBehind(row: Row, { row: truth }: Nudged): boolean {
  const isSame = row.incarnation === truth.incarnation && row.seq === truth.seq
  return !isSame || row.document !== JSON.stringify(truth.document)
}

/** A block that the transfer rests on and the chain does not know is a reorg that was not told. */
async function compareWithChain(env: ReconcileEnv, truth: TransferRow, findings: Findings): Promise<void> {
  const step = truth.document.steps[0]
  if (step?.block_number == null || step.block_hash == null || isFinal(truth.document.status)) return
  const chain = chainId.parse(truth.chain)
  const block = { number: step.block_number, hash: blockHash.parse(step.block_hash) }
  const depth = await env.CHAIN.getByName(chain).depth(chain, block)
  if (depth.confirmations === null && !depth.isFinal) findings.off_chain.push(truth.transfer)
}

async function attempt<T>(name: string, findings: Findings, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    findings.failed.push(name)
    logEvent('warn', 'reconciliation.failed', { name, error })
    return undefined
  }
}

async function writeReport(
  database: D1Database,
  run: { readonly startedAt: number; readonly checked: number; readonly resumeAfter: string | null },
  findings: Findings,
): Promise<void> {
  const details = Object.fromEntries(
    Object.entries(findings).map(([kind, ids]) => [kind, ids.slice(0, DETAILS_MAX)]),
  )
  const counts = {
    checked: run.checked,
    repaired: findings.repaired.length,
    driven: findings.driven.length,
    off_chain: findings.off_chain.length,
    failed: findings.failed.length,
  }
  await drizzle(database)
    .insert(reconciliationReports)
    .values({
      started_at: run.startedAt,
      finished_at: Date.now(),
      ...counts,
      details: JSON.stringify(details),
      resume_after: run.resumeAfter,
    })
  logEvent(counts.off_chain + counts.failed > 0 ? 'warn' : 'info', 'reconciliation.done', counts)
}

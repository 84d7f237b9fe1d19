// Every five minutes: each unfinished transfer is held against its object, its signer and the chain, and its row of the
// read model against it. What differs is repaired, and the report says how much did.

import type { RowRepair } from '../../shared/adapters/d1/project-rows.ts'
import type { LogLevel } from '../../shared/adapters/json-log.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import type { ChainActor } from '../../shared/ports/chain-actor.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import type { SignerActor } from '../../shared/ports/signer-actor.ts'
import type { Nudged, TransferActor } from '../../shared/ports/transfer-actor.ts'
import type { TransferRow } from '../../shared/schema/queue-messages.ts'
import { blockHash, chainId } from '../../shared/schema/scalars.ts'
import { isFinal } from '../../shared/transfer/status.ts'

export type ReconcileDeps = {
  readonly now: () => UnixMs
  /** Where the last run stopped: an id, or an empty text: from the beginning. */
  readonly lastStop: () => Promise<string>
  /** Rows of unfinished transfers after this id, in the order of their ids. */
  readonly unfinished: (after: string, limit: number) => Promise<readonly UnfinishedRow[]>
  /** Into the read model, where it is as it was seen: what was projected since then knows better. */
  readonly repair: (repairs: readonly RowRepair[]) => Promise<void>
  readonly report: (report: ReconciliationReport) => Promise<void>
  readonly transfers: ActorNamespace<Pick<TransferActor, 'nudge'>>
  readonly signers: ActorNamespace<Pick<SignerActor, 'nudge'>>
  readonly chainActors: ActorNamespace<Pick<ChainActor, 'depth'>>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

export type UnfinishedRow = {
  readonly id: string
  readonly chain: string
  /** Null: none was bound yet. */
  readonly signer: string | null
  readonly incarnation: number
  readonly seq: number
  readonly document: string
}

/** As the table of reports has it. */
export type ReconciliationReport = {
  readonly started_at: number
  readonly finished_at: number
  readonly checked: number
  readonly repaired: number
  readonly driven: number
  readonly off_chain: number
  readonly failed: number
  readonly details: string
  readonly resume_after: string | null
}

const PAGE_ROWS = 200
/** Transfers of one run, a few calls each: below the calls that an invocation has. The next run goes on from there. */
const RECONCILE_MAX = 2_000
const CALLS_AT_ONCE = 50
/** Ids of one kind in a report: enough to look into, not a second read model. */
const DETAILS_MAX = 50

/** Ids by what was found. */
type Findings = Record<'repaired' | 'driven' | 'off_chain' | 'failed', string[]>

export async function reconcile(deps: ReconcileDeps, startedAt: number): Promise<void> {
  const findings: Findings = { repaired: [], driven: [], off_chain: [], failed: [] }
  let checked = 0
  let after: string | null = await deps.lastStop()
  while (after !== null && checked < RECONCILE_MAX) {
    const page = await deps.unfinished(after, PAGE_ROWS)
    if (page.length > 0) await reconcilePage(deps, page, findings)
    checked += page.length
    // A page that is not full is the last one: the next run begins at the beginning.
    after = page.length < PAGE_ROWS ? null : (page.at(-1)?.id ?? null)
  }
  await report(deps, { startedAt, checked, resumeAfter: after }, findings)
}

async function reconcilePage(
  deps: ReconcileDeps,
  page: readonly UnfinishedRow[],
  findings: Findings,
): Promise<void> {
  // First the signers, which ask the chain where their facts are old; then what the transfers hear from them is new.
  const signers = [
    ...new Set(page.flatMap(({ chain, signer }) => (signer === null ? [] : [`${chain}/${signer}`]))),
  ]
  await mapBounded(signers, CALLS_AT_ONCE, async (name) => {
    await attempt(deps, name, findings, () => deps.signers.getByName(name).nudge())
  })
  const repairs: RowRepair[] = []
  await mapBounded(page, CALLS_AT_ONCE, async (row) => {
    const nudged = await attempt(deps, row.id, findings, () =>
      deps.transfers.getByName(row.id).nudge('reconciliation'),
    )
    if (nudged === null || nudged === undefined) return
    if (nudged.row.seq > nudged.seqBefore) findings.driven.push(row.id)
    if (isOther(row, nudged)) repairs.push({ row: nudged.row, seen: row })
    await attempt(deps, row.id, findings, () => compareWithChain(deps, nudged.row, findings))
  })
  if (repairs.length === 0) return
  await deps.repair(repairs)
  findings.repaired.push(...repairs.map(({ row }) => row.transfer))
}

function isOther(row: UnfinishedRow, { row: truth }: Nudged): boolean {
  const isSame = row.incarnation === truth.incarnation && row.seq === truth.seq
  return !isSame || row.document !== JSON.stringify(truth.document)
}

/** A block that the transfer rests on and the chain does not know is a reorg that was not told. */
async function compareWithChain(deps: ReconcileDeps, truth: TransferRow, findings: Findings): Promise<void> {
  const step = truth.document.steps[0]
  if (step?.block_number == null || step.block_hash == null || isFinal(truth.document.status)) return
  const chain = chainId.parse(truth.chain)
  const block = { number: step.block_number, hash: blockHash.parse(step.block_hash) }
  const depth = await deps.chainActors.getByName(chain).depth(chain, block)
  if (depth.confirmations === null && !depth.isFinal) findings.off_chain.push(truth.transfer)
}

async function attempt<T>(
  { log }: ReconcileDeps,
  name: string,
  findings: Findings,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    findings.failed.push(name)
    log('warn', 'reconciliation.failed', { name, error })
    return undefined
  }
}

async function report(
  { now, report: write, log }: ReconcileDeps,
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
  await write({
    started_at: run.startedAt,
    finished_at: now(),
    ...counts,
    details: JSON.stringify(details),
    resume_after: run.resumeAfter,
  })
  log(counts.off_chain + counts.failed > 0 ? 'warn' : 'info', 'reconciliation.done', counts)
}

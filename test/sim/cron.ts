// The ticks of cron, and the stubs by which workers reach objects: what a shell adds to its engine's method is here too.

import type { ChainActor } from '../../src/shared/ports/chain-actor.ts'
import { signerObjectName } from '../../src/shared/ports/namespace.ts'
import type { SignerActor } from '../../src/shared/ports/signer-actor.ts'
import type { Nudged, TransferActor } from '../../src/shared/ports/transfer-actor.ts'
import type { TransferRow } from '../../src/shared/schema/queue-messages.ts'
import { reconcile } from '../../src/workers/cron/reconcile.ts'
import { sweepOverdue } from '../../src/workers/cron/sweep.ts'
import { CHAIN, TENANT } from '../support/domain-values.ts'
import type { ChainHost, SignerHost, TransferHost } from './actors.ts'
import type { ReadModel } from './read-model.ts'
import type { Party } from './stage.ts'
import { Worker } from './worker.ts'
import type { World } from './world.ts'

const SWEEP_MS = 60_000
/** Ticks of the sweep between two reconciliations. */
const RECONCILE_TICKS = 5
/** When nothing is left to find, the ticks of a day would only take time. */
const IDLE_SWEEP_MS = 3_600_000

type TransferStub = Pick<
  TransferActor,
  'bind' | 'row' | 'acknowledgeProjection' | 'acknowledgeOutbox' | 'nudge'
>
type SignerStub = Pick<SignerActor, 'admit' | 'outcomes' | 'load' | 'nudge'>

export class Cron {
  readonly #world: World
  #ticks = 0

  constructor(world: World) {
    this.#world = world
  }

  begin(): void {
    this.#tick()
  }

  transferStub(party: Party, id: string): TransferStub {
    const { actors } = this.#world
    const host = actors.transfer(id)
    return {
      bind: (choice) => host.call(party, 'bind', (engine) => engine.bind(choice)),
      row: () => host.call(party, 'row', (engine) => engine.row()),
      acknowledgeProjection: (incarnation, seq) =>
        host.call(party, 'acknowledge', (engine) => engine.acknowledgeProjection(incarnation, seq)),
      acknowledgeOutbox: (incarnation, seq) =>
        host.call(party, 'acknowledge', (engine) => engine.acknowledgeOutbox(incarnation, seq)),
      nudge: (source) =>
        host.call(party, 'nudge', async (engine): Promise<Nudged | null> => {
          const seqBefore = engine.journal?.wal.head.seq ?? 0
          await engine.wake(source)
          const row = engine.row()
          return row === null ? null : { seqBefore, row }
        }),
    }
  }

  signerStub(party: Party, name: string): SignerStub {
    const host = this.#world.actors.signer(name)
    return {
      admit: (signer, admissions) => host.call(party, 'admit', (engine) => engine.admit(signer, admissions)),
      load: (signer) => host.call(party, 'load', (engine) => engine.load(signer)),
      outcomes: (told) => host.call(party, 'outcomes', (engine) => engine.outcomes(told)),
      nudge: () =>
        host.call(party, 'nudge', (engine) =>
          engine
            .wake()
            .catch(host.told.bind(host))
            .then(() => {}),
        ),
    }
  }

  #chainStub(party: Party, name: string): Pick<ChainActor, 'nudge' | 'depth'> {
    const host = this.#world.actors.chain(name)
    return {
      depth: (chain, block) => host.call(party, 'depth', (engine) => engine.depth(chain, block)),
      nudge: () =>
        host.call(party, 'nudge', (engine) =>
          engine
            .wake()
            .catch(host.told.bind(host))
            .then(() => {}),
        ),
    }
  }

  /** A person, or a check that comes by: what is the matter with this object? */
  lookAt(host: TransferHost | SignerHost | ChainHost): void {
    const worker = new Worker(this.#world.stage, 'somebody')
    const { name } = host
    const look = (): Promise<unknown> => {
      if (this.#world.transfers.has(name)) return this.transferStub(worker, name).nudge('reconciliation')
      return (
        this.#world.signers.has(name) ? this.signerStub(worker, name) : this.#chainStub(worker, name)
      ).nudge()
    }
    look().catch(() => {})
  }

  /** Into the read model, unless it is down; no row of it ever goes back. */
  project(rows: readonly TransferRow[]): void {
    this.#write(rows, (readModel) => readModel.project(rows))
  }

  #write(rows: readonly TransferRow[], write: (readModel: ReadModel) => void): void {
    const { stage, readModel, auditor } = this.#world
    if (stage.faults.strikes('read_model_down')) throw new Error('the read model is down')
    const before = new Map(rows.map(({ transfer }) => [transfer, readModel.row(transfer)?.seq ?? 0]))
    write(readModel)
    for (const { transfer } of rows) {
      const row = readModel.row(transfer)
      const name = stage.alias(transfer)
      // An old copy tells what it knows, until somebody tells it that more was known.
      if (auditor.strikes.of(transfer) !== null) continue
      const isForward = (row?.seq ?? 0) >= (before.get(transfer) ?? 0)
      stage.violations.check('I9', isForward, () => `the row of ${name} goes back to ${row?.seq}`)
      const seq = auditor.transfers.get(transfer)?.seq ?? 0
      stage.violations.check('I9', (row?.seq ?? 0) <= seq, () => `the row of ${name} is ahead of its log`)
    }
  }

  /** An operator reads that steps wait for code that somebody took from their account, and gives it back. */
  #operate(): void {
    const { stage, plan, signers, actors } = this.#world
    for (const address of plan.accounts) {
      const name = signerObjectName(CHAIN, address)
      const waiting = signers.get(name)?.awake?.state.pool.values() ?? []
      if (![...waiting].some(({ held }) => held === 'policy')) continue
      const command = `operator ${this.#ticks}`
      const by = { source: 'cron' } as const
      const signer = { tenant: TENANT, chain: CHAIN, address }
      actors
        .signer(name)
        .call(new Worker(stage, command), 'delegate', (engine) =>
          engine.delegate(signer, 'executor', command, by),
        )
        .catch(() => {})
    }
  }

  #startReconciliation(): void {
    const { stage } = this.#world
    const name = `reconciliation ${this.#ticks}`
    // The read model may be down: the next run comes in a few minutes.
    const dies = () => stage.faults.strikes('consumer_crash')
    this.#reconcile(new Worker(stage, name, dies)).catch(() => {})
  }

  #reconcile(worker: Worker): Promise<void> {
    const { readModel } = this.#world
    return reconcile(
      {
        now: () => worker.now(),
        lastStop: async () => '',
        unfinished: async (after, limit) => readModel.unfinished(after, limit),
        repair: async (repairs) =>
          this.#write(
            repairs.map(({ row }) => row),
            (readModel) => readModel.repair(repairs),
          ),
        report: async () => {},
        transfers: { getByName: (id) => this.transferStub(worker, id) },
        signers: { getByName: (name) => this.signerStub(worker, name) },
        chainActors: { getByName: (name) => this.#chainStub(worker, name) },
        log: () => {},
      },
      worker.now(),
    )
  }

  #tick(): void {
    const { stage, readModel } = this.#world
    const delay = this.#world.isFinished ? IDLE_SWEEP_MS : SWEEP_MS
    stage.scheduler.after(delay, 'cron', () => {
      this.#ticks += 1
      const worker = new Worker(stage, `sweep ${this.#ticks}`, () => stage.faults.strikes('consumer_crash'))
      const work = sweepOverdue(
        {
          chains: [CHAIN],
          overdue: async (before, limit) => readModel.overdue(before, limit),
          transfers: { getByName: (id) => this.transferStub(worker, id) },
          signers: { getByName: (name) => this.signerStub(worker, name) },
          chainActors: { getByName: (name) => this.#chainStub(worker, name) },
          log: () => {},
        },
        worker.now(),
      )
      work.catch((error: unknown) => stage.violations.breach('assertion', `sweep: ${String(error)}`))
      if (this.#ticks % RECONCILE_TICKS === 0) this.#startReconciliation()
      if (stage.faults.isOver) this.#operate()
      this.#tick()
    })
  }
}

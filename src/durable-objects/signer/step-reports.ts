// News of steps on its way up to their transfers: never inside the turn that made it, and again until it was taken.

import type { SignerName } from '../../shared/ports/signer-actor.ts'
import type { Heard } from '../../shared/ports/transfer-actor.ts'
import type { SignerRecord } from '../../shared/signer/state/records.ts'
import { reportOf } from '../../shared/signer/state/standing.ts'
import { type StepKey, type StepReport, stepKeyText } from '../../shared/transfer/step-report.ts'
import { SingleFlight } from '../turns/single-flight.ts'
import { inRuns } from './key-runs.ts'
import type { LogWitness } from './log-witness.ts'
import type { SignerLog } from './signer-log.ts'

/** Reports that are under way at once: a hundred steps of one block must not wait for each other. */
const REPORTS_AT_ONCE = 32

export type ReportsDeps = {
  readonly tell: (report: StepReport) => Promise<Heard>
  /** What transfers have to tell in their turn, onto the queue `events`. Lost, their alarms tell it. */
  readonly carry: (outboxes: readonly string[]) => Promise<void>
  readonly background: (work: Promise<void>) => void
  /** Lets changes that come together be told together. */
  readonly linger: () => Promise<void>
}

type Told = { readonly acknowledged: StepKey[]; readonly outboxes: string[] }

export class StepReports {
  readonly #deps: ReportsDeps
  readonly #log: SignerLog
  readonly #witness: LogWitness
  readonly #commit: (name: SignerName, records: readonly SignerRecord[]) => void
  readonly #telling = new SingleFlight(() => this.#tell())

  constructor(
    deps: ReportsDeps,
    log: SignerLog,
    witness: LogWitness,
    commit: (name: SignerName, records: readonly SignerRecord[]) => void,
  ) {
    this.#deps = deps
    this.#log = log
    this.#witness = witness
    this.#commit = commit
  }

  run(): Promise<void> {
    return this.#telling.run()
  }

  soon(): void {
    this.#deps.background(this.#telling.run())
  }

  again(key: StepKey): void {
    this.#log.news.set(stepKeyText(key), key)
    this.soon()
  }

  /** A damaged log, or an old copy, does not know what came last: its news is older than any. */
  of(name: SignerName, key: StepKey): StepReport {
    return reportOf(this.#log.state, name.address, key, this.#witness.hasSeenEnds ? this.#log.view : 0)
  }

  /** What a transfer did not take stays due. */
  async #tell(): Promise<void> {
    await this.#deps.linger()
    const name = this.#log.state.identity
    if (name === null || !(await this.#witness.vouches(name))) return
    const due = [...this.#log.news]
    for (const [text] of due) this.#log.news.delete(text)
    this.#log.isTelling = true
    const told: Told = { acknowledged: [], outboxes: [] }
    for (let start = 0; start < due.length; start += REPORTS_AT_ONCE) {
      const chunk = due.slice(start, start + REPORTS_AT_ONCE)
      await Promise.all(chunk.map(([text, key]) => this.#tellOne(name, text, key, told)))
    }
    this.#log.isTelling = false
    const { ended } = this.#log.state
    const ends = told.acknowledged.filter((key) => ended.get(stepKeyText(key))?.isAcknowledged === false)
    this.#commit(
      name,
      inRuns(ends).map((keys) => ({ kind: 'acknowledged', keys }) as const),
    )
    this.#log.markTold()
    if (told.outboxes.length > 0) await this.#deps.carry(told.outboxes)
  }

  async #tellOne(name: SignerName, text: string, key: StepKey, told: Told): Promise<void> {
    try {
      const { acknowledged, outbox } = await this.#deps.tell(this.of(name, key))
      if (acknowledged) told.acknowledged.push(key)
      if (outbox !== null) told.outboxes.push(outbox)
    } catch {
      // The transfer will ask by its own alarm; until then this one tries again.
      this.#log.news.set(text, key)
    }
  }
}

// When a log gets a checkpoint and when its groups are sealed: counts what was appended, and asks the profile. And what
// the log tells about itself.

import {
  type LogShape,
  type Profile,
  type ProfileChoice,
  profileFor,
  type Tuned,
} from '../../shared/wal/profile.ts'
import type { LogReport } from '../../shared/wal/report.ts'
import type { Sql } from '../sqlite/storage.ts'
import { checkpointTable } from './checkpoint-table.ts'
import { segmentTable } from './segment-table.ts'
import { tailTable } from './tail-table.ts'

export type KeepingOptions = {
  readonly profile: ProfileChoice | Profile
  /** Milliseconds. In production it stands still while code runs: what takes no I/O then measures as 0. */
  readonly now: () => number
}

const DEFAULT: KeepingOptions = { profile: 'auto', now: () => 0 }
/** Times the bytes of a segment that a tail may grow to before an append itself keeps house. */
const OVERDUE_SEGMENTS = 4
/** Records between two choices of the profile: to measure the tail costs a scan of it. */
const CHOOSE_EVERY_RECORDS = 1_000
/** The fewest that any profile waits for with a checkpoint. */
const CHECKPOINT_LEAST_RECORDS = 100

export class Keeping {
  readonly #sql: Sql
  readonly #options: KeepingOptions
  #sinceCheckpoint = 0
  #sinceChosen = 0
  #chosen: Tuned | null = null
  #tailBytes: number | null = null
  #commits = { groups: 0, records: 0, largest: 0 }
  #recovery: LogReport['recovery'] = null

  constructor(sql: Sql, options: KeepingOptions = DEFAULT) {
    this.#sql = sql
    this.#options = options
  }

  now(): number {
    return this.#options.now()
  }

  get profile(): Profile {
    return this.#tuned().profile
  }

  get isCheckpointDue(): boolean {
    // Most logs are short for ever: they never come to a choice.
    if (this.#sinceCheckpoint < CHECKPOINT_LEAST_RECORDS) return false
    return this.#sinceCheckpoint >= this.profile.checkpointRecords
  }

  get isSealingDue(): boolean {
    return this.#tail() >= this.profile.segmentBytes
  }

  get isOverdue(): boolean {
    if (this.#sinceCheckpoint < CHECKPOINT_LEAST_RECORDS && this.#tailBytes === null) return false
    return this.#tail() >= OVERDUE_SEGMENTS * this.profile.segmentBytes
  }

  appended(records: number, bytes: number): void {
    this.#sinceCheckpoint += records
    this.#sinceChosen += records
    if (this.#tailBytes !== null) this.#tailBytes += bytes
    const { groups, records: before, largest } = this.#commits
    this.#commits = {
      groups: groups + 1,
      records: before + records,
      largest: Math.max(largest, records),
    }
  }

  checkpointed(): void {
    this.#sinceCheckpoint = 0
    this.#chosen = null
  }

  sealed(): void {
    this.#tailBytes = null
  }

  recovered(records: number, ms: number): void {
    this.#sinceCheckpoint = records
    this.#recovery = { records, ms }
  }

  report(records: number): LogReport {
    const { segments, bytes, textBytes } = segmentTable.size(this.#sql)
    const { profile, why } = this.#tuned()
    return {
      records,
      tail: tailTable.size(this.#sql),
      sealed: { segments, bytes, ratio: textBytes === 0 ? null : bytes / textBytes },
      checkpoint: checkpointTable.size(this.#sql),
      commits: this.#commits,
      recovery: this.#recovery,
      profile,
      why,
    }
  }

  #tail(): number {
    this.#tailBytes ??= tailTable.size(this.#sql).bytes
    return this.#tailBytes
  }

  #tuned(): Tuned {
    if (this.#chosen === null || this.#sinceChosen >= CHOOSE_EVERY_RECORDS) {
      this.#chosen = profileFor(this.#options.profile, this.#shape())
      this.#sinceChosen = 0
    }
    return this.#chosen
  }

  #shape(): LogShape {
    const { bytes, records } = tailTable.size(this.#sql)
    const { records: recovered, ms } = this.#recovery ?? { records: 0, ms: 0 }
    return {
      records,
      recordBytes: records === 0 ? 0 : bytes / records,
      recoveryMsPerRecord: recovered > 0 && ms > 0 ? ms / recovered : null,
      stateBytes: checkpointTable.size(this.#sql).bytes,
    }
  }
}

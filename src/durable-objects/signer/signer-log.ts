// The signer's log with what hangs on every append: the alarm, and the steps whose transfers have to be told.

import type { ChainPolicy } from '../../shared/chain/policy.ts'
import type { Witnessed } from '../../shared/chain/witness.ts'
import { assert } from '../../shared/lib/assert.ts'
import { addMs, earliest, MINUTE_MS, type UnixMs } from '../../shared/lib/time.ts'
import { signerObjectName } from '../../shared/ports/namespace.ts'
import type { SignerName } from '../../shared/ports/signer-actor.ts'
import { nextLook } from '../../shared/signer/offers/pacing.ts'
import type { SignerRecord } from '../../shared/signer/state/records.ts'
import { newSigner, type SignerState } from '../../shared/signer/state/state.ts'
import { touchedSteps, unacknowledgedSteps } from '../../shared/signer/state/touched.ts'
import { type StepKey, stepKeyText } from '../../shared/transfer/step-report.ts'
import type { By } from '../../shared/wal/by.ts'
import type { WalDamage } from '../../shared/wal/damage.ts'
import type { LogReport } from '../../shared/wal/report.ts'
import { hasNews } from '../archive/shipping.ts'
import type { Storage } from '../sqlite/storage.ts'
import type { KeepingOptions } from '../wal/keeping.ts'
import { createSignerJournal, openSignerJournal, type SignerJournal } from './signer-journal.ts'

/** Until the archive is told once more of what it has not acknowledged. */
const ARCHIVE_AGAIN_MS = MINUTE_MS
/** The transfers above, as a reader of the log. */
const TRANSFERS = 'transfers'

/** How often an object with a damaged log looks whether it can be repaired, and says that it is there. */
const FENCED_LOOK_MS = 5 * MINUTE_MS

const ENDS: ReadonlySet<SignerRecord['kind']> = new Set([
  'withdrawn',
  'rejected',
  'finalized',
  'settled',
  'closed',
  'delivered',
  'annulled',
])

export class SignerLog {
  readonly #storage: Storage
  readonly #now: () => UnixMs
  readonly #keeping: KeepingOptions | undefined
  #journal: SignerJournal | null
  /** Steps whose reports are due. */
  readonly news = new Map<string, StepKey>()
  /** Whether some of them are being told now: until that has succeeded, the alarm has to come back for them. */
  isTelling = false
  #armedFor: UnixMs | null = null
  /** Where the newest signature stands in the log, at the latest: what was signed in a life before is not known here. */
  #signedSeq: number
  /** Likewise the newest record by which a step can not, or need not, become money any more. */
  #endedSeq: number
  /** Repairs of the log that all of this takes into account. */
  #repairs: number

  constructor(storage: Storage, now: () => UnixMs, keeping?: KeepingOptions) {
    this.#storage = storage
    this.#keeping = keeping
    this.#now = now
    this.#journal = openSignerJournal(storage, keeping)
    this.#signedSeq = this.view
    this.#endedSeq = this.view
    this.#repairs = this.#journal?.wal.repairs.length ?? 0
    this.#findNews()
  }

  /** A repaired log says more than it did when this life of the object began. */
  takeUpRepairs(): void {
    const repairs = this.#journal?.wal.repairs.length ?? 0
    if (repairs === this.#repairs) return
    this.#repairs = repairs
    this.#signedSeq = this.view
    this.#endedSeq = this.view
    this.#findNews()
  }

  /** What transfers have not taken, as far as their cursor tells. */
  #findNews(): void {
    const journal = this.#journal
    if (journal === null || journal.wal.cursor(TRANSFERS) >= journal.wal.head.seq) return
    for (const key of unacknowledgedSteps(journal.state)) this.news.set(stepKeyText(key), key)
  }

  /** An account that was never used looks like a new one, and asking writes nothing. */
  get state(): SignerState {
    return this.#journal?.state ?? newSigner()
  }

  get view(): number {
    return this.#journal?.wal.head.seq ?? 0
  }

  get signedSeq(): number {
    return this.#signedSeq
  }

  get endedSeq(): number {
    return this.#endedSeq
  }

  get isOpen(): boolean {
    return this.#journal !== null
  }

  get journal(): SignerJournal | null {
    return this.#journal
  }

  get hasArchiveNews(): boolean {
    return this.#journal !== null && hasNews(this.#journal.wal)
  }

  get damage(): WalDamage | null {
    return this.#journal?.damage ?? null
  }

  /** What a witness is shown. */
  get head(): Witnessed | null {
    if (this.#journal === null) return null
    const { head, incarnation } = this.#journal.wal
    return { ...head, incarnation }
  }

  /** Whether what a witness remembers is of this log. Where not, this is an old copy, and fenced from here on. */
  holds(remembered: Witnessed): boolean {
    if (this.#journal === null) return false
    const isRebuilt = remembered.incarnation < this.#journal.wal.incarnation
    return isRebuilt || this.#journal.holds(remembered)
  }

  report(): LogReport | null {
    return this.#journal?.report() ?? null
  }

  /** Makes the object's log at its first admission or withdrawal. */
  open({ chain, address, tenant }: SignerName, by: By, policy: ChainPolicy): void {
    if (this.#journal !== null) {
      assert(this.state.identity?.tenant === tenant, 'an account belongs to one tenant')
      return
    }
    this.#journal = this.#storage.transactionSync(() => {
      const journal = createSignerJournal(this.#storage, signerObjectName(chain, address), this.#keeping)
      journal.commit([{ kind: 'opened', tenant, chain, address }], { at: this.#now(), by })
      return journal
    })
    this.arm(policy)
  }

  /**
   * Records and alarm in one turn; whatever acts on them comes after. A log that is damaged takes none: it may have been found
   * so while somebody was asked, and what they would say is told or asked again when it is whole.
   */
  commit(records: readonly SignerRecord[], by: By, policy: ChainPolicy): void {
    if (records.length === 0 || this.#journal === null || this.damage !== null) return
    const touched = records.flatMap((record) => touchedSteps(this.state, record))
    // A slot that is reserved and signed in one turn is named by the record itself, so the state before is enough.
    this.#journal.commit(records, { at: this.#now(), by })
    if (records.some(({ kind }) => kind === 'signed' || kind === 'authorized')) this.#signedSeq = this.view
    if (records.some(({ kind }) => ENDS.has(kind))) this.#endedSeq = this.view
    for (const key of touched) {
      const text = stepKeyText(key)
      if (!this.state.carriages.has(text)) this.news.set(text, key)
    }
    this.arm(policy)
  }

  /** Nothing is due any more up to here. */
  markTold(): void {
    if (this.news.size === 0) this.#journal?.wal.moveCursor(TRANSFERS, this.view)
  }

  arm(policy: ChainPolicy): void {
    const now = this.#now()
    const look =
      this.damage === null
        ? nextLook(this.state, now, policy.block_time_ms, this.news.size > 0 || this.isTelling)
        : addMs(now, FENCED_LOOK_MS)
    const next = earliest(look, this.hasArchiveNews ? addMs(now, ARCHIVE_AGAIN_MS) : null)
    if (next === null) return
    if (this.#armedFor !== null && this.#armedFor <= next && this.#armedFor > now) return
    this.#armedFor = next
    void this.#storage.setAlarm(next)
  }

  /** The alarm fired: it is not set any more. */
  disarmed(): void {
    this.#armedFor = null
  }
}

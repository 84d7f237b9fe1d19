// The alarm of a transfer: never later than what is due. It is only ever set to an earlier time, so that a run of changes
// costs one write; when it fires it finds out whether it came too early.

import type { UnixMs } from '../../shared/lib/time.ts'
import type { Storage } from '../sqlite/storage.ts'

export type TransferAlarmDeps = {
  readonly storage: Pick<Storage, 'setAlarm' | 'deleteAlarm'>
  readonly now: () => UnixMs
  /** When to look again if the last look was then; null: nothing is left to drive. */
  readonly next: (lookedAt: UnixMs) => UnixMs | null
}

export class TransferAlarm {
  readonly #deps: TransferAlarmDeps
  /** As far as this life of the object knows; null: not set. */
  #setTo: UnixMs | null = null

  constructor(deps: TransferAlarmDeps) {
    this.#deps = deps
  }

  arm(): void {
    const now = this.#deps.now()
    const next = this.#deps.next(now)
    if (next === null) {
      this.#setTo = null
      void this.#deps.storage.deleteAlarm()
      return
    }
    if (this.#setTo !== null && this.#setTo <= next && this.#setTo > now) return
    this.#set(next)
  }

  /** It fired, or somebody looks in its place: it is not set any more. */
  fired(): void {
    this.#setTo = null
  }

  /** Something has changed since it was set, and what is due after that is not due yet: set anew, and that is all. */
  putOff(changedAt: UnixMs): boolean {
    const due = this.#deps.next(changedAt)
    if (due === null || due <= this.#deps.now()) return false
    this.#set(due)
    return true
  }

  #set(at: UnixMs): void {
    this.#setTo = at
    void this.#deps.storage.setAlarm(at)
  }
}

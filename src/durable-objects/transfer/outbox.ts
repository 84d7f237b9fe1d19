// What a transfer has to tell the readers of its log, the read model and the archive. Whoever brings news takes it along:
// one message of many transfers costs what one of a single transfer does. What nobody takes along it tells by itself, soon.
// What is lost on the way the alarm tells again, until the end is acknowledged.

import { type TransferRow, toOutboxText } from '../../shared/schema/queue-messages.ts'
import { isFinal } from '../../shared/transfer/status.ts'

export type OutboxDeps = {
  /** As of now. */
  readonly row: () => TransferRow | null
  /** Groups for the archive. `isWhole`: all that it has not acknowledged, else what it was not handed yet. */
  readonly part: (isWhole: boolean) => string | null
  /** Soon, by a message of its own. */
  readonly tell: () => void
}

export class Outbox {
  readonly #deps: OutboxDeps
  /** Up to here somebody took it along, in this life of the object. */
  #carriedSeq = 0

  constructor(deps: OutboxDeps) {
    this.#deps = deps
  }

  /** For whoever brought the news; null: too large, it goes by itself. Of an end all of it: what went before may be lost. */
  carry(): string | null {
    const row = this.#deps.row()
    if (row === null) return null
    const text = toOutboxText({ row, part: this.#deps.part(isFinal(row.document.status)) })
    if (text === null) this.tell()
    else this.#carriedSeq = row.seq
    return text
  }

  tell(): void {
    this.#carriedSeq = 0
    this.#deps.tell()
  }

  /** The row, unless somebody took it along. */
  untoldRow(): TransferRow | null {
    const row = this.#deps.row()
    return row === null || row.seq <= this.#carriedSeq ? null : row
  }
}

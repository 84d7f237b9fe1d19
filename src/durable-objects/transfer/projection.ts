// Tells the read model what a transfer is like, soon after it changed. A run of changes is told once.

import { type EventMessage, type TransferRow, toEventMessage } from '../../shared/schema/queue-messages.ts'

export type ProjectionDeps = {
  /** Lets changes that come together be told together. */
  readonly linger: () => Promise<unknown>
  readonly row: () => TransferRow | null
  /** Onto the `events` queue. */
  readonly send: (message: EventMessage) => Promise<unknown>
  readonly background: (work: Promise<void>) => void
}

export class Projection {
  readonly #deps: ProjectionDeps
  #isDue = false

  constructor(deps: ProjectionDeps) {
    this.#deps = deps
  }

  soon(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#deps.background(this.#send())
  }

  async #send(): Promise<void> {
    await this.#deps.linger()
    // What changes from here on is told anew.
    this.#isDue = false
    const row = this.#deps.row()
    if (row !== null) await this.#deps.send(toEventMessage(row))
  }
}

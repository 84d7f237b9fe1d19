// Tells the archive, by a message on `events`, that a log of a signer or a chain has something for it; of a transfer its
// row does. A change waits for the next ones, so that messages are few. What is lost here the object's alarm makes up for.

import { type ArchiveMessage, MESSAGE_VERSION } from '../../shared/schema/queue-messages.ts'
import type { WalIdentity } from '../../shared/wal/group.ts'
import { ARCHIVE_LINGER_MS } from './shipping.ts'

export class Announcer {
  readonly #send: (message: ArchiveMessage) => Promise<unknown>
  readonly #background: (work: Promise<void>) => void
  #isAnnouncing = false

  constructor(
    send: (message: ArchiveMessage) => Promise<unknown>,
    background: (work: Promise<void>) => void,
  ) {
    this.#send = send
    this.#background = background
  }

  /** Soon, unless it is under way already. */
  announce({ class: name, object }: WalIdentity): void {
    if (this.#isAnnouncing) return
    this.#isAnnouncing = true
    this.#background(this.#announce({ v: MESSAGE_VERSION, archive: { class: name, object } }))
  }

  async #announce(message: ArchiveMessage): Promise<void> {
    await scheduler.wait(ARCHIVE_LINGER_MS)
    this.#isAnnouncing = false
    await this.#send(message)
  }
}

// What every actor does for its log beside writing it: has it archived, mends it from the archive where it is damaged, and
// seals what is old of it. The same for all of them; an actor only says when.

import type { UnixMs } from '../../shared/lib/time.ts'
import type { ArchiveReceipt, Delivery } from '../../shared/ports/archived-actor.ts'
import type { WalPosition } from '../../shared/wal/group.ts'
import type { Journal } from '../wal/journal.ts'
import type { ArchivePort } from './archive-port.ts'
import { mend } from './mend.ts'
import { acknowledge, carry, deliver, hasNews } from './shipping.ts'

export type KeeperDeps = { readonly archive: ArchivePort; readonly now: () => UnixMs }

export class LogKeeper<State, Entry> {
  readonly #deps: KeeperDeps
  readonly #journal: () => Journal<State, Entry> | null
  readonly #tenant: (state: State) => string | null
  /** Of the last delivery, in this life of the object: finding it again would be to read the whole tail. */
  #delivered: WalPosition | null = null

  constructor(
    deps: KeeperDeps,
    journal: () => Journal<State, Entry> | null,
    tenant: (state: State) => string | null = () => null,
  ) {
    this.#deps = deps
    this.#journal = journal
    this.#tenant = tenant
  }

  /** The archive does not have all of it. */
  get hasNews(): boolean {
    const journal = this.#journal()
    return journal !== null && hasNews(journal.wal)
  }

  /** After an append, and whenever an actor looks at itself. */
  announce(): void {
    const journal = this.#journal()
    if (journal !== null && hasNews(journal.wal)) this.#deps.archive.announce(journal.wal.identity)
  }

  /** A damaged log hands over nothing: it is mended first. */
  deliver(): Delivery | null {
    const journal = this.#journal()
    if (journal === null || journal.damage !== null) return null
    const { delivery, tailEnd } = deliver(journal.wal, this.#tenant(journal.state), this.#delivered)
    if (tailEnd !== null) this.#delivered = tailEnd
    return delivery
  }

  /** Likewise, for whoever takes it along. `isWhole`: all that the archive has not acknowledged, else what it was not handed. */
  carry(isWhole: boolean): string | null {
    const journal = this.#journal()
    if (journal === null || journal.damage !== null) return null
    const carried = carry(journal.wal, this.#tenant(journal.state), this.#delivered, isWhole)
    if (carried === null) return null
    this.#delivered = carried.end
    return carried.part.text
  }

  acknowledge(receipt: ArchiveReceipt): void {
    const journal = this.#journal()
    if (journal === null || receipt.incarnation !== journal.wal.incarnation) return
    // The archive has more of this log than there is: it is an old copy, and may be brought up from there.
    const seq = Math.max(receipt.tailSeq ?? 0, receipt.sealedSeq ?? 0)
    if (journal.holds({ seq, digest: null })) acknowledge(journal.wal, receipt)
    this.announce()
  }

  /** In every wake. `isOver`: nothing will follow in this log, so all of it may be sealed. */
  async keep(isOver: () => boolean = () => false): Promise<void> {
    const journal = this.#journal()
    if (journal === null) return
    await mend(journal, this.#deps.archive, this.#deps.now)
    if (journal.damage !== null) return
    if (isOver()) journal.seal()
    else journal.maintain()
    this.announce()
  }
}

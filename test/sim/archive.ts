// The archive, as far as an object sees it: takes what it is told of, a second later, and gives it back to one whose log is
// damaged. What becomes of it in packs is tested in test/workers.

import type { ArchivePort } from '../../src/durable-objects/archive/archive-port.ts'
import { ARCHIVE_LINGER_MS } from '../../src/durable-objects/archive/shipping.ts'
import { joinParts } from '../../src/shared/archive/join-parts.ts'
import type { LogPart } from '../../src/shared/archive/log-part.ts'
import type { ArchiveReceipt, Delivery } from '../../src/shared/ports/archived-actor.ts'
import { verifiedPart } from '../../src/shared/schema/pack.ts'
import { emptyPosition } from '../../src/shared/wal/group.ts'
import type { Carried, Archived as Taken } from '../../src/workers/queues/archive.ts'

type Place = {
  wait(ms: number): Promise<void>
  background(work: Promise<void>): void
}

type Archived = {
  readonly deliver: () => Delivery | null
  readonly acknowledge: (receipt: ArchiveReceipt) => void
}

/** Milliseconds until parts are there. */
const READ_MS = 30

export class SimArchive {
  readonly #parts = new Map<string, LogPart[]>()

  /**
   * Whether the log that ends in this group can be had from here, whole: what somebody took along and lost is missing until
   * the log's end is told.
   */
  has(object: string, { seq, digest }: { readonly seq: number; readonly digest: string }): boolean {
    const parts = this.#parts.get(object) ?? []
    const isThere = (groups: LogPart['groups']) => {
      return groups.some((group) => group.seq === seq && group.digest === digest)
    }
    const [first] = parts
    if (first === undefined || !parts.some(({ groups }) => isThere(groups))) return false
    return isThere(joinParts(emptyPosition(first), parts).groups)
  }

  /** What came along with rows. Objects that announce something are asked by their own port. */
  take(carried: readonly Carried[]): Taken {
    for (const { part } of carried) this.#put(part)
    return { again: [], refused: [] }
  }

  port(place: Place, object: () => Archived): ArchivePort {
    let isTaking = false
    const take = async () => {
      await place.wait(ARCHIVE_LINGER_MS)
      isTaking = false
      const { deliver, acknowledge } = object()
      for (const { isSealed, text } of deliver()?.parts ?? []) {
        const lastSeq = this.#put(text)
        acknowledge({
          incarnation: lastSeq.incarnation,
          tailSeq: isSealed ? null : lastSeq.seq,
          sealedSeq: isSealed ? lastSeq.seq : null,
        })
      }
    }
    return {
      announce: () => {
        if (isTaking) return
        isTaking = true
        place.background(take())
      },
      parts: async (identity, afterSeq) => {
        await place.wait(READ_MS)
        const parts = this.#parts.get(identity.object) ?? []
        return parts.filter(({ groups }) => (groups.at(-1)?.seq ?? 0) > afterSeq)
      },
      mended: () => {},
    }
  }

  #put(text: string): { readonly incarnation: number; readonly seq: number } {
    const verified = verifiedPart(text)
    if (verified === null) throw new Error('what an object hands over verifies')
    const { part, lastSeq } = verified
    this.#parts.set(part.object, [...(this.#parts.get(part.object) ?? []), part])
    return { incarnation: part.incarnation, seq: lastSeq }
  }
}

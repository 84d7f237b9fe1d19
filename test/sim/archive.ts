// The archive, as far as an object sees it: takes what it is told of, a second later. What becomes of it there is tested in
// test/workers; here it only must not keep an object from its rest.

import type { ArchivePort } from '../../src/durable-objects/archive/archive-port.ts'
import { ARCHIVE_LINGER_MS } from '../../src/durable-objects/archive/shipping.ts'
import type { ArchiveReceipt, Delivery } from '../../src/shared/ports/archived-actor.ts'
import { verifiedPart } from '../../src/shared/schema/pack.ts'

type Place = {
  wait(ms: number): Promise<void>
  background(work: Promise<void>): void
}

type Archived = {
  readonly deliver: () => Delivery | null
  readonly acknowledge: (receipt: ArchiveReceipt) => void
}

export function simArchive(place: Place, object: () => Archived): ArchivePort {
  let isTaking = false
  const take = async () => {
    await place.wait(ARCHIVE_LINGER_MS)
    isTaking = false
    const { deliver, acknowledge } = object()
    for (const { isSealed, text } of deliver()?.parts ?? []) {
      const verified = verifiedPart(text)
      if (verified === null) throw new Error('what an object hands over verifies')
      const { part, lastSeq } = verified
      acknowledge({
        incarnation: part.incarnation,
        tailSeq: isSealed ? null : lastSeq,
        sealedSeq: isSealed ? lastSeq : null,
      })
    }
  }
  return {
    announce: () => {
      if (isTaking) return
      isTaking = true
      place.background(take())
    },
    parts: async () => [],
    mended: () => {},
  }
}

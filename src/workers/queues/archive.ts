// The archive's part of the `events` consumer: asks the objects that announced something, writes what they hand over into
// packs, and tells them. In this order, so that whatever breaks leaves groups twice in the archive and never none.

import type { LogLevel } from '../../shared/adapters/json-log.ts'
import { PACK_MAX_PARTS, PACK_TEXT_MAX_BYTES, type PackKind } from '../../shared/archive/pack-index.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import type { ArchivedActor } from '../../shared/ports/archived-actor.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import { encodePack, type Pack, type VerifiedPart, verifiedPart } from '../../shared/schema/pack.ts'
import { mapBounded } from '../map-bounded.ts'

export type ArchiveDeps = {
  readonly now: () => UnixMs
  /** Of a class of objects; null: this version has no such class. */
  readonly objects: (name: string) => ActorNamespace<ArchivedActor> | null
  /** Into R2 and then into its index. */
  readonly write: (pack: Pack) => Promise<void>
  readonly log: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Which log, as its object announced it. */
export type Announced = { readonly class: string; readonly object: string }

/** Calls to objects under way at once. */
const CALLS_AT_ONCE = 50

type Handed = {
  readonly stub: () => ArchivedActor
  readonly announced: Announced
  readonly kind: PackKind
  readonly verified: VerifiedPart
}

/** Answers those that must come again. */
export async function archiveLogs(
  announced: readonly Announced[],
  deps: ArchiveDeps,
): Promise<readonly Announced[]> {
  const again: Announced[] = []
  const handed = (
    await mapBounded(announced, CALLS_AT_ONCE, async (log) => {
      try {
        return await handedBy(log, deps)
      } catch (error) {
        deps.log('warn', 'archive.delivery_failed', { ...log, error })
        again.push(log)
        return []
      }
    })
  ).flat()
  for (const [kind, all] of Map.groupBy(handed, (one) => one.kind)) {
    const { taken, left } = fitting(all)
    again.push(...left.map((one) => one.announced))
    try {
      await packed(kind, taken, deps)
    } catch (error) {
      deps.log('error', 'archive.pack_failed', { kind, parts: taken.length, error })
      again.push(...taken.map((one) => one.announced))
    }
  }
  return again
}

async function handedBy(log: Announced, deps: ArchiveDeps): Promise<readonly Handed[]> {
  const namespace = deps.objects(log.class)
  // Of a class that this version does not have: its own version will archive it.
  if (namespace === null) return []
  const stub = () => namespace.getByName(log.object)
  const delivery = await stub().deliver()
  const tail: PackKind = log.class === 'TransferObject' ? 'transfer_tail' : 'standing_tail'
  return (delivery?.parts ?? []).flatMap(({ isSealed, text }) => {
    const verified = verifiedPart(text)
    // A mistake of ours, of this one log: the others of the batch must not wait for it.
    if (verified === null) deps.log('error', 'archive.part_refused', { ...log, isSealed })
    return verified === null ? [] : [{ stub, announced: log, kind: isSealed ? 'sealed' : tail, verified }]
  })
}

function fitting(all: readonly Handed[]): {
  readonly taken: readonly Handed[]
  readonly left: readonly Handed[]
} {
  const taken: Handed[] = []
  const left: Handed[] = []
  let bytes = 0
  for (const one of all) {
    const size = one.verified.bytes.length
    const fits = taken.length < PACK_MAX_PARTS && bytes + size <= PACK_TEXT_MAX_BYTES
    if (fits) bytes += size
    ;(fits ? taken : left).push(one)
  }
  return { taken, left }
}

async function packed(kind: PackKind, handed: readonly Handed[], deps: ArchiveDeps): Promise<void> {
  if (handed.length === 0) return
  const pack = encodePack(
    kind,
    deps.now(),
    handed.map(({ verified }) => verified),
  )
  await deps.write(pack)
  await mapBounded(handed, CALLS_AT_ONCE, (one) => acknowledge(one, deps))
}

async function acknowledge({ stub, announced, kind, verified }: Handed, deps: ArchiveDeps): Promise<void> {
  const { lastSeq, part } = verified
  const isSealed = kind === 'sealed'
  try {
    await stub().acknowledgeArchive({
      incarnation: part.incarnation,
      tailSeq: isSealed ? null : lastSeq,
      sealedSeq: isSealed ? lastSeq : null,
    })
  } catch (error) {
    // Its alarm announces it again, and the same groups are packed once more.
    deps.log('warn', 'archive.acknowledge_failed', { ...announced, error })
  }
}

// The archive's part of the `events` consumer: asks the objects that announced something, writes what they hand over into
// packs, and tells them. In this order, so that whatever breaks leaves groups twice in the archive and never none.

import { TRANSFER_CLASS } from '../../durable-objects/transfer/transfer-journal.ts'
import type { LogLevel } from '../../shared/adapters/json-log.ts'
import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import { PACK_MAX_PARTS, PACK_TEXT_MAX_BYTES, type PackKind } from '../../shared/archive/pack-index.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import type { ArchivedActor, DeliveredPart } from '../../shared/ports/archived-actor.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import { encodePack, type Pack, type VerifiedPart, verifiedPart } from '../../shared/schema/pack.ts'

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

/** A log's own words, which came along with its row: the text of a part. */
export type Carried = { readonly log: Announced; readonly part: string }

export type Archived = {
  /** Of these something could not be done now: they must come again. */
  readonly again: readonly Announced[]
  /** Of these a part does not verify: it never will. */
  readonly refused: readonly Announced[]
}

type Handed = {
  readonly announced: Announced
  readonly kind: PackKind
  readonly verified: VerifiedPart
  /** To be told when it is packed; null: whoever carried it here tells its object. */
  readonly stub: (() => ArchivedActor) | null
}

export async function archiveLogs(
  announced: readonly Announced[],
  carried: readonly Carried[],
  deps: ArchiveDeps,
): Promise<Archived> {
  const again: Announced[] = []
  const refused: Announced[] = []
  const handOver = (log: Announced, text: string, isSealed: boolean) => {
    const handed = handedOver(log, text, isSealed)
    if (handed !== null) return [handed]
    // A mistake of ours, of this one log: the others of the batch must not wait for it.
    deps.log('error', 'archive.part_refused', { ...log, isSealed })
    refused.push(log)
    return []
  }
  const delivered = await mapBounded(announced, CALLS_AT_ONCE, async (log) => {
    try {
      const { stub, parts } = await deliveredBy(log, deps)
      return parts.flatMap(({ text, isSealed }) =>
        handOver(log, text, isSealed).map((one) => ({ ...one, stub })),
      )
    } catch (error) {
      deps.log('warn', 'archive.delivery_failed', { ...log, error })
      again.push(log)
      return []
    }
  })
  const handed = [
    ...delivered.flat(),
    ...carried.flatMap(({ log, part }) => handOver(log, part, false).map((one) => ({ ...one, stub: null }))),
  ]
  for (const [kind, all] of Map.groupBy(handed, (one) => one.kind)) {
    for (const pack of packsOf(all)) {
      try {
        await packed(kind, pack, deps)
      } catch (error) {
        deps.log('error', 'archive.pack_failed', { kind, parts: pack.length, error })
        again.push(...pack.map((one) => one.announced))
      }
    }
  }
  return { again, refused }
}

type Delivered = { readonly stub: (() => ArchivedActor) | null; readonly parts: readonly DeliveredPart[] }

async function deliveredBy(log: Announced, deps: ArchiveDeps): Promise<Delivered> {
  const namespace = deps.objects(log.class)
  // Of a class that this version does not have: its own version will archive it.
  if (namespace === null) return { stub: null, parts: [] }
  const stub = () => namespace.getByName(log.object)
  const delivery = await stub().deliver()
  return { stub, parts: delivery?.parts ?? [] }
}

/** Null: it does not verify. */
function handedOver(log: Announced, text: string, isSealed: boolean): Omit<Handed, 'stub'> | null {
  const verified = verifiedPart(text)
  if (verified === null) return null
  const tail: PackKind = log.class === TRANSFER_CLASS ? 'transfer_tail' : 'standing_tail'
  return { announced: log, kind: isSealed ? 'sealed' : tail, verified }
}

function packsOf(all: readonly Handed[]): readonly (readonly Handed[])[] {
  const packs: Handed[][] = []
  let bytes = 0
  for (const one of all) {
    const size = one.verified.bytes.length
    const pack = packs.at(-1)
    if (pack !== undefined && pack.length < PACK_MAX_PARTS && bytes + size <= PACK_TEXT_MAX_BYTES) {
      pack.push(one)
      bytes += size
    } else {
      packs.push([one])
      bytes = size
    }
  }
  return packs
}

async function packed(kind: PackKind, handed: readonly Handed[], deps: ArchiveDeps): Promise<void> {
  const pack = encodePack(
    kind,
    deps.now(),
    handed.map(({ verified }) => verified),
  )
  await deps.write(pack)
  await mapBounded(handed, CALLS_AT_ONCE, (one) => acknowledge(one, deps))
}

async function acknowledge({ stub, announced, kind, verified }: Handed, deps: ArchiveDeps): Promise<void> {
  if (stub === null) return
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

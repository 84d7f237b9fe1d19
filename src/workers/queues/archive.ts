// The archive's part of the `events` consumer: asks the objects that announced something, writes what they hand over into
// packs, and tells them. In this order, so that whatever breaks leaves groups twice in the archive and never none.

import { type ArchiveEnv, writePack } from '../../shared/adapters/archive/write-archive.ts'
import { logEvent } from '../../shared/adapters/json-log.ts'
import { PACK_MAX_PARTS, PACK_TEXT_MAX_BYTES, type PackKind } from '../../shared/archive/pack-index.ts'
import type { ArchivedActor } from '../../shared/ports/archived-actor.ts'
import type { ActorNamespace } from '../../shared/ports/namespace.ts'
import { encodePack, type VerifiedPart, verifiedPart } from '../../shared/schema/pack.ts'
import { mapBounded } from '../map-bounded.ts'

export type ArchivingEnv = ArchiveEnv & {
  readonly TRANSFER: ActorNamespace<ArchivedActor>
  readonly SIGNER: ActorNamespace<ArchivedActor>
  readonly CHAIN: ActorNamespace<ArchivedActor>
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
  env: ArchivingEnv,
): Promise<readonly Announced[]> {
  const again: Announced[] = []
  const handed = (
    await mapBounded(announced, CALLS_AT_ONCE, async (log) => {
      try {
        return await handedBy(log, env)
      } catch (error) {
        logEvent('warn', 'archive.delivery_failed', { ...log, error })
        again.push(log)
        return []
      }
    })
  ).flat()
  for (const [kind, all] of Map.groupBy(handed, (one) => one.kind)) {
    const { taken, left } = fitting(all)
    again.push(...left.map((one) => one.announced))
    try {
      await packed(kind, taken, env)
    } catch (error) {
      logEvent('error', 'archive.pack_failed', { kind, parts: taken.length, error })
      again.push(...taken.map((one) => one.announced))
    }
  }
  return again
}

async function handedBy(log: Announced, env: ArchivingEnv): Promise<readonly Handed[]> {
  const namespace = namespaceOf(log.class, env)
  if (namespace === null) return []
  const stub = () => namespace.getByName(log.object)
  const delivery = await stub().deliver()
  const tail: PackKind = log.class === 'TransferObject' ? 'transfer_tail' : 'standing_tail'
  return (delivery?.parts ?? []).flatMap(({ isSealed, text }) => {
    const verified = verifiedPart(text)
    // A mistake of ours, of this one log: the others of the batch must not wait for it.
    if (verified === null) logEvent('error', 'archive.part_refused', { ...log, isSealed })
    return verified === null ? [] : [{ stub, announced: log, kind: isSealed ? 'sealed' : tail, verified }]
  })
}

function namespaceOf(name: string, env: ArchivingEnv): ActorNamespace<ArchivedActor> | null {
  switch (name) {
    case 'TransferObject':
      return env.TRANSFER
    case 'SignerObject':
      return env.SIGNER
    case 'ChainObject':
      return env.CHAIN
    default:
      // Of a class that this version does not have: its own version will archive it.
      return null
  }
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

async function packed(kind: PackKind, handed: readonly Handed[], env: ArchivingEnv): Promise<void> {
  if (handed.length === 0) return
  const pack = encodePack(
    kind,
    Date.now(),
    handed.map(({ verified }) => verified),
  )
  await writePack(env, pack)
  await mapBounded(handed, CALLS_AT_ONCE, acknowledge)
}

async function acknowledge({ stub, announced, kind, verified }: Handed): Promise<void> {
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
    logEvent('warn', 'archive.acknowledge_failed', { ...announced, error })
  }
}

// An object whose log is damaged asks the archive for what it lost. What comes back is believed by its digests alone.

import { joinParts } from '../../shared/archive/join-parts.ts'
import type { LogPart } from '../../shared/archive/log-part.ts'
import type { UnixMs } from '../../shared/lib/time.ts'
import type { Journal } from '../wal/journal.ts'
import type { ArchivePort } from './archive-port.ts'

/** Nothing happens to a log that is whole. */
export async function mend<State, Entry>(
  journal: Journal<State, Entry>,
  archive: Pick<ArchivePort, 'parts' | 'mended'>,
  now: () => UnixMs,
): Promise<void> {
  const { damage, wal } = journal
  if (damage === null) return
  const intact = wal.intact()
  const about = { object: wal.identity.object, damage }
  let parts: readonly LogPart[]
  try {
    parts = await archive.parts(wal.identity, Math.max(0, intact.seq - 1))
  } catch (error) {
    // The next wake asks again; until then the object stays as fenced as it is.
    return archive.mended({ ...about, error })
  }
  // The last whole group too: that the archive has it says that it is one.
  const last = parts.flatMap(({ groups }) => groups.filter(({ seq }) => seq === intact.seq))
  const groups = [...last, ...joinParts(intact, parts).groups]
  // Somebody may have done it during the call.
  if (journal.damage === null) return
  const repaired = journal.repair(groups, now())
  archive.mended(repaired.ok ? { ...about, repair: repaired.value } : { ...about, refused: repaired.error })
}

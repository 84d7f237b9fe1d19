// What is done for the archive from time to time: packs whose every part is superseded go, logs that nobody heard of for
// long are found. Each call is bounded, and the next one goes on with what was looked at longest ago.

import { z } from 'zod'
import type { ArchiveEnv } from './write-archive.ts'

/** A part whose groups are in no sealed pack: the pack that holds it stays. */
const FIND_PACKS = `
SELECT key, NOT EXISTS (
  SELECT 1 FROM archive_parts part JOIN archive_logs log ON log.class = part.class AND log.object = part.object
  WHERE part.pack = archive_packs.key AND (part.last_seq > log.sealed_seq OR part.incarnation > log.incarnation)
) AS is_superseded
FROM archive_packs WHERE kind <> 'sealed' AND looked_at < ?1 ORDER BY looked_at LIMIT ?2`
const KEEP_PACKS = `
UPDATE archive_packs SET looked_at = ?2 WHERE key IN (SELECT value FROM json_each(?1))`
const DROP_PARTS = `DELETE FROM archive_parts WHERE pack IN (SELECT value FROM json_each(?1))`
const DROP_PACKS = `DELETE FROM archive_packs WHERE key IN (SELECT value FROM json_each(?1))`

const packRow = z.object({ key: z.string(), is_superseded: z.number() })

/** Looks at packs of tails that were not looked at since `before`; deletes those that are superseded. Answers how many. */
export async function dropSuperseded(
  env: ArchiveEnv,
  { now, before, limit }: { readonly now: number; readonly before: number; readonly limit: number },
): Promise<number> {
  const { results } = await env.DB.prepare(FIND_PACKS).bind(before, limit).all()
  const packs = packRow.array().parse(results)
  const keysOf = (isSuperseded: number) =>
    packs.filter(({ is_superseded }) => is_superseded === isSuperseded).map(({ key }) => key)
  const superseded = keysOf(1)
  const keys = JSON.stringify(superseded)
  // R2 first: a crash in between leaves rows of packs that are gone, and the next call deletes those.
  if (superseded.length > 0) await env.ARCHIVE.delete(superseded)
  await env.DB.batch([
    env.DB.prepare(DROP_PARTS).bind(keys),
    env.DB.prepare(DROP_PACKS).bind(keys),
    env.DB.prepare(KEEP_PACKS).bind(JSON.stringify(keysOf(0)), now),
  ])
  return superseded.length
}

/** The condition is that of the index, word by word: SQLite uses it for no other. */
const FIND_LOGS = `
SELECT object FROM archive_logs
WHERE class = 'TransferObject' AND sealed_seq < archived_seq AND looked_at < ?1 ORDER BY looked_at LIMIT ?2`
const LOOKED_AT = `
UPDATE archive_logs SET looked_at = ?2 WHERE class = 'TransferObject' AND object IN (SELECT value FROM json_each(?1))`

/** Transfers whose logs are not sealed, and of which nothing was heard since `before`. They count as looked at. */
export async function takeOpenLogs(
  database: D1Database,
  { now, before, limit }: { readonly now: number; readonly before: number; readonly limit: number },
): Promise<readonly string[]> {
  const { results } = await database.prepare(FIND_LOGS).bind(before, limit).all()
  const ids = z
    .object({ object: z.string() })
    .array()
    .parse(results)
    .map(({ object }) => object)
  if (ids.length > 0) await database.prepare(LOOKED_AT).bind(JSON.stringify(ids), now).run()
  return ids
}

// Writes the index of the archive again, from what the packs say of themselves. A page at a time.

import { z } from 'zod'
import { PACK_VERSION, type PackIndex } from '../../archive/pack-index.ts'
import { FOOTER_BYTES, indexRange, parseIndex } from '../../schema/pack.ts'
import { logEvent } from '../json-log.ts'
import { type ArchiveEnv, indexPack } from './write-archive.ts'

const KNOWN = `SELECT key FROM archive_packs WHERE key IN (SELECT value FROM json_each(?1))`

/** Packs after the one of this key, in their order. Answers the key to go on after; null: that were all. */
export async function indexPacks(
  env: ArchiveEnv,
  after: string | null,
  limit: number,
): Promise<string | null> {
  const { objects, truncated } = await env.ARCHIVE.list({
    prefix: `packs/${PACK_VERSION}/`,
    limit,
    ...(after === null ? {} : { startAfter: after }),
  })
  const { results } = await env.DB.prepare(KNOWN)
    .bind(JSON.stringify(objects.map(({ key }) => key)))
    .all()
  const known = new Set(
    z
      .object({ key: z.string() })
      .array()
      .parse(results)
      .map(({ key }) => key),
  )
  for (const { key, size } of objects) {
    if (known.has(key)) continue
    const index = await readIndex(env.ARCHIVE, key)
    if (index === null) logEvent('error', 'archive.pack_unreadable', { pack: key })
    else await indexPack(env.DB, { key, index, bytes: { length: size } })
  }
  return truncated ? (objects.at(-1)?.key ?? null) : null
}

/** Null: it is no pack, or its index is not what was written. */
async function readIndex(bucket: R2Bucket, key: string): Promise<PackIndex | null> {
  const end = async (suffix: number) => {
    const object = await bucket.get(key, { range: { suffix } })
    return object === null ? new Uint8Array() : new Uint8Array(await object.arrayBuffer())
  }
  const range = indexRange(await end(FOOTER_BYTES))
  if (!range.ok) return null
  const index = parseIndex(await end(range.value.fromEnd))
  return index.ok ? index.value : null
}

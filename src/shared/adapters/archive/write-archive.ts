// Writes packs: first into R2, then into the index in D1. A crash between the two leaves a pack that nobody asks for; its
// logs were not acknowledged, so they are packed again.

import type { Pack } from '../../schema/pack.ts'

export type ArchiveEnv = { readonly DB: D1Database; readonly ARCHIVE: R2Bucket }

const ADD_PACK = `
INSERT INTO archive_packs (key, kind, bytes, parts, created_at, looked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT DO NOTHING`

/** One parameter for all rows: D1 takes a hundred for a statement, which is seven rows. */
const ADD_PARTS = `
INSERT INTO archive_parts (class, object, last_seq, first_seq, pack, incarnation, is_sealed,
                           frame_offset, frame_length, frame_sha256, start, length, sha256)
SELECT value ->> 'class', value ->> 'object', value ->> 'last_seq', value ->> 'first_seq', ?2, value ->> 'incarnation', ?3,
       value ->> 'frame_offset', value ->> 'frame_length', value ->> 'frame_sha256',
       value ->> 'start', value ->> 'length', value ->> 'sha256'
FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`

/** What an earlier life of the object had archived counts no more: another history may follow from it. */
const ADD_LOGS = `
INSERT INTO archive_logs (class, object, tenant, incarnation, archived_seq, sealed_seq, looked_at)
SELECT value ->> 'class', value ->> 'object', value ->> 'tenant', value ->> 'incarnation', value ->> 'last_seq',
       CASE WHEN ?2 THEN value ->> 'last_seq' ELSE 0 END, ?3
FROM json_each(?1) WHERE true
ON CONFLICT (class, object) DO UPDATE SET
  archived_seq = CASE WHEN excluded.incarnation > incarnation THEN excluded.archived_seq
                      ELSE max(archived_seq, excluded.archived_seq) END,
  sealed_seq = CASE WHEN excluded.incarnation > incarnation THEN excluded.sealed_seq
                    ELSE max(sealed_seq, excluded.sealed_seq) END,
  incarnation = max(incarnation, excluded.incarnation),
  looked_at = max(looked_at, excluded.looked_at)`

export async function writePack(env: ArchiveEnv, pack: Pack): Promise<void> {
  await env.ARCHIVE.put(pack.key, pack.bytes)
  await indexPack(env.DB, pack)
}

/** Also for a pack that was found in R2 and is in no index. */
export async function indexPack(
  database: D1Database,
  { key, index, bytes }: Pick<Pack, 'key' | 'index'> & { readonly bytes: { readonly length: number } },
): Promise<void> {
  const { kind, created_at, frames, parts } = index
  const isSealed = kind === 'sealed' ? 1 : 0
  const rows = JSON.stringify(
    parts.map(({ frame, ...part }) => ({
      ...part,
      frame_offset: frames[frame]?.offset,
      frame_length: frames[frame]?.length,
      frame_sha256: frames[frame]?.sha256,
    })),
  )
  await database.batch([
    database.prepare(ADD_PACK).bind(key, kind, bytes.length, parts.length, created_at),
    database.prepare(ADD_PARTS).bind(rows, key, isSealed),
    database.prepare(ADD_LOGS).bind(rows, isSealed, created_at),
  ])
}

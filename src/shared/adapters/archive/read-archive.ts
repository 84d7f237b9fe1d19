// Reads one log out of the archive: the index says where its parts lie, each is fetched with a range request and checked
// alone. What is missing or not what it was is left out; who asked looks at digests anyway.

import { and, asc, eq, gt } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { LogPart } from '../../archive/log-part.ts'
import { readPart } from '../../schema/pack.ts'
import type { WalIdentity } from '../../wal/group.ts'
import { archiveParts } from '../d1/tables.ts'
import { logEvent } from '../json-log.ts'
import type { ArchiveEnv } from './write-archive.ts'

/** Parts of one answer: a log that has more is read on after the last of them. */
const PARTS_MAX = 300
/** An invocation has six connections that wait for an answer. */
const READS_AT_ONCE = 6

type Row = typeof archiveParts.$inferSelect

/** Parts that hold groups after `afterSeq`, oldest first, sealed ones before tails. */
export async function readArchive(
  env: ArchiveEnv,
  identity: WalIdentity,
  afterSeq: number,
): Promise<readonly LogPart[]> {
  const sealed = await rowsOf(env.DB, identity, afterSeq, 1)
  const tails = await rowsOf(env.DB, identity, Math.max(afterSeq, sealed.at(-1)?.last_seq ?? 0), 0)
  const rows = [...sealed, ...tails].slice(0, PARTS_MAX)
  const parts: LogPart[] = []
  for (let start = 0; start < rows.length; start += READS_AT_ONCE) {
    const some = await Promise.all(
      rows.slice(start, start + READS_AT_ONCE).map((row) => partOf(env.ARCHIVE, row)),
    )
    for (const part of some) if (part !== null && isOf(part, identity)) parts.push(part)
  }
  return parts
}

function rowsOf(
  database: D1Database,
  identity: WalIdentity,
  afterSeq: number,
  isSealed: 0 | 1,
): Promise<Row[]> {
  return drizzle(database)
    .select()
    .from(archiveParts)
    .where(
      and(
        eq(archiveParts.class, identity.class),
        eq(archiveParts.object, identity.object),
        gt(archiveParts.last_seq, afterSeq),
        eq(archiveParts.is_sealed, isSealed),
      ),
    )
    .orderBy(asc(archiveParts.last_seq))
    .limit(PARTS_MAX)
}

async function partOf(bucket: R2Bucket, row: Row): Promise<LogPart | null> {
  const { frame_offset: offset, frame_length: length, frame_sha256: sha256 } = row
  const object = await bucket.get(row.pack, { range: { offset, length } })
  const bytes = object === null ? null : new Uint8Array(await object.arrayBuffer())
  const part = bytes === null ? null : readPart({ ...row, frame: { offset, length, sha256 } }, bytes)
  if (part === null)
    logEvent('error', 'archive.part_lost', { pack: row.pack, object: row.object, seq: row.last_seq })
  return part
}

function isOf(part: LogPart, identity: WalIdentity): boolean {
  return part.class === identity.class && part.object === identity.object
}

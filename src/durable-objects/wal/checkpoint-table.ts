// States as of a seq. A cache: whatever is wrong with one, the log itself still says everything.

import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { z } from 'zod'
import { sha256Hex } from '../../shared/lib/sha256.ts'
import { parseTagged, stringifyTagged } from '../../shared/lib/tagged-json.ts'
import type { WalPosition } from '../../shared/wal/group.ts'
import type { Sql } from '../sqlite/storage.ts'
import { trailJson } from './meta-row.ts'
import { CHECKPOINT_TABLE, hasTable } from './wal-schema.ts'

/** Bytes of one row; SQLite rows end at 2 MB in production. */
const PART_MAX_BYTES = 1_048_576
/** Checkpoints that are kept: the newest, and the one before it for the case that the newest is damaged. */
const KEPT = 2
/** Of Brotli: a checkpoint is written while an append waits. */
const QUALITY = 1

export type Checkpoint = { readonly position: WalPosition; readonly state: unknown }

const partRow = z.object({
  parts: z.number(),
  trail: z.string(),
  data: z.instanceof(ArrayBuffer),
  digest: z.string(),
})

export const checkpointTable = {
  /** `version`: of the form of the state. */
  write(sql: Sql, version: string, position: WalPosition, state: unknown): void {
    const text = new TextEncoder().encode(stringifyTagged(state))
    const data = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } })
    const trail = JSON.stringify(position.trail)
    const digest = digestOf(version, position.seq, trail, data)
    sql.exec(CHECKPOINT_TABLE)
    const parts = Math.ceil(data.length / PART_MAX_BYTES)
    for (let part = 0; part < parts; part++) {
      const slice = new Uint8Array(data.subarray(part * PART_MAX_BYTES, (part + 1) * PART_MAX_BYTES)).buffer
      sql.exec(
        `INSERT OR REPLACE INTO checkpoint (seq, part, parts, version, trail, data, digest) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        position.seq,
        part,
        parts,
        version,
        trail,
        slice,
        digest,
      )
    }
    // One of a later seq can only be damaged: it must not stand in the place of a good one.
    sql.exec(
      `DELETE FROM checkpoint WHERE seq NOT IN (SELECT DISTINCT seq FROM checkpoint WHERE seq <= ? ORDER BY seq DESC LIMIT ${KEPT})`,
      position.seq,
    )
  },

  /** Those of this version whose digests fit, newest first. */
  *read(sql: Sql, version: string): Generator<Checkpoint> {
    if (!hasTable(sql, 'checkpoint')) return
    const seqs = sql
      .exec(`SELECT DISTINCT seq FROM checkpoint WHERE version = ? ORDER BY seq DESC`, version)
      .toArray()
    for (const row of seqs) {
      const checkpoint = readOne(sql, version, Number(row.seq))
      if (checkpoint !== null) yield checkpoint
    }
  },

  size(sql: Sql): { readonly seq: number; readonly bytes: number } {
    if (!hasTable(sql, 'checkpoint')) return { seq: 0, bytes: 0 }
    const [row] = sql
      .exec(
        `SELECT seq, TOTAL(octet_length(data)) AS bytes FROM checkpoint GROUP BY seq ORDER BY seq DESC LIMIT 1`,
      )
      .toArray()
    return { seq: Number(row?.seq ?? 0), bytes: Number(row?.bytes ?? 0) }
  },
}

/** Null: it is damaged, and does not count. */
function readOne(sql: Sql, version: string, seq: number): Checkpoint | null {
  try {
    const rows = sql
      .exec(`SELECT parts, trail, data, digest FROM checkpoint WHERE seq = ? ORDER BY part`, seq)
      .toArray()
      .map((row) => partRow.parse(row))
    const [first] = rows
    if (first === undefined || rows.some(({ parts }) => parts !== rows.length)) return null
    const data = Buffer.concat(rows.map((row) => new Uint8Array(row.data)))
    if (digestOf(version, seq, first.trail, data) !== first.digest) return null
    const trail = trailJson.parse(JSON.parse(first.trail))
    return { position: { seq, trail }, state: parseTagged(brotliDecompressSync(data).toString()) }
  } catch {
    return null
  }
}

function digestOf(version: string, seq: number, trail: string, data: Uint8Array): string {
  return sha256Hex(`${version}\n${seq}\n${trail}\n`, data)
}

// The bytes of a pack <-> parts. Making one verifies every part; reading one leaves no byte unchecked.

import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { z } from 'zod'
import { type LogPart, verifyPart } from '../archive/log-part.ts'
import {
  FRAME_TEXT_BYTES,
  PACK_KINDS,
  PACK_MAX_BYTES,
  PACK_MAX_PARTS,
  PACK_TEXT_MAX_BYTES,
  PACK_VERSION,
  type PackEntry,
  type PackFault,
  type PackFrame,
  type PackIndex,
  type PackKind,
  type PartPlace,
} from '../archive/pack-index.ts'
import { assert } from '../lib/assert.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { sha256, sha256Hex } from '../lib/sha256.ts'
import { parsePart } from './log-part.ts'
import { count } from './scalars.ts'

const MARK = new TextEncoder().encode('WBPACK1\n')
const LENGTH_BYTES = 4
const DIGEST_BYTES = 32
/** Bytes at the end of a pack that say where its index lies. */
export const FOOTER_BYTES = LENGTH_BYTES + DIGEST_BYTES + MARK.length
/** Bytes of an index: a forged one must not fill the memory. */
const INDEX_TEXT_MAX_BYTES = 1_048_576
/** Of Brotli: tails are written in a hurry and do not stay; sealed parts are written once and kept. */
const QUALITIES: Readonly<Record<PackKind, number>> = { transfer_tail: 4, standing_tail: 4, sealed: 9 }

const sha = z.string().regex(/^[0-9a-f]{64}$/)
const frameSchema = z.strictObject({ offset: count, length: count, sha256: sha })
const entrySchema = z.strictObject({
  class: z.string(),
  object: z.string(),
  incarnation: count,
  tenant: z.string().nullable(),
  first_seq: count,
  last_seq: count,
  frame: count,
  start: count,
  length: count,
  sha256: sha,
})
const indexSchema: z.ZodType<PackIndex> = z.strictObject({
  v: z.literal(PACK_VERSION),
  kind: z.enum(PACK_KINDS),
  created_at: count,
  frames: z.array(frameSchema),
  parts: z.array(entrySchema).max(PACK_MAX_PARTS),
})

export type Pack = { readonly key: string; readonly bytes: Uint8Array; readonly index: PackIndex }

/** The text of a part that verifies. */
export type VerifiedPart = { readonly bytes: Uint8Array; readonly part: LogPart; readonly lastSeq: number }

/** Null: it is no part, or its groups do not follow from where it begins. */
export function verifiedPart(text: string): VerifiedPart | null {
  const part = parsePart(text)
  const end = part === null ? null : verifyPart(part)
  return part !== null && end?.ok
    ? { bytes: new TextEncoder().encode(text), part, lastSeq: end.value.seq }
    : null
}

export function encodePack(kind: PackKind, createdAt: number, verified: readonly VerifiedPart[]): Pack {
  assert(verified.length > 0 && verified.length <= PACK_MAX_PARTS, 'a pack has parts, and not too many')
  const frames: PackFrame[] = []
  const parts: PackEntry[] = []
  const blocks: Uint8Array[] = [MARK]
  let offset = MARK.length
  for (const run of framesOf(verified)) {
    const block = compress(Buffer.concat(run.map(({ bytes }) => bytes)), QUALITIES[kind])
    let start = 0
    for (const one of run) {
      parts.push({ ...entryOf(one), frame: frames.length, start, length: one.bytes.length })
      start += one.bytes.length
    }
    frames.push({ offset, length: block.length, sha256: sha256Hex(block) })
    blocks.push(block)
    offset += block.length
  }
  const index = { v: PACK_VERSION, kind, created_at: createdAt, frames, parts } as const
  const packed = compress(new TextEncoder().encode(JSON.stringify(index)), QUALITIES.sealed)
  const length = new Uint8Array(LENGTH_BYTES)
  new DataView(length.buffer).setUint32(0, packed.length)
  const bytes = new Uint8Array(Buffer.concat([...blocks, packed, length, sha256(packed), MARK]))
  assert(bytes.length <= PACK_MAX_BYTES, `a pack of ${bytes.length} bytes`)
  return { key: packKey(createdAt, bytes), bytes, index }
}

function packKey(createdAt: number, bytes: Uint8Array): string {
  return `packs/${PACK_VERSION}/${new Date(createdAt).toISOString().slice(0, 10)}/${sha256Hex(bytes)}`
}

/** Whether a key says what the bytes are. */
export function isKeyOf(key: string, bytes: Uint8Array): boolean {
  return key.endsWith(`/${sha256Hex(bytes)}`)
}

function* framesOf(parts: readonly VerifiedPart[]): Generator<readonly VerifiedPart[]> {
  let run: VerifiedPart[] = []
  let size = 0
  for (const part of parts) {
    if (run.length > 0 && size + part.bytes.length > FRAME_TEXT_BYTES) {
      yield run
      run = []
      size = 0
    }
    run.push(part)
    size += part.bytes.length
  }
  yield run
}

function entryOf({ bytes, part, lastSeq }: VerifiedPart): Omit<PackEntry, 'frame' | 'start' | 'length'> {
  const { class: name, object, incarnation, tenant, start } = part
  return {
    class: name,
    object,
    incarnation,
    tenant,
    first_seq: start.seq + 1,
    last_seq: lastSeq,
    sha256: sha256Hex(bytes),
  }
}

/** `footer`: the last FOOTER_BYTES of a pack. Where its index lies, counted from its end. */
export function indexRange(
  footer: Uint8Array,
): Result<{ readonly fromEnd: number; readonly length: number }, PackFault> {
  if (footer.length !== FOOTER_BYTES || !isMark(footer.subarray(-MARK.length))) {
    return err({ reason: 'not_a_pack' })
  }
  const length = new DataView(footer.buffer, footer.byteOffset).getUint32(0)
  return ok({ fromEnd: FOOTER_BYTES + length, length })
}

/** `packed`: the index and the footer. */
export function parseIndex(packed: Uint8Array): Result<PackIndex, PackFault> {
  const body = packed.subarray(0, -FOOTER_BYTES)
  const digest = packed.subarray(body.length + LENGTH_BYTES, body.length + LENGTH_BYTES + DIGEST_BYTES)
  if (Buffer.compare(sha256(body), digest) !== 0) return err({ reason: 'index' })
  try {
    const text = brotliDecompressSync(body, { maxOutputLength: INDEX_TEXT_MAX_BYTES })
    return ok(indexSchema.parse(JSON.parse(utf8.decode(text))))
  } catch {
    return err({ reason: 'index' })
  }
}

/** The parts of a whole pack, each verified. Every byte counts. */
export function decodePack(
  bytes: Uint8Array,
): Result<{ readonly index: PackIndex; readonly parts: readonly LogPart[] }, PackFault> {
  if (bytes.length < MARK.length + FOOTER_BYTES || !isMark(bytes.subarray(0, MARK.length))) {
    return err({ reason: 'not_a_pack' })
  }
  const range = indexRange(bytes.subarray(-FOOTER_BYTES))
  if (!range.ok) return range
  const indexAt = bytes.length - range.value.fromEnd
  if (indexAt < MARK.length) return err({ reason: 'index' })
  const index = parseIndex(bytes.subarray(indexAt))
  if (!index.ok) return index
  const texts = textsOf(bytes, index.value, indexAt)
  if (!texts.ok) return texts
  return partsOf(index.value, texts.value)
}

/** The texts of all frames, which must lie one behind the other from the mark to the index. */
function textsOf(
  bytes: Uint8Array,
  { frames }: PackIndex,
  end: number,
): Result<readonly Uint8Array[], PackFault> {
  const texts: Uint8Array[] = []
  let offset = MARK.length
  for (const [number, frame] of frames.entries()) {
    const text =
      frame.offset === offset ? readFrame(frame, bytes.subarray(offset, offset + frame.length)) : null
    if (text === null) return err({ reason: 'frame', frame: number })
    texts.push(text)
    offset += frame.length
  }
  return offset === end ? ok(texts) : err({ reason: 'frame', frame: frames.length })
}

function partsOf(
  index: PackIndex,
  texts: readonly Uint8Array[],
): Result<{ readonly index: PackIndex; readonly parts: readonly LogPart[] }, PackFault> {
  const parts: LogPart[] = []
  for (const [number, entry] of index.parts.entries()) {
    const text = texts[entry.frame]
    const part = text === undefined ? null : readText(text, entry)
    if (part === null || !isSame(part, entry)) return err({ reason: 'part', part: number })
    const end = verifyPart(part)
    if (!end.ok) return err({ reason: 'groups', part: number, seq: end.error.seq })
    if (end.value.seq !== entry.last_seq) return err({ reason: 'part', part: number })
    parts.push(part)
  }
  return ok({ index, parts })
}

/** One part, of the bytes of its frame alone; null: they are not what was written, or the part does not verify. */
export function readPart({ frame, ...place }: PartPlace, packed: Uint8Array): LogPart | null {
  const text = readFrame(frame, packed)
  const part = text === null ? null : readText(text, place)
  return part !== null && verifyPart(part).ok ? part : null
}

function readFrame(frame: PackFrame, packed: Uint8Array): Uint8Array | null {
  if (packed.length !== frame.length || sha256Hex(packed) !== frame.sha256) return null
  try {
    return brotliDecompressSync(packed, { maxOutputLength: PACK_TEXT_MAX_BYTES })
  } catch {
    return null
  }
}

function readText(text: Uint8Array, place: Pick<PartPlace, 'start' | 'length' | 'sha256'>): LogPart | null {
  const bytes = text.subarray(place.start, place.start + place.length)
  return sha256Hex(bytes) === place.sha256 ? parsePart(utf8.decode(bytes)) : null
}

function isSame(part: LogPart, entry: PackEntry): boolean {
  return (
    part.class === entry.class &&
    part.object === entry.object &&
    part.incarnation === entry.incarnation &&
    part.tenant === entry.tenant &&
    part.start.seq + 1 === entry.first_seq
  )
}

const utf8 = new TextDecoder('utf-8')

function isMark(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, MARK) === 0
}

/** Brotli: the synchronous zstd of the runtime fails for more than 48 KiB of output. */
function compress(bytes: Uint8Array, quality: number): Uint8Array {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  })
}

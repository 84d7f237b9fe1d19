// A run of groups as one compressed block. What can be computed again is left out: seqs, counts and digests follow from
// the position before the block and the leaves in it.
//
// Text, before compression: for each group a line [v, ms since the group before, by, leaves], then each leaf on a line.

import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  deflateRawSync,
  inflateRawSync,
} from 'node:zlib'
import { z } from 'zod'
import type { By } from '../../shared/wal/by.ts'
import { SEGMENT_DICTIONARY } from './segment-dictionary.ts'

export type SegmentGroup = {
  readonly v: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly by: By
  /** Canonical JSON of up to LEAF_RECORDS records each. */
  readonly leaves: readonly string[]
}

/**
 * First byte of a block. A long run is best pressed by Brotli; one of a few groups by what such groups usually say. Not by
 * zstd: in this runtime its synchronous form fails for more than 48 KiB of output.
 */
const FORM = { brotli: 1, deflateWithDictionary: 2 } as const
/** Bytes of text up to which the dictionary is tried: above it what the run says itself is dictionary enough. */
const SHORT_BYTES = 32_768
/** Bytes of text that a block may hold: a damaged or forged one must not fill the memory. */
const TEXT_MOST_BYTES = 16_777_216
const DEFLATE_LEVEL = 9

/** `quality`: of Brotli, 0 to 11. */
export function packSegment(groups: readonly SegmentGroup[], quality: number): Uint8Array {
  const text = new TextEncoder().encode(toText(groups))
  const pressed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  })
  if (text.length <= SHORT_BYTES) {
    const short = deflateRawSync(text, { level: DEFLATE_LEVEL, dictionary: SEGMENT_DICTIONARY })
    if (short.length < pressed.length) return block(FORM.deflateWithDictionary, short)
  }
  return block(FORM.brotli, pressed)
}

/** @throws when it is no block of ours: its digest has been checked before, so that is a block of another program. */
export function unpackSegment(packed: Uint8Array, parseBy: (json: unknown) => By): readonly SegmentGroup[] {
  const [form, body] = [packed[0], packed.subarray(1)]
  const bound = { maxOutputLength: TEXT_MOST_BYTES }
  switch (form) {
    case FORM.brotli:
      return fromText(decoder.decode(brotliDecompressSync(body, bound)), parseBy)
    case FORM.deflateWithDictionary:
      return fromText(
        decoder.decode(inflateRawSync(body, { ...bound, dictionary: SEGMENT_DICTIONARY })),
        parseBy,
      )
    default:
      throw new Error(`no form of a segment: ${form}`)
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const headLine = z.tuple([z.number(), z.number(), z.unknown(), z.number()])

function toText(groups: readonly SegmentGroup[]): string {
  let before = 0
  const lines: string[] = []
  for (const { v, at, by, leaves } of groups) {
    lines.push(JSON.stringify([v, at - before, by, leaves.length]), ...leaves)
    before = at
  }
  return lines.join('\n')
}

function fromText(text: string, parseBy: (json: unknown) => By): readonly SegmentGroup[] {
  const lines = text.split('\n')
  const groups: SegmentGroup[] = []
  let at = 0
  for (let line = 0; line < lines.length; ) {
    const [v, sinceMs, by, count] = headLine.parse(JSON.parse(lines[line] ?? ''))
    at += sinceMs
    groups.push({ v, at, by: parseBy(by), leaves: lines.slice(line + 1, line + 1 + count) })
    line += 1 + count
  }
  return groups
}

function block(form: number, body: Uint8Array): Uint8Array {
  const packed = new Uint8Array(1 + body.length)
  packed[0] = form
  packed.set(body, 1)
  return packed
}

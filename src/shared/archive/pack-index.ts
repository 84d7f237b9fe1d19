// What a pack says of itself: which parts it holds and where. SPEC.md says how the bytes lie.

import type { WalIdentity } from '../wal/group.ts'

export const PACK_VERSION = 1

/** Bytes of a pack: it is made and checked whole in the 128 MB of a Worker, beside the texts that it is made of. */
export const PACK_MAX_BYTES = 8_388_608
/** Bytes of the texts of one pack. Below the bound by what text that cannot be compressed grows by, and the index. */
export const PACK_TEXT_MAX_BYTES = 7_864_320
/** Parts of a pack: a queue's batch has a hundred logs, each of which may hand over several. */
export const PACK_MAX_PARTS = 400
/** Bytes of text that are compressed together: a log of 2 KB alone would compress half as well. */
export const FRAME_TEXT_BYTES = 131_072

export const PACK_KINDS = ['transfer_tail', 'standing_tail', 'sealed'] as const
/** What goes at one time lies in one pack, so that packs go whole. */
export type PackKind = (typeof PACK_KINDS)[number]

export type PackFrame = {
  /** In the pack, bytes. */
  readonly offset: number
  readonly length: number
  /** Of the compressed bytes. */
  readonly sha256: string
}

export type PackEntry = WalIdentity & {
  readonly incarnation: number
  readonly tenant: string | null
  readonly first_seq: number
  readonly last_seq: number
  /** Which frame, and where in its text. */
  readonly frame: number
  readonly start: number
  readonly length: number
  /** Of the part's text. */
  readonly sha256: string
}

export type PackIndex = {
  readonly v: typeof PACK_VERSION
  readonly kind: PackKind
  /** Milliseconds. */
  readonly created_at: number
  readonly frames: readonly PackFrame[]
  readonly parts: readonly PackEntry[]
}

/** Where one part lies, without the index of its pack. */
export type PartPlace = { readonly frame: PackFrame } & Pick<PackEntry, 'start' | 'length' | 'sha256'>

/** Why bytes are no pack, or a part of one is not what it was. */
export type PackFault =
  /** Too short, or without the marks at its ends: cut off, or something else. */
  | { readonly reason: 'not_a_pack' }
  | { readonly reason: 'index' }
  /** The bytes of a frame, or bytes that no frame has. */
  | { readonly reason: 'frame'; readonly frame: number }
  | { readonly reason: 'part'; readonly part: number }
  /** The part's groups do not follow from where it begins: `seq` of the first one that does not. */
  | { readonly reason: 'groups'; readonly part: number; readonly seq: number }

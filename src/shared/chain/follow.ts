// What a look at the chain adds to its log. The subscription only says that it is time to look; the truth is the walk
// by parent hash, and finality is believed only where it fits the walk.

import type { TenantId } from '../tenancy/tenant-id.ts'
import type { Address } from './address.ts'
import { type Block, type BlockRef, refOf } from './block.ts'
import type { FinalityPolicy } from './policy.ts'
import type { Log } from './receipt.ts'
import type { ChainRecord, LinkedBlock, Match } from './records.ts'
import { blockAt, type ChainState, tipOf } from './state.ts'

/** Characters of the transactions in one record: half of what a record may have, the other half is for the blocks. */
const MATCHES_MOST_CHARACTERS = 524_288

/** Characters of a transaction without its logs, of a log without its data and topics, and of a topic. */
const MATCH_CHARACTERS = 800
const LOG_CHARACTERS = 100
const TOPIC_CHARACTERS = 70

/** Blocks that one look walks back; a longer gap is closed by several looks, oldest part first. */
export const WALK_MAX_BLOCKS = 500

/** What to do with the block that a node calls its head. `most`: blocks that one look may walk back, at least one. */
export type Target =
  | { readonly walk: 'start' }
  | { readonly walk: 'none' }
  /** Walk back from the head, or from the block `at`, where the gap is too long for one look. */
  | { readonly walk: 'back'; readonly at: number | null }

export function targetOf(state: ChainState, head: BlockRef, most = WALK_MAX_BLOCKS): Target {
  const tip = tipOf(state)
  if (tip === null) return { walk: 'start' }
  if (head.hash === tip.hash) return { walk: 'none' }
  // An older block of ours, or one below all that we keep: this node is behind. Absence proves nothing; a reorg shows
  // itself by another block.
  const [oldest] = state.blocks
  const isBelow = oldest !== undefined && head.number < oldest.number
  if (isBelow || blockAt(state, head.number)?.hash === head.hash) return { walk: 'none' }
  return {
    walk: 'back',
    at: head.number - tip.number > most ? tip.number + most : null,
  }
}

/** Whether `block` hangs on one of ours. `lost`: it is as deep as our oldest block and still another one. */
export function linkOf(state: ChainState, block: Block): 'linked' | 'further' | 'lost' {
  if (blockAt(state, block.number - 1)?.hash === block.parent_hash) return 'linked'
  const oldest = state.blocks[0]
  return oldest === undefined || block.number <= oldest.number ? 'lost' : 'further'
}

/** Following may have begun anew while a path was walked: what was seen then hangs on nothing. */
export function isLinked(state: ChainState, path: readonly Block[]): boolean {
  const [first] = path
  return first !== undefined && linkOf(state, first) === 'linked'
}

/** `path`: oldest first, its first block hangs on one of ours. `keepsTimes`: of blocks. */
export function advance(
  state: ChainState,
  path: readonly Block[],
  matches: readonly Match[],
  keepsTimes = false,
): readonly ChainRecord[] {
  const [first] = path
  if (first === undefined) return []
  const removed = state.blocks
    .filter((block) => block.number >= first.number)
    .map(({ number, hash }) => ({ number, hash }))
    .reverse()
  const added = path.map(({ at, ...block }) => ({ ...linked(block), ...(keepsTimes ? { at } : {}) }))
  const [some = [], ...more] = inParts(matches)
  return [
    { kind: 'advanced', removed, added, matches: some },
    // Of the same turn, so they are written together or not at all.
    ...more.map((others) => ({ kind: 'advanced', removed: [], added: [], matches: others }) as const),
  ]
}

/** Runs of matches that are each small enough for one record; the first may be empty, to leave room for the blocks. */
function inParts(matches: readonly Match[]): readonly (readonly Match[])[] {
  const parts: Match[][] = [[]]
  let size = 0
  for (const match of matches.flatMap(slices)) {
    size += sizeOf(match)
    if (size > MATCHES_MOST_CHARACTERS) {
      parts.push([])
      size = sizeOf(match)
    }
    parts.at(-1)?.push(match)
  }
  return parts
}

/**
 * A transaction may write logs that look like evidence as long as its gas lasts: megabytes of them. Then it is told in
 * parts, each with some of the logs; together they are one again (evolve).
 */
function slices({ address, inclusion }: Match): readonly Match[] {
  const parts: Log[][] = [[]]
  let size = MATCH_CHARACTERS
  for (const log of inclusion.receipt.logs) {
    size += sizeOfLog(log)
    if (size > MATCHES_MOST_CHARACTERS) {
      parts.push([])
      size = MATCH_CHARACTERS + sizeOfLog(log)
    }
    parts.at(-1)?.push(log)
  }
  return parts.map((logs) => ({
    address,
    inclusion: { ...inclusion, receipt: { ...inclusion.receipt, logs } },
  }))
}

/** At most what a match takes as JSON: its numbers and names, and its logs. */
function sizeOf({ inclusion }: Match): number {
  return inclusion.receipt.logs.reduce((sum, log) => sum + sizeOfLog(log), MATCH_CHARACTERS)
}

function sizeOfLog({ data, topics }: Log): number {
  return LOG_CHARACTERS + data.length + TOPIC_CHARACTERS * topics.length
}

/**
 * A branch that hangs on none of our blocks. Where the oldest of them is final, finality was broken. Where following
 * began there, the fork lies before our beginning, and nothing that was told as final is touched.
 */
export function isBelowFinality(state: ChainState): boolean {
  const [oldest] = state.blocks
  return oldest === undefined || (state.finalized !== null && oldest.number <= state.finalized.number)
}

/**
 * Where following begins anew when a fork lies before its beginning: at a block that nothing undoes, and below the old
 * beginning. What was broadcast since may stand in any block above the fork, however far the chain has come meanwhile.
 */
export function restartHeight(
  state: ChainState,
  head: BlockRef,
  tagged: BlockRef | null,
  policy: FinalityPolicy,
): number {
  const isUsable = policy.tag && tagged !== null && tagged.number <= head.number
  const height = isUsable ? tagged.number : head.number - policy.depth
  const [oldest] = state.blocks
  const belowBeginning = oldest === undefined ? height : oldest.number - policy.depth
  // Below what was final there is nothing to begin at: a branch that parts there is a breach.
  return Math.max(0, state.finalized?.number ?? 0, Math.min(height, belowBeginning))
}

/** A node whose head lies below what is final: late, or another chain in place of ours. Nothing begins at such a head. */
export function isBehind(finalized: BlockRef | null, head: BlockRef): boolean {
  return finalized !== null && head.number < finalized.number
}

/** Deeper than finality: whatever was told as final may be untrue. Nothing is signed or settled until a person looks. */
export function fence(state: ChainState, head: BlockRef): readonly ChainRecord[] {
  if (state.fence !== null) return []
  const reason = isBehind(state.finalized, head) ? 'reset' : 'reorg_below_finality'
  return [{ kind: 'fenced', reason, at: refOf(head) }]
}

/** `other`: all endpoints that answer have another first block. `known`: one has ours. `unsure`: none told it. */
export type Identity = 'other' | 'known' | 'unsure'

/** Another chain in place of ours fences; ours in its place again ends that, for nothing in the log was touched. */
export function judgeIdentity(state: ChainState, identity: Identity): readonly ChainRecord[] {
  const at = state.finalized ?? tipOf(state)
  if (identity === 'other' && state.fence === null && at !== null) {
    return [{ kind: 'fenced', reason: 'reset', at: refOf(at) }]
  }
  return identity === 'known' && state.fence?.reason === 'reset' ? [{ kind: 'unfenced' }] : []
}

/**
 * A signer that has transactions under way and is not watched: this log is a copy from before it was. They lie above all
 * that was walked over here, since none was broadcast before it was watched; so following begins there again.
 */
export function watchAgain(
  { watched, blocks, fence: fenced }: ChainState,
  { address, tenant }: { readonly address: Address; readonly tenant: TenantId },
): readonly ChainRecord[] {
  const [oldest] = blocks
  if (watched.has(address) || oldest === undefined || fenced !== null) return []
  return [
    { kind: 'started', block: oldest },
    { kind: 'watched', address, tenant },
  ]
}

export function start(block: Block): readonly ChainRecord[] {
  return [{ kind: 'started', block: linked(block) }]
}

/**
 * The block that is final by the node's tag, while that is sane, or by depth where there is no tag; null: nothing new. Sane: deep enough,
 * not behind what was final, and the very block that we walked over. `most`: blocks that may become final at once, from the
 * oldest that is kept; what lies below a final block is final.
 */
export function finalBlock(
  state: ChainState,
  tagged: BlockRef | null,
  policy: FinalityPolicy,
  most = WALK_MAX_BLOCKS,
): BlockRef | null {
  const tip = tipOf(state)
  if (tip === null) return null
  const isUsable = policy.tag && tagged !== null && tagged.number <= tip.number - policy.min_depth
  if (isUsable && blockAt(state, tagged.number)?.hash === tagged.hash) {
    return newer(state, within(state, tagged.number, most))
  }
  if (policy.tag && tagged !== null) return null
  return newer(state, within(state, tip.number - policy.depth, most))
}

function within(state: ChainState, height: number, most: number): BlockRef | null {
  const [oldest] = state.blocks
  return oldest === undefined ? null : blockAt(state, Math.min(height, oldest.number + most))
}

function newer(state: ChainState, block: BlockRef | null): BlockRef | null {
  if (block === null) return null
  return state.finalized === null || block.number > state.finalized.number ? refOf(block) : null
}

function linked({ number, hash, parent_hash }: Omit<LinkedBlock, 'at'>): LinkedBlock {
  return { number, hash, parent_hash }
}

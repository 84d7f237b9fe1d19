// One look at a chain through its nodes: the walk from the node's head back to a block that we know, with the
// transactions of watched accounts on the way. Reads only; what it means is decided in shared/chain/follow.ts.

import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import type { Address } from '../../shared/chain/address.ts'
import type { Block, BlockRef } from '../../shared/chain/block.ts'
import { linkOf, targetOf } from '../../shared/chain/follow.ts'
import type { BlockHash } from '../../shared/chain/hash.ts'
import type { Match } from '../../shared/chain/records.ts'
import { type ChainState, tipOf } from '../../shared/chain/state.ts'
import type { ChainNode, NodeFailure, NodeResult } from '../../shared/ports/chain-node.ts'
import { accountUses, type Wanted } from './account-uses.ts'
import { ASKED_AT_ONCE } from './agreement.ts'

/** Blocks: a shorter way is gone as fast by parent hashes alone, with half as many requests. */
const SIDE_BY_SIDE_FROM = 4

export type Look =
  /** Nothing was followed before: begin at this block. */
  | { readonly saw: 'start'; readonly head: Block; readonly tagged: BlockRef | null }
  /** `path`: new blocks, oldest first; empty: the head is known already. */
  | {
      readonly saw: 'path'
      readonly head: Block
      readonly path: readonly Block[]
      readonly matches: readonly Match[]
      readonly tagged: BlockRef | null
      /** The head lies further on: look again. */
      readonly isPartial: boolean
    }
  /** The node's chain and ours part below all that we keep. */
  | { readonly saw: 'lost'; readonly head: Block; readonly tagged: BlockRef | null }
  | { readonly saw: 'nothing'; readonly failure: NodeFailure }

/**
 * `wanted` is asked when the blocks are at hand: an account that joined meanwhile may have a transaction in them, while
 * one that joins later cannot, since it broadcasts only after it joined. `most`: blocks to walk.
 */
export async function look(
  node: ChainNode,
  state: ChainState,
  wanted: () => Wanted,
  most: number,
): Promise<Look> {
  const heads = await node.heads()
  if (!heads.ok) return { saw: 'nothing', failure: heads.error }
  const { head, finalized: tagged } = heads.value
  const target = targetOf(state, head, most)
  if (target.walk === 'start') return { saw: 'start', head, tagged }
  if (target.walk === 'none') return { saw: 'path', head, path: [], matches: [], tagged, isPartial: false }
  const from = target.at === null ? ok(head) : await blockAtHeight(node, target.at)
  if (!from.ok) return { saw: 'nothing', failure: from.error }
  const path = await walk(node, state, from.value)
  if (!path.ok) return { saw: 'nothing', failure: path.error }
  if (path.value === 'lost') return { saw: 'lost', head, tagged }
  const matches = await matchesIn(node, path.value, state, wanted())
  if (!matches.ok) return { saw: 'nothing', failure: matches.error }
  return {
    saw: 'path',
    head,
    path: path.value,
    matches: matches.value,
    tagged,
    isPartial: target.at !== null,
  }
}

/** By parent hash, from `from` back to the first block that hangs on one of ours. */
async function walk(
  node: ChainNode,
  state: ChainState,
  from: Block,
): Promise<NodeResult<readonly Block[] | 'lost'>> {
  const known = await between(node, state, from)
  const path: Block[] = []
  for (let block = from; ; ) {
    path.unshift(block)
    const link = linkOf(state, block)
    if (link === 'linked') return ok(path)
    if (link === 'lost') return ok('lost')
    const parent = known.get(block.parent_hash) ?? (await node.blockByHash(block.parent_hash))
    if (!parent.ok) return parent
    // The node left that branch while we walked it: the next look sees the new one.
    if (parent.value === null) return gone(block.parent_hash)
    block = parent.value
  }
}

/**
 * What lies between our tip and `from`, asked for side by side by height: of a way of some length nearly all. Whether they are of
 * the way their parents' hashes say; what is missing is asked for as it comes up.
 */
async function between(
  node: ChainNode,
  state: ChainState,
  from: Block,
): Promise<ReadonlyMap<BlockHash, NodeResult<Block>>> {
  const first = (tipOf(state)?.number ?? from.number) + 1
  const heights = Array.from({ length: Math.max(0, from.number - first) }, (_, index) => first + index)
  if (heights.length < SIDE_BY_SIDE_FROM) return new Map()
  const blocks = await mapBounded(heights, ASKED_AT_ONCE, (height) => blockAtHeight(node, height))
  return new Map(blocks.flatMap((block) => (block.ok ? [[block.value.hash, block] as const] : [])))
}

export async function blockAtHeight(node: ChainNode, number: number): Promise<NodeResult<Block>> {
  const ref = await node.blockByNumber(number)
  if (!ref.ok) return ref
  if (ref.value === null) return gone(String(number))
  const block = await node.blockByHash(ref.value.hash)
  if (!block.ok) return block
  // One that names the hash of another height would have following begin there, below what is final (seed 111166).
  const isThere = block.value !== null && block.value.number === number
  return isThere ? ok(block.value) : gone(ref.value.hash)
}

/** Where a nonce of an account of ours is used up, the receipts of the block are fetched; elsewhere nothing more is asked. */
async function matchesIn(
  node: ChainNode,
  path: readonly Block[],
  { inclusions }: ChainState,
  wanted: Wanted,
): Promise<NodeResult<readonly Match[]>> {
  const matches: Match[] = []
  for (const block of path) {
    const isKnown = (account: Address, nonce: number): boolean =>
      (inclusions.get(account) ?? []).some((one) => one.by === undefined && one.nonce === nonce) ||
      matches.some(
        ({ address, inclusion: { by, nonce: used } }) =>
          address === account && by === undefined && used === nonce,
      )
    const uses = await accountUses(node, block, wanted, isKnown)
    if (!uses.ok) return uses
    if (uses.value.length === 0) continue
    const receipts = await node.receipts(
      block,
      uses.value.map(({ hash }) => hash),
    )
    if (!receipts.ok) return receipts
    for (const [index, { account, hash: _hash, ...use }] of uses.value.entries()) {
      const receipt = receipts.value[index]
      if (receipt === undefined) return gone(block.hash)
      matches.push({ address: account, inclusion: { ...use, receipt } })
    }
  }
  return ok(matches)
}

function ok<T>(value: T): NodeResult<T> {
  return { ok: true, value }
}

function gone(what: string): NodeResult<never> {
  return { ok: false, error: { reason: 'malformed', detail: `${what} is not there any more` } }
}

// What several operators say of one block. One endpoint alone makes nothing final and breaks nothing: neither by its tag,
// nor by what it tells or leaves out of a block.

import { mapBounded } from '../../shared/adapters/map-bounded.ts'
import type { Address } from '../../shared/chain/address.ts'
import type { BlockRef } from '../../shared/chain/block.ts'
import { isBehind } from '../../shared/chain/follow.ts'
import type { BlockHash } from '../../shared/chain/hash.ts'
import type { Inclusion } from '../../shared/chain/receipt.ts'
import type { ChainState } from '../../shared/chain/state.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'
import { accountUses } from './account-uses.ts'

/** Voices that must agree: as many operators as there are, at most two. */
const QUORUM_MOST = 2

/** Blocks that one endpoint is asked about at once: one after the other, a chain whose blocks come faster than answers is never caught up with. */
export const ASKED_AT_ONCE = 8

export type Claim = {
  readonly block: BlockRef
  /** An endpoint calls it final; else it has to be `depth` blocks below every voice's own head. */
  readonly isByTag: boolean
  readonly depth: number
  /** The blocks that would become final with it, and what we know to be in them. */
  readonly blocks: readonly BlockRef[]
  readonly state: ChainState
  /** What others may have brought is looked at as well. */
  readonly isBrought: boolean
  /** Which operator told us of a block: it need not be asked about it again. */
  readonly sources: ReadonlyMap<BlockHash, string>
}

/** `disputed`: an operator has other transactions of ours in these blocks than we were told of. */
export type Agreement = 'agreed' | 'open' | 'disputed'

export async function agreementOn(nodes: readonly ChainNode[], claim: Claim): Promise<Agreement> {
  const needed = quorumOf(nodes)
  const agreed = new Set<string>()
  for (const node of nodes) {
    if (agreed.has(node.operator)) continue
    const voice = await voiceOf(node, claim)
    if (voice === 'other block') return 'open'
    if (voice === 'other contents') return 'disputed'
    if (voice === 'same') agreed.add(node.operator)
    if (agreed.size >= needed) return 'agreed'
  }
  return 'open'
}

/**
 * Whether as many operators as there need be have another block at this height, and `depth` blocks above it: one that stands
 * still on a branch that was given up has none so far above what is final, and would make two of one that lies.
 */
export async function isContradicted(
  nodes: readonly ChainNode[],
  block: BlockRef,
  depth: number,
): Promise<boolean> {
  const needed = quorumOf(nodes)
  const against = new Set<string>()
  for (const node of nodes) {
    const seen = await node.blockByNumber(block.number)
    const isOther = seen.ok && seen.value !== null && seen.value.hash !== block.hash
    if (isOther && (await isBuried(node, block, depth))) against.add(node.operator)
    if (against.size >= needed) return true
  }
  return false
}

/** Whether what was final when somebody last watched is final no more. A node that is behind says nothing. */
export async function isUndone(
  nodes: readonly ChainNode[],
  node: ChainNode,
  head: BlockRef,
  finalized: BlockRef,
  depth: number,
): Promise<boolean> {
  if (isBehind(finalized, head)) return false
  const known = await node.blockByNumber(finalized.number)
  const isOther = known.ok && known.value !== null && known.value.hash !== finalized.hash
  return isOther && (await isContradicted(nodes, finalized, depth))
}

function quorumOf(nodes: readonly ChainNode[]): number {
  return Math.min(QUORUM_MOST, new Set(nodes.map((node) => node.operator)).size)
}

async function voiceOf(
  node: ChainNode,
  claim: Claim,
): Promise<'same' | 'silent' | 'other block' | 'other contents'> {
  const seen = await node.blockByNumber(claim.block.number)
  if (!seen.ok || seen.value === null) return 'silent'
  if (seen.value.hash !== claim.block.hash) return 'other block'
  if (!(await isFinalFor(node, claim))) return 'silent'
  const untold = claim.blocks.filter(({ hash }) => claim.sources.get(hash) !== node.operator)
  const contents = await mapBounded(untold, ASKED_AT_ONCE, (block) => contentsOf(node, block, claim))
  return contents.find((one) => one !== 'same') ?? 'same'
}

/** By its own tag or, where it has none, by its own depth: a head that one endpoint made up moves no other's. */
async function isFinalFor(node: ChainNode, { block, isByTag, depth }: Claim): Promise<boolean> {
  const tagged = isByTag ? await node.blockByNumber('finalized') : null
  if (tagged !== null && !tagged.ok) return false
  if (tagged !== null && tagged.value !== null) return tagged.value.number >= block.number
  return isBuried(node, block, depth)
}

async function isBuried(node: ChainNode, { number }: BlockRef, depth: number): Promise<boolean> {
  const above = await node.blockByNumber(number + depth)
  return above.ok && above.value !== null
}

async function contentsOf(
  node: ChainNode,
  { number, hash }: BlockRef,
  { state, isBrought }: Claim,
): Promise<'same' | 'silent' | 'other contents'> {
  const block = await node.blockByHash(hash)
  if (!block.ok || block.value === null) return 'silent'
  const isKnown = (account: Address, nonce: number): boolean =>
    (state.inclusions.get(account) ?? []).some(
      (one) => one.by === undefined && one.nonce === nonce && one.receipt.block_hash !== hash,
    )
  const theirs = await accountUses(node, block.value, { watched: state.watched, isBrought }, isKnown)
  if (!theirs.ok) return 'silent'
  const ours = inclusionsIn(state, hash)
  if (theirs.value.length !== ours.length) return 'other contents'
  if (ours.length === 0) return 'same'
  const receipts = await node.receipts(
    { number, hash },
    ours.map(({ receipt }) => receipt.hash),
  )
  if (!receipts.ok) return receipts.error.reason === 'malformed' ? 'other contents' : 'silent'
  const isSame = ours.every(({ receipt }, index) => {
    const told = receipts.value[index]
    return told !== undefined && evidenceOf(told) === evidenceOf(receipt)
  })
  return isSame ? 'same' : 'other contents'
}

function inclusionsIn({ watched, inclusions }: ChainState, hash: BlockHash): readonly Inclusion[] {
  const addresses: readonly Address[] = [...watched.keys()]
  return addresses.flatMap((address) =>
    (inclusions.get(address) ?? []).filter(({ receipt }) => receipt.block_hash === hash),
  )
}

/** All that the end of a step may rest on. */
function evidenceOf({ status, logs }: Inclusion['receipt']): string {
  return JSON.stringify([status, logs.map(({ address, topics, data }) => [address, topics, data])])
}

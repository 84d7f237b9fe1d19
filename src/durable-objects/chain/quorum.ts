// Asks more than one voice before anything is called final.

import type { BlockRef } from '../../shared/chain/block.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'

/** Voices that must agree before a final status: as many operators as there are, at most two. */
const QUORUM_MOST = 2

/** Whether as many operators as the quorum needs name this block at its height, and none names another. */
export async function isAgreed(nodes: readonly ChainNode[], block: BlockRef): Promise<boolean> {
  const operators = new Set(nodes.map((node) => node.operator))
  const needed = Math.min(QUORUM_MOST, operators.size)
  const agreed = new Set<string>()
  for (const node of nodes) {
    if (agreed.has(node.operator)) continue
    const seen = await node.blockByNumber(block.number)
    if (seen.ok && seen.value !== null && seen.value.hash !== block.hash) return false
    if (seen.ok && seen.value !== null) agreed.add(node.operator)
    if (agreed.size >= needed) return true
  }
  return false
}

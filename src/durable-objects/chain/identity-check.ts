// Which endpoints are of the chain that the log knows: by its first block, since a chain id is only a number that anybody
// may tell. Remembers in memory what was proved; the hash itself is in the log.

import type { BlockRef } from '../../shared/chain/block.ts'
import { type Identity, isBehind } from '../../shared/chain/follow.ts'
import type { BlockHash } from '../../shared/chain/hash.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'

export type Genesis = {
  /** Of the log; null: no endpoint has told it yet. */
  readonly known: () => BlockHash | null
  readonly learn: (hash: BlockHash) => void
  readonly onOther: (endpoint: string, hash: BlockHash) => void
}

export class IdentityCheck {
  readonly #genesis: Genesis
  /** In this life of the object. */
  readonly #proved = new Set<string>()

  constructor(genesis: Genesis) {
    this.#genesis = genesis
  }

  async usable(
    nodes: readonly ChainNode[],
  ): Promise<{ readonly usable: readonly ChainNode[]; readonly verdict: Identity }> {
    const usable: ChainNode[] = []
    for (const node of nodes) {
      if (this.#proved.has(node.name) || (await this.#prove(node))) usable.push(node)
    }
    const isKnown = usable.some((node) => this.#proved.has(node.name))
    const isOther = nodes.length > 0 && usable.length === 0
    return { usable, verdict: isOther ? 'other' : isKnown ? 'known' : 'unsure' }
  }

  /** Behind what is final: only late, or another chain in its place. It has to prove itself again. */
  suspect(node: ChainNode, head: BlockRef, finalized: BlockRef | null): void {
    if (isBehind(finalized, head)) this.#proved.delete(node.name)
  }

  async #prove(node: ChainNode): Promise<boolean> {
    const first = await node.blockByNumber(0)
    // A node that does not answer, or keeps no old blocks, says nothing about which chain it is of.
    if (!first.ok || first.value === null) return true
    const { hash } = first.value
    if (this.#genesis.known() === null) this.#genesis.learn(hash)
    if (this.#genesis.known() !== hash) {
      this.#genesis.onOther(node.name, hash)
      return false
    }
    this.#proved.add(node.name)
    return true
  }
}

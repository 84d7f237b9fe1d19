// Which endpoint is asked first, and who told us of which block. In this life of the object only: after it everybody is
// asked anew.

import type { BlockRef } from '../../shared/chain/block.ts'
import type { BlockHash } from '../../shared/chain/hash.ts'
import { addMs, type UnixMs } from '../../shared/lib/time.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'

/** Block times without a block after which another endpoint is asked first. */
const STALLED_BLOCKS = 5

export class BlockSources {
  /** Operators by the blocks that they told us of. */
  #sources = new Map<BlockHash, string>()
  /** When a block last came. */
  #advancedAt: UnixMs | null = null
  /** Each moves the order on by one: who is wrong is not known. */
  #disputes = 0

  get sources(): ReadonlyMap<BlockHash, string> {
    return this.#sources
  }

  told(operator: string, path: readonly BlockRef[], now: UnixMs): void {
    this.#advancedAt = now
    for (const { hash } of path) this.#sources.set(hash, operator)
  }

  /** Of the blocks that are kept; the others are final or undone. */
  keep(blocks: readonly BlockRef[]): void {
    const kept = new Map<BlockHash, string>()
    for (const { hash } of blocks) {
      const source = this.#sources.get(hash)
      if (source !== undefined) kept.set(hash, source)
    }
    this.#sources = kept
  }

  dispute(): void {
    this.#disputes += 1
    this.#sources.clear()
  }

  /** The best first; but where no block came for long, the others are asked first: the best may stand still. */
  inTurn(nodes: readonly ChainNode[], now: UnixMs, blockTimeMs: number): readonly ChainNode[] {
    const shift = this.#disputes % Math.max(1, nodes.length)
    const [best, ...others] = [...nodes.slice(shift), ...nodes.slice(0, shift)]
    if (best === undefined) return []
    const isStalled =
      this.#advancedAt !== null && now >= addMs(this.#advancedAt, STALLED_BLOCKS * blockTimeMs)
    return isStalled ? [...others, best] : [best, ...others]
  }
}

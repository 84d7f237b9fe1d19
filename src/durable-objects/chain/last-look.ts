// What the endpoints last said, in this life of the object: how fresh the picture is, whether anybody answers, and who is
// asked first. Nothing is decided by it but whom to ask when.

import { type BlockRef, refOf } from '../../shared/chain/block.ts'
import type { ChainPolicy } from '../../shared/chain/policy.ts'
import { addMs, type UnixMs } from '../../shared/lib/time.ts'
import type { ChainNode } from '../../shared/ports/chain-node.ts'

/** Block times without a block after which another endpoint is asked first. */
const STALLED_BLOCKS = 5

type Glance = { readonly head: BlockRef; readonly finalized: BlockRef | null }

export class LastLook {
  readonly #now: () => UnixMs
  #at: UnixMs | null = null
  #advancedAt: UnixMs | null = null
  #isReachable = false
  #glance: Glance | null = null

  constructor(now: () => UnixMs) {
    this.#now = now
  }

  /** Whether an endpoint answered when last asked. */
  get isReachable(): boolean {
    return this.#isReachable
  }

  get glance(): Glance | null {
    return this.#glance
  }

  answered(head: BlockRef, finalized: BlockRef | null): void {
    this.#at = this.#now()
    this.#isReachable = true
    this.#glance = { head: refOf(head), finalized }
  }

  nobodyAnswered(): void {
    this.#isReachable = false
  }

  advanced(): void {
    this.#advancedAt = this.#now()
  }

  isStale({ block_time_ms }: ChainPolicy): boolean {
    return this.#at === null || this.#now() >= addMs(this.#at, block_time_ms)
  }

  /** The best first; but where no block came for long, the others are asked first: the best may stand still. */
  inTurn(nodes: readonly ChainNode[], { block_time_ms }: ChainPolicy): readonly ChainNode[] {
    const [best, ...others] = nodes
    const isStalled =
      this.#advancedAt !== null && this.#now() >= addMs(this.#advancedAt, STALLED_BLOCKS * block_time_ms)
    return isStalled && best !== undefined ? [...others, best] : nodes
  }
}

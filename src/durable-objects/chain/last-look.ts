// What an endpoint last said, in this life of the object: how fresh the picture is, and whether anybody answers. Nothing is
// decided by it but when to ask again.

import { type BlockRef, refOf } from '../../shared/chain/block.ts'
import type { ChainPolicy } from '../../shared/chain/policy.ts'
import { addMs, type UnixMs } from '../../shared/lib/time.ts'

type Glance = { readonly head: BlockRef; readonly finalized: BlockRef | null }

export class LastLook {
  readonly #now: () => UnixMs
  #at: UnixMs | null = null
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

  isStale({ block_time_ms }: ChainPolicy): boolean {
    return this.#at === null || this.#now() >= addMs(this.#at, block_time_ms)
  }
}

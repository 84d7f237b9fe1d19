// How many blocks are asked about in one go. Each costs some requests, one after the other, and one that fails costs all that
// came before it: behind endpoints that fail now and then, a long way is only gone in short pieces. In this life of the object
// only.

import { WALK_MAX_BLOCKS } from '../../shared/chain/follow.ts'

/** A piece that fails is tried again in parts of it: from the most to a single block in four tries. */
const SHRINK_DIVISOR = 4
const GROW_FACTOR = 2

export class Span {
  #blocks = WALK_MAX_BLOCKS

  /** At least one. */
  get blocks(): number {
    return this.#blocks
  }

  went(): void {
    this.#blocks = Math.min(WALK_MAX_BLOCKS, GROW_FACTOR * this.#blocks)
  }

  failed(): void {
    this.#blocks = Math.max(1, Math.floor(this.#blocks / SHRINK_DIVISOR))
  }
}

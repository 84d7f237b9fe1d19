// All randomness of a history, from its seed. Each purpose draws from a stream of its own, so that taking one thing out of
// a history (a fault, a transfer) leaves the others what they were, as far as they can be.

import { randomFrom } from '../support/random.ts'

export type Stream = {
  /** From 0 to 1, without 1. */
  readonly next: () => number
  readonly below: (limit: number) => number
  /** Whole, both ends included. */
  readonly between: (least: number, most: number) => number
  readonly happens: (rate: number) => boolean
  readonly pick: <T>(items: readonly [T, ...T[]]) => T
}

export class Chance {
  readonly #seed: number
  readonly #streams = new Map<string, Stream>()

  constructor(seed: number) {
    this.#seed = seed
  }

  stream(purpose: string): Stream {
    const known = this.#streams.get(purpose)
    if (known !== undefined) return known
    const made = streamFrom(randomFrom(mixed(this.#seed, purpose)))
    this.#streams.set(purpose, made)
    return made
  }
}

function streamFrom(next: () => number): Stream {
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    between: (least, most) => least + below(most - least + 1),
    happens: (rate) => next() < rate,
    pick: ([first, ...others]) => {
      const index = below(others.length + 1)
      return index === 0 ? first : (others[index - 1] ?? first)
    },
  }
}

function mixed(seed: number, purpose: string): number {
  let hash = 0x811c9dc5 ^ seed
  for (const character of purpose) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

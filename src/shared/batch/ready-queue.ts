// Steps of one lane that may go now, the first by rank on top: a binary heap.

import { assertDefined } from '../lib/assert.ts'

export class ReadyQueue {
  readonly #heap: number[] = []
  readonly #ranks: Float64Array

  /** `ranks`: of each step; the least goes first, and of equals the step admitted first. */
  constructor(ranks: Float64Array) {
    this.#ranks = ranks
  }

  get size(): number {
    return this.#heap.length
  }

  get first(): number {
    return this.#at(0)
  }

  push(step: number): void {
    const heap = this.#heap
    let place = heap.length
    heap.push(step)
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = this.#at(parent)
      if (!this.#goesBefore(step, above)) break
      heap[place] = above
      place = parent
    }
    heap[place] = step
  }

  pop(): number {
    const first = this.first
    const last = assertDefined(this.#heap.pop(), 'a step that is ready')
    if (this.#heap.length > 0) this.#sink(last)
    return first
  }

  #sink(step: number): void {
    const heap = this.#heap
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && this.#goesBefore(this.#at(child + 1), this.#at(child))) child += 1
      const below = this.#at(child)
      if (!this.#goesBefore(below, step)) break
      heap[place] = below
      place = child
    }
    heap[place] = step
  }

  #goesBefore(one: number, other: number): boolean {
    const difference = (this.#ranks[one] ?? 0) - (this.#ranks[other] ?? 0)
    return difference === 0 ? one < other : difference < 0
  }

  #at(place: number): number {
    return assertDefined(this.#heap[place], 'a step that is ready')
  }
}

// Steps of a batch that fail when they are run: for this block, so that in another one they may go through, or whatever
// becomes of the block.

import type { Stage } from '../stage.ts'
import { readExecute, readExecuteSigned } from './executor.ts'
import type { Transaction } from './transaction.ts'

/** Of the steps that fail, those that would fail in any block. */
const DOOMED_RATE = 0.5

export class Spoiler {
  readonly #stage: Stage
  /** By account and number. */
  readonly #doomed = new Set<string>()

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** Places of the steps that fail. */
  placesIn({ from, to, data }: Transaction): ReadonlySet<number> {
    const { faults } = this.#stage
    const places = new Set<number>()
    const steps = (from === to ? readExecute(data) : readExecuteSigned(data))?.steps ?? []
    for (const [place, { number, run }] of steps.entries()) {
      if (run === null) continue
      const name = `${to} ${number}`
      if (!this.#doomed.has(name)) {
        if (!faults.strikes('revert_in_batch')) continue
        if (faults.stream('revert_in_batch').happens(DOOMED_RATE)) this.#doomed.add(name)
      }
      places.add(place)
    }
    return places
  }
}

// Many histories: by chance, or with a crash at each point one by one. What a bundle of the simulator offers.

import { type Bias, UNBIASED } from './bias.ts'
import { FAULT_CLASSES, type FaultClass, type FaultPlan } from './faults.ts'
import { type HistoryOptions, type HistoryResult, runHistory } from './history.ts'
import { ReadModel } from './read-model.ts'
import type { Tally } from './tally.ts'

export const ALL_FAULTS: FaultPlan = { classes: new Set(FAULT_CLASSES), without: new Set() }
export const NO_FAULTS: FaultPlan = { classes: new Set(), without: new Set() }

export function faultsOf(classes: Iterable<FaultClass>): FaultPlan {
  return { classes: new Set(classes), without: new Set() }
}

export function bySeed(seed: number, faults: FaultPlan = ALL_FAULTS, bias: Bias = UNBIASED): HistoryOptions {
  return { seed, faults, bias, transfers: null, only: null, crashes: null, isTold: false }
}

export class Explorer {
  readonly #readModel: ReadModel

  /** `migrations`: the SQL of the read model. */
  constructor(migrations: string) {
    this.#readModel = new ReadModel(migrations)
  }

  run(options: HistoryOptions): Promise<HistoryResult> {
    return runHistory(options, this.#readModel)
  }

  /** From `first` on, until one breaks something; null: none did. */
  async search(
    first: number,
    count: number,
    tally: Tally | null = null,
    faults: FaultPlan = ALL_FAULTS,
    bias: Bias = UNBIASED,
  ): Promise<HistoryResult | null> {
    for (let seed = first; seed < first + count; seed++) {
      const result = await this.run(bySeed(seed, faults, bias))
      tally?.add(result)
      if (result.violation !== null) return result
    }
    return null
  }

  close(): void {
    this.#readModel.close()
  }
}
